/**
 * Large batches in small memory: the gradients of several batches add up (backward passes add already) and make one
 * step of the optimizer.
 *
 *   g ← (g₁ + … + gₙ)/n,   clip,   step,   g ← 0
 *
 * The average is that of one batch n times as large when the losses are means over equally many examples.
 *
 * - Keras (`gradient_accumulation_steps`), optax (`MultiSteps`): as above. PyTorch: left to the user's loop.
 */
import { expectOption } from './expectations';
import type { Optimizer } from './optimizer';
import { dataOf, type OptimizerParameter } from './parameter';

/** Options of {@link GradientAccumulation}. */
export interface GradientAccumulationOptions {
  /** n, the batches of one step: an integer ≥ 1. */
  batches: number;
  /** Divide by n. Default true; `false` for losses that are sums. */
  average?: boolean;
  /** Runs between the division and the step, e.g. to clip. */
  beforeStep?: (parameters: OptimizerParameter[]) => void;
}

/**
 * Counts batches and steps at every n-th. See the header of this file.
 *
 * @example
 * ```ts
 * import { GradientAccumulation, SGD } from '@rnnlab/optimizers';
 *
 * const w = { value: Float64Array.of(0), grad: new Float64Array(1) };
 * const accumulation = new GradientAccumulation(new SGD([w], { learningRate: 1 }), { batches: 2 });
 * w.grad[0] += 3;
 * console.log(accumulation.step(), w.value[0]); // false 0
 * w.grad[0] += 5;
 * console.log(accumulation.step(), w.value[0]); // true -4
 * ```
 */
export class GradientAccumulation {
  readonly options: GradientAccumulationOptions;
  readonly #optimizer: Optimizer;
  #count = 0;

  constructor(optimizer: Optimizer, options: GradientAccumulationOptions) {
    const { batches } = options;
    expectOption(
      Number.isInteger(batches) && batches >= 1,
      'GradientAccumulation: batches',
      batches,
      'an integer ≥ 1',
    );
    this.options = options;
    this.#optimizer = optimizer;
  }

  /** Batches whose gradients wait, 0 to n − 1. Save it with the gradients, or save only when it is 0. */
  get pending(): number {
    return this.#count;
  }

  /** Call it after each backward pass. @returns Whether the optimizer made a step; the gradients are zero then. */
  step(): boolean {
    return ++this.#count >= this.options.batches && this.flush();
  }

  /** Makes a step of what waits, e.g. at the end of an epoch. @returns Whether there was anything. */
  flush(): boolean {
    if (!this.#count) return false;
    const { average = true, beforeStep } = this.options;
    const entries = this.#optimizer.groups.flatMap((group) => group.entries);
    const parameters = entries.map(({ parameter }) => parameter);
    if (average) {
      const grads = parameters.map(({ grad }) => dataOf(grad));
      for (const g of grads) for (let i = 0; i < g.length; i++) g[i] /= this.#count;
    }
    beforeStep?.(parameters);
    this.#optimizer.step();
    this.#optimizer.zeroGrad();
    this.#count = 0;
    return true;
  }
}
