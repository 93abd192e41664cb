/**
 * A table of vectors, one a token id (Bengio et al. 2003).
 *
 *   y[n]       = W[ids[n]]
 *   dW[ids[n]] += dy[n]
 *
 * Shapes: ids int32 [...], y [..., E], W [V, E].
 */
import {
  checkShape,
  ConfigError,
  defaultBackend,
  DTypeError,
  normal,
  Parameter,
  Rng,
  ShapeError,
  uniform,
} from '@rnnlab/tensor';
import type { Backend, FloatDType, Initializer, Tensor } from '@rnnlab/tensor';
import { checkDType } from './check-dtype';
import type { InitialPreset } from './initial-weights';
import { Module } from './module';
import { checkSize } from './recurrent-options';

/** Options of an {@link Embedding}. */
export interface EmbeddingOptions {
  /** V, the number of token ids. */
  vocabSize: number;
  /** E, the size of a vector. */
  embeddingDim: number;
  /** A token id whose vector starts at zero and never gets a gradient. */
  paddingId?: number;
  /** Default `'float32'`. */
  dtype?: FloatDType;
  /** `'keras'`: U(±0.05); `'torch'`: N(0, 1); `'seed'`: N(0, 1)·0.01. Default `'keras'`. */
  init?: InitialPreset;
  /** Default: a generator with seed 0. */
  rng?: Rng;
  /** Default: `defaultBackend()`. */
  backend?: Backend;
}

const initializers: Readonly<Record<InitialPreset, Initializer>> = {
  keras: uniform(-0.05, 0.05),
  torch: normal(1),
  seed: normal(0.01),
};

/**
 * Token ids to vectors.
 *
 * @example
 * ```ts
 * import { Embedding } from '@rnnlab/rnn';
 * import { Tensor } from '@rnnlab/tensor';
 *
 * const embedding = new Embedding({ vocabSize: 27, embeddingDim: 8 });
 * const { output } = embedding.forward(Tensor.from([[3, 1], [4, 1], [5, 9]], { dtype: 'int32' }));
 * console.log(output.shape); // [ 3, 2, 8 ]
 * ```
 */
export class Embedding extends Module {
  readonly options: Readonly<EmbeddingOptions>;
  /** [V, E] */
  readonly weight: Parameter;
  readonly #backend: Backend;

  /** @throws {@link ConfigError} for a size that is no integer ≥ 1, or a `paddingId` outside the table. */
  constructor(options: EmbeddingOptions) {
    super();
    const { vocabSize, embeddingDim, paddingId, dtype = 'float32', backend = defaultBackend() } = options;
    checkSize('Embedding', { vocabSize, embeddingDim });
    if (
      paddingId !== undefined &&
      !(Number.isInteger(paddingId) && paddingId >= 0 && paddingId < vocabSize)
    ) {
      throw new ConfigError(
        `Embedding: paddingId is ${paddingId}, expected an id from 0 to vocabSize−1 = ${vocabSize - 1}.`,
      );
    }
    this.options = options;
    this.#backend = backend;
    const shape = [vocabSize, embeddingDim];
    this.weight = new Parameter('weight', backend.allocate(shape, dtype), backend.allocate(shape, dtype));
    initializers[options.init ?? 'keras'](this.weight.value, options.rng ?? new Rng(0));
    if (paddingId !== undefined) this.weight.value.row(paddingId).fill(0);
  }

  override parameters(): Parameter[] {
    return [this.weight];
  }

  /**
   * @param ids int32, any shape, each from 0 to V−1.
   * @throws {@link DTypeError} unless int32, {@link ShapeError} for an id outside the table.
   */
  forward(ids: Tensor): { output: Tensor; cache: { readonly ids: Tensor } } {
    const { vocabSize, embeddingDim: E } = this.options;
    if (ids.dtype !== 'int32') {
      throw new DTypeError(`Embedding.forward: ids is ${ids.dtype}, expected int32 token ids.`);
    }
    const outside = ids.data.findIndex((id) => id < 0 || id >= vocabSize);
    if (outside >= 0) {
      throw new ShapeError(
        `Embedding.forward: ids holds ${ids.data[outside]}, expected 0 to vocabSize−1 = ${vocabSize - 1}.`,
      );
    }
    const W = this.weight.value;
    const output = this.#backend.temporary([...ids.shape, E], W.dtype);
    ids.data.forEach((id, n) => output.data.set(W.data.subarray(id * E, (id + 1) * E), n * E));
    return { output, cache: { ids } };
  }

  /**
   * Adds dL/dy [..., E] into the gradient of the table. Ids have no gradient.
   *
   * @throws {@link ShapeError} or {@link DTypeError} when dL/dy is not like the output.
   */
  backward({ ids }: { readonly ids: Tensor }, upstream: { output: Tensor }): void {
    const { embeddingDim: E, paddingId } = this.options;
    const leading = ids.shape.map((size, axis) => [`rows${axis}`, size] as const);
    checkShape('Embedding.backward: upstream output', upstream.output.shape, [
      ...leading,
      ['embeddingDim', E],
    ]);
    checkDType('Embedding.backward: upstream output', upstream.output, this.weight.value.dtype);
    const [dW, dy] = [this.weight.grad.data, upstream.output.data];
    ids.data.forEach((id, n) => {
      if (id === paddingId) return;
      for (let k = 0; k < E; k++) dW[id * E + k] += dy[n * E + k];
    });
  }
}
