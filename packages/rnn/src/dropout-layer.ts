/**
 * Dropout as a layer of its own (Srivastava et al. 2014), for models that are put together by hand; recurrent layers
 * have theirs as an option.
 *
 *   y = m ⊙ x,   m = 0 with probability p, else 1 / (1 − p)          dx = m ⊙ dy
 *
 * While not training it passes its input on. Every element has a draw of its own; the mask is in the cache.
 */
import { checkShape, ConfigError, Rng, Tensor, type Parameter } from '@rnnlab/tensor';
import { checkDType } from './check-dtype';
import { applyDropoutMask, drawDropoutMask } from './dropout';
import { Module } from './module';

/** Options of a {@link Dropout}. */
export interface DropoutOptions {
  /** p in [0, 1), the probability that an element becomes zero. */
  probability: number;
  /** Seed of the masks, 0 to 2³² − 1. Default 0. */
  seed?: number;
}

/** What {@link Dropout.backward} needs. */
export interface DropoutCache {
  /** The shape of the input. */
  readonly shape: readonly number[];
  /** m, absent when nothing was dropped. */
  readonly mask?: Tensor;
}

/**
 * Zeroes elements at random while training.
 *
 * @example
 * ```ts
 * import { Dropout } from '@rnnlab/rnn';
 * import { Tensor } from '@rnnlab/tensor';
 *
 * const dropout = new Dropout({ probability: 0.5, seed: 1 });
 * const { output, cache } = dropout.forward(Tensor.full([6], 1), { training: true });
 * console.log(output.data.every((y) => y === 0 || y === 2)); // true
 * const { input } = dropout.backward(cache, { output: Tensor.full([6], 1) }); // zero where the output was
 * console.log(input.data.every((dx, k) => dx === output.data[k])); // true
 * ```
 */
export class Dropout extends Module {
  readonly options: Readonly<DropoutOptions>;
  /** The source of the masks; its `state` belongs into a checkpoint. */
  readonly rng: Rng;

  /** @throws {@link ConfigError} unless p is in [0, 1). */
  constructor(options: DropoutOptions) {
    super();
    const { probability, seed = 0 } = options;
    if (!(probability >= 0 && probability < 1)) {
      throw new ConfigError(`Dropout: probability is ${probability}, expected a number from 0 to below 1.`);
    }
    this.options = options;
    this.rng = new Rng(seed);
  }

  /** None: there is nothing to train. */
  override parameters(): Parameter[] {
    return [];
  }

  /**
   * @param input x, any shape.
   * @param options `training`: whether to drop. Default false.
   * @returns `output` (the input itself when nothing is dropped) and the `cache` for {@link backward}.
   */
  forward(input: Tensor, options: { training?: boolean } = {}): { output: Tensor; cache: DropoutCache } {
    const { probability } = this.options;
    const { shape, dtype } = input;
    if (!options.training || probability === 0) return { output: input, cache: { shape } };
    const mask = drawDropoutMask(Tensor.zeros(shape, dtype), probability, this.rng);
    return { output: applyDropoutMask(input, mask), cache: { shape, mask } };
  }

  /**
   * @param upstream dL/dy in the shape of the output.
   * @returns dL/dx.
   * @throws {@link ShapeError} or {@link DTypeError} when dL/dy is not like the output.
   */
  backward({ shape, mask }: DropoutCache, upstream: { output: Tensor }): { input: Tensor } {
    const named = shape.map((size, axis) => [`d${axis}`, size] as const);
    checkShape('Dropout.backward: upstream output', upstream.output.shape, named);
    if (!mask) return { input: upstream.output };
    checkDType('Dropout.backward: upstream output', upstream.output, mask.dtype);
    return { input: applyDropoutMask(upstream.output, mask) };
  }
}
