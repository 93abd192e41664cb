/**
 * A fully connected layer.
 *
 *   y  = x·Wᵀ + b
 *   dW = dyᵀ·x,   db = Σ dy,   dx = dy·W
 *
 * Shapes: x [..., I], y [..., O], W [O, I], b [O]. Leading axes are rows.
 */
import { checkShape, defaultBackend, Parameter, Rng, rowKernels } from '@rnnlab/tensor';
import type { Backend, FloatDType, Tensor } from '@rnnlab/tensor';
import { checkDType } from './check-dtype';
import { initialWeights, type InitialPreset } from './initial-weights';
import { Module } from './module';
import { checkSize } from './recurrent-options';

/** Options of a {@link Linear}. */
export interface LinearOptions {
  /** I */
  inputSize: number;
  /** O */
  outputSize: number;
  /** Default true. */
  bias?: boolean;
  /** Default `'float32'`. */
  dtype?: FloatDType;
  /** `'keras'`: Glorot uniform; `'torch'`: U(±1/√I), bias too; `'seed'`: N(0, 1)·0.01. Default `'keras'`. */
  init?: InitialPreset;
  /** Default: a generator with seed 0. */
  rng?: Rng;
  /** [O, I] a weight of another layer to use as W: both add into its gradient. Default: a weight of its own. */
  weight?: Parameter;
  /** Default: `defaultBackend()`. */
  backend?: Backend;
}

/**
 * y = x·Wᵀ + b.
 *
 * @example
 * ```ts
 * import { Linear } from '@rnnlab/rnn';
 * import { Tensor } from '@rnnlab/tensor';
 *
 * const linear = new Linear({ inputSize: 3, outputSize: 2 });
 * const { output, cache } = linear.forward(Tensor.from([[1, 2, 3]]));
 * const { input } = linear.backward(cache, { output: Tensor.from([[1, -1]]) });
 * console.log(output.shape, input.shape); // [ 1, 2 ] [ 1, 3 ]
 * ```
 */
export class Linear extends Module {
  readonly options: Readonly<LinearOptions>;
  /** [O, I] */
  readonly weight: Parameter;
  /** [O] */
  readonly bias?: Parameter;
  readonly #backend: Backend;

  /** @throws {@link ConfigError} for a size that is no integer ≥ 1, {@link ShapeError} for a shared `weight` that is not [O, I]. */
  constructor(options: LinearOptions) {
    super();
    const { inputSize, outputSize, bias = true, dtype = 'float32', backend = defaultBackend() } = options;
    checkSize('Linear', { inputSize, outputSize });
    this.options = options;
    this.#backend = backend;
    const parameter = (name: string, ...shape: number[]) =>
      new Parameter(name, backend.allocate(shape, dtype), backend.allocate(shape, dtype));
    const initial = initialWeights(options.init ?? 'keras', inputSize);
    const rng = options.rng ?? new Rng(0);
    this.weight = options.weight ?? parameter('weight', outputSize, inputSize);
    if (options.weight) {
      checkShape('Linear: weight', this.weight.value.shape, [
        ['outputSize', outputSize],
        ['inputSize', inputSize],
      ]);
    } else initial.input(this.weight.value, rng);
    if (!bias) return;
    this.bias = parameter('bias', outputSize);
    initial.bias(this.bias.value, rng);
  }

  override parameters(): Parameter[] {
    return this.bias ? [this.weight, this.bias] : [this.weight];
  }

  /**
   * @param input [..., I]
   * @returns `output` [..., O] and the `cache` for {@link backward}.
   * @throws {@link ShapeError} when the last axis is not I, {@link DTypeError} for another dtype than the weights'.
   */
  forward(input: Tensor): { output: Tensor; cache: { readonly input: Tensor } } {
    const { inputSize, outputSize } = this.options;
    const leading = input.shape.slice(0, -1);
    if (!input.rank || input.shape[input.rank - 1] !== inputSize) {
      const rows = leading.map(() => ['rows', undefined] as const);
      checkShape('Linear.forward: input', input.shape, [...rows, ['inputSize', inputSize]]);
    }
    checkDType('Linear.forward: input', input, this.weight.value.dtype);
    const output = this.#backend.temporary([...leading, outputSize], input.dtype, { zeros: false });
    const y = output.reshape([-1, outputSize]);
    this.#backend.gemm(input.reshape([-1, inputSize]), this.weight.value, y, { transposeB: true });
    if (this.bias) this.#backend.load(rowKernels).addRowVector(y.shape[0], outputSize, y, this.bias.value);
    return { output, cache: { input } };
  }

  /**
   * Adds into the gradients of W and b.
   *
   * @param upstream dL/dy in the shape of the output.
   * @returns dL/dx in the shape of the input.
   * @throws {@link ShapeError} or {@link DTypeError} when dL/dy is not like the output.
   */
  backward(cache: { readonly input: Tensor }, upstream: { output: Tensor }): { input: Tensor } {
    const { inputSize, outputSize } = this.options;
    const leading = cache.input.shape.slice(0, -1).map((size, axis) => [`rows${axis}`, size] as const);
    checkShape('Linear.backward: upstream output', upstream.output.shape, [
      ...leading,
      ['outputSize', outputSize],
    ]);
    checkDType('Linear.backward: upstream output', upstream.output, cache.input.dtype);
    const dy = upstream.output.reshape([-1, outputSize]);
    const x = cache.input.reshape([-1, inputSize]);
    this.#backend.gemm(dy, x, this.weight.grad, { transposeA: true, accumulate: true });
    if (this.bias) this.#backend.load(rowKernels).columnSums(dy.shape[0], outputSize, dy, this.bias.grad);
    const input = this.#backend.temporary(cache.input.shape, x.dtype, { zeros: false });
    this.#backend.gemm(dy, this.weight.value, input.reshape([-1, inputSize]));
    return { input };
  }
}
