/**
 * Layer normalisation (Ba, Kiros & Hinton 2016): every row gets mean 0 and variance 1, then a gain and a shift of its own
 * for each feature.
 *
 *   μ  = Σ x / I,   σ² = Σ (x − μ)² / I,   s = 1 / √(σ² + ε)
 *   n  = (x − μ)·s
 *   y  = γ ⊙ n + β
 *
 *   dγ = Σ_rows dy ⊙ n,   dβ = Σ_rows dy
 *   dn = γ ⊙ dy
 *   dx = s·(dn − mean(dn) − n·mean(dn ⊙ n))      x moves μ and σ² too: what points along 1 or along n is lost
 *
 * Shapes: x, y [..., I]; γ (`weight`), β (`bias`) [I]. ε is inside the root, as in PyTorch and Keras; its default 1e−5
 * is PyTorch's (Keras: 1e−3).
 */
import { checkShape, ConfigError, defaultBackend, Parameter } from '@rnnlab/tensor';
import type { Backend, FloatDType, Tensor } from '@rnnlab/tensor';
import { checkDType } from './check-dtype';
import { Module } from './module';
import { checkSize } from './recurrent-options';

/** Options of a {@link LayerNorm}. */
export interface LayerNormOptions {
  /** I, the features of a row: the last axis. */
  inputSize: number;
  /** ε > 0. Default 1e−5. */
  epsilon?: number;
  /** Whether there is a shift β. Default true. */
  bias?: boolean;
  /** Default `'float32'`. */
  dtype?: FloatDType;
  /** Default: `defaultBackend()`. */
  backend?: Backend;
}

/** What {@link LayerNorm.backward} needs. */
export interface LayerNormCache {
  /** [..., I] n */
  readonly normalized: Tensor;
  /** [N] s of every row. */
  readonly inverseDeviation: Tensor;
}

/**
 * y = γ ⊙ (x − μ) / √(σ² + ε) + β over the last axis.
 *
 * @example
 * ```ts
 * import { LayerNorm } from '@rnnlab/rnn';
 * import { Tensor } from '@rnnlab/tensor';
 *
 * const norm = new LayerNorm({ inputSize: 2 });
 * const { output } = norm.forward(Tensor.from([[1, 3], [10, 70]]));
 * console.log(output.row(1).data.map(Math.round)); // Float32Array(2) [ -1, 1 ]
 * ```
 */
export class LayerNorm extends Module {
  readonly options: Readonly<LayerNormOptions>;
  /** [I] γ, ones at first. */
  readonly weight: Parameter;
  /** [I] β, zeros at first. */
  readonly bias?: Parameter;
  readonly #backend: Backend;

  /** @throws {@link ConfigError} for a size that is no integer ≥ 1, or an ε ≤ 0. */
  constructor(options: LayerNormOptions) {
    super();
    const { inputSize, epsilon = 1e-5, bias = true, dtype = 'float32', backend = defaultBackend() } = options;
    checkSize('LayerNorm', { inputSize });
    if (!(epsilon > 0 && epsilon < Infinity)) {
      throw new ConfigError(`LayerNorm: epsilon is ${epsilon}, expected a number > 0.`);
    }
    this.options = options;
    this.#backend = backend;
    const parameter = (name: string) =>
      new Parameter(name, backend.allocate([inputSize], dtype), backend.allocate([inputSize], dtype));
    this.weight = parameter('weight');
    this.weight.value.fill(1);
    if (bias) this.bias = parameter('bias');
  }

  override parameters(): Parameter[] {
    return this.bias ? [this.weight, this.bias] : [this.weight];
  }

  /**
   * @param input x [..., I]
   * @throws {@link ShapeError} when the last axis is not I, {@link DTypeError} for another dtype than the weights'.
   */
  forward(input: Tensor): { output: Tensor; cache: LayerNormCache } {
    const { inputSize: I, epsilon = 1e-5 } = this.options;
    const leading = input.shape.slice(0, -1).map(() => ['rows', undefined] as const);
    checkShape('LayerNorm.forward: input', input.shape, [...leading, ['inputSize', I]]);
    checkDType('LayerNorm.forward: input', input, this.weight.value.dtype);
    const temporary = (shape: readonly number[]) => this.#backend.temporary(shape, input.dtype);
    const [output, normalized] = [temporary(input.shape), temporary(input.shape)];
    const inverseDeviation = temporary([input.size / I]);
    const [x, n, y] = [input.data, normalized.data, output.data];
    const [gamma, beta] = [this.weight.value.data, this.bias?.value.data];
    for (let row = 0; row < inverseDeviation.size; row++) {
      const [from, to] = [row * I, (row + 1) * I];
      let mean = 0;
      for (let k = from; k < to; k++) mean += x[k] / I;
      let variance = 0;
      for (let k = from; k < to; k++) variance += (x[k] - mean) ** 2 / I;
      const s = 1 / Math.sqrt(variance + epsilon);
      inverseDeviation.data[row] = s;
      for (let k = from; k < to; k++) {
        n[k] = (x[k] - mean) * s;
        y[k] = gamma[k - from] * n[k] + (beta?.[k - from] ?? 0);
      }
    }
    return { output, cache: { normalized, inverseDeviation } };
  }

  /**
   * Adds into the gradients of γ and β.
   *
   * @param upstream dL/dy in the shape of the output.
   * @returns dL/dx.
   * @throws {@link ShapeError} or {@link DTypeError} when dL/dy is not like the output.
   */
  backward(cache: LayerNormCache, upstream: { output: Tensor }): { input: Tensor } {
    const { normalized, inverseDeviation } = cache;
    const I = this.options.inputSize;
    const named = normalized.shape.map((size, axis) => [`d${axis}`, size] as const);
    checkShape('LayerNorm.backward: upstream output', upstream.output.shape, named);
    checkDType('LayerNorm.backward: upstream output', upstream.output, normalized.dtype);
    const input = this.#backend.temporary(normalized.shape, normalized.dtype);
    const [dy, n, dx, gamma] = [upstream.output.data, normalized.data, input.data, this.weight.value.data];
    const [dGamma, dBeta] = [this.weight.grad.data, this.bias?.grad.data];
    for (let row = 0; row < inverseDeviation.size; row++) {
      const [from, to] = [row * I, (row + 1) * I];
      let [meanDn, meanDnN] = [0, 0];
      for (let k = from; k < to; k++) {
        dGamma[k - from] += dy[k] * n[k];
        if (dBeta) dBeta[k - from] += dy[k];
        const dn = gamma[k - from] * dy[k];
        meanDn += dn / I;
        meanDnN += (dn * n[k]) / I;
      }
      const s = inverseDeviation.data[row];
      for (let k = from; k < to; k++) dx[k] = s * (gamma[k - from] * dy[k] - meanDn - n[k] * meanDnN);
    }
    return { input };
  }
}
