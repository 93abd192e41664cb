/**
 * An exponential moving average of the weights (Polyak & Juditsky 1992): often better on new data than the last
 * weights, as it averages over the noise of the last 1/(1 − decay) steps.
 *
 *   first update      a ← x
 *   later             a ← decay·a + (1 − decay)·x
 *
 * With `debias`, a starts at zero as every moment in Adam does, and a/(1 − decayᵗ) is used: the same average with other
 * weights on the first steps.
 *
 * - PyTorch (AveragedModel), Keras (`use_ema`): as above. optax (`ema`): `debias`.
 */
import { average as mix } from './blocks';
import { ConfigError } from './errors';
import { expectSaved } from './expectations';
import {
  arrayLike,
  checkParameter,
  dataOf,
  describeArray,
  type FloatArray,
  type OptimizerParameter,
} from './parameter';
import { mergeOptions, type UpdateKernels } from './rule';

/** Options of {@link WeightAverage}. */
export interface WeightAverageOptions {
  /** In [0, 1). Default 0.999. */
  decay?: number;
  /** Start at zero and correct for it. Default false. */
  debias?: boolean;
  /** Those of the optimizer. Default: a loop in TypeScript. The bits are the same. */
  kernels?: UpdateKernels;
}

/** What {@link WeightAverage.stateDict} gives; all but `averages` is JSON-able. */
export interface WeightAverageState {
  updates: number;
  /** By parameter name. */
  averages: Map<string, FloatArray>;
}

/**
 * Keeps the average beside the weights. See the header of this file.
 *
 * @example
 * ```ts
 * import { WeightAverage } from '@rnnlab/optimizers';
 *
 * const w = { value: Float64Array.of(1), grad: new Float64Array(1) };
 * const average = new WeightAverage([w], { decay: 0.9 });
 * average.update();
 * w.value[0] = 2;
 * average.update();
 * average.swap(); // evaluate with the average
 * console.log(w.value[0].toFixed(2)); // 1.10
 * average.swap(); // and train on
 * console.log(w.value[0]); // 2
 * ```
 */
export class WeightAverage {
  readonly #entries = new Map<string, { parameter: OptimizerParameter; average: FloatArray }>();
  readonly #options: Required<Omit<WeightAverageOptions, 'kernels'>>;
  readonly #mix: UpdateKernels['average'];
  #updates = 0;
  /** The weights, while the average stands in their place. */
  #weights?: FloatArray[];

  constructor(parameters: Iterable<OptimizerParameter>, options: WeightAverageOptions = {}) {
    const { kernels, ...own } = options;
    this.#options = mergeOptions('WeightAverage', { decay: 0.999, debias: false }, own);
    this.#mix = kernels?.average ?? mix;
    for (const parameter of parameters) {
      const name = checkParameter(parameter, this.#entries);
      const x = dataOf(parameter.value);
      const zeros = arrayLike(x);
      this.#entries.set(name, { parameter, average: kernels?.place(zeros, x) ?? zeros });
    }
  }

  /** Takes the present weights into the average; call it after each optimizer step. */
  update(): void {
    if (this.#weights)
      throw new ConfigError('WeightAverage.update: the average is in use. Call swap() first.');
    const { decay, debias } = this.#options;
    const keep = this.#updates++ || debias ? decay : 0;
    for (const { parameter, average } of this.#entries.values()) {
      this.#mix(average, keep, dataOf(parameter.value));
    }
  }

  /** Puts the average in the place of the weights; the next call puts the weights back, to the bit. */
  swap(): void {
    const x = Array.from(this.#entries.values(), ({ parameter }) => dataOf(parameter.value));
    if (this.#weights) {
      for (let i = 0; i < x.length; i++) x[i].set(this.#weights[i]);
      this.#weights = undefined;
    } else {
      const weights = x.map((array) => array.slice());
      this.overwrite();
      this.#weights = weights;
    }
  }

  /** Replaces the weights by the average for good (Keras' `ema_overwrite_frequency` does so now and then). */
  overwrite(): void {
    if (!this.#updates) throw new ConfigError('WeightAverage: there is no average yet. Call update() first.');
    const { decay, debias } = this.#options;
    const c = debias ? 1 - decay ** this.#updates : 1;
    for (const { parameter, average } of this.#entries.values()) {
      const x = dataOf(parameter.value);
      for (let i = 0; i < x.length; i++) x[i] = average[i] / c;
    }
  }

  /** A copy of the average and its count. */
  stateDict(): WeightAverageState {
    const averages: WeightAverageState['averages'] = new Map();
    for (const [name, { average }] of this.#entries) averages.set(name, average.slice());
    return { updates: this.#updates, averages };
  }

  /** @throws {@link CheckpointError} when names, lengths or element types differ; nothing is changed then. */
  loadStateDict({ updates, averages }: WeightAverageState): void {
    const where = 'WeightAverage.loadStateDict:';
    for (const [name, { average }] of this.#entries) {
      expectSaved(`${where} average of '${name}'`, describeArray(averages.get(name)), describeArray(average));
    }
    expectSaved(`${where} count of averages`, averages.size, this.#entries.size);
    for (const [name, saved] of averages) this.#entries.get(name)!.average.set(saved);
    this.#updates = updates;
  }
}
