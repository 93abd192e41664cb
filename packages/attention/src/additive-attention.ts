/**
 * Additive attention (Bahdanau, Cho & Bengio 2015): a small network judges how well key and query go together.
 *
 *   u[i, j] = tanh(W_q·q[i] + b + W_k·k[j])
 *   e[i, j] = w·u[i, j]
 *   y[i]    = Σ_j softmax_j(e[i, j])·v[j]
 *
 *   du = de·w ⊙ (1 − u²),   dw = Σ_ij de[i, j]·u[i, j]
 *   d(W_q·q[i] + b) = Σ_j du[i, j],   d(W_k·k[j]) = Σ_i du[i, j]        de, dv: see `attend.ts`
 *
 * Shapes: query [Tq, B, D], key [Tk, B, K], value [Tk, B, E], u [Tq, B, Tk, A], weights [Tq, B, Tk], output [Tq, B, E];
 * [B, T, …] with `batchFirst`. W_q [A, D], W_k [A, K], b [A], w [A]. The paper has no bias b; `bias: false` leaves it out.
 */
import { Linear, Module } from '@rnnlab/rnn';
import {
  defaultBackend,
  glorotUniform,
  Parameter,
  Rng,
  tanh,
  type Backend,
  type Tensor,
} from '@rnnlab/tensor';
import type { FloatDType } from '@rnnlab/tensor';
import { attend, attendBackward } from './attend';
import { checkSizes, checkUpstream, layOut } from './attention-inputs';
import type {
  AttentionForwardOptions,
  AttentionInputs,
  AttentionLayout,
  AttentionUpstream,
} from './attention-inputs';
import { forEachVisiblePair } from './visible-pairs';

/** Options of an {@link AdditiveAttention}. */
export interface AdditiveAttentionOptions {
  /** D */
  querySize: number;
  /** K */
  keySize: number;
  /** A, the units that judge. */
  attentionSize: number;
  /** Default true. */
  bias?: boolean;
  /** Query i sees the keys 0 to i only. Default false. */
  causal?: boolean;
  /** Tensors are [B, T, …] instead of [T, B, …]. Default false. */
  batchFirst?: boolean;
  /** Default `'float32'`. */
  dtype?: FloatDType;
  /** Default: a generator with seed 0. Weights are Glorot uniform. */
  rng?: Rng;
  /** Default: `defaultBackend()`. */
  backend?: Backend;
}

/** What {@link AdditiveAttention.backward} needs. */
export interface AdditiveAttentionCache {
  readonly inputs: AttentionInputs;
  readonly layout: AttentionLayout;
  /** [Tq·B, Tk, A] u */
  readonly units: Tensor;
  /** [Tq, B, Tk] α */
  readonly weights: Tensor;
  readonly output: Tensor;
}

/**
 * A mixture of the values whose keys a small network finds fitting.
 *
 * @example
 * ```ts
 * import { AdditiveAttention } from '@rnnlab/attention';
 * import { Tensor } from '@rnnlab/tensor';
 *
 * const attention = new AdditiveAttention({ querySize: 3, keySize: 4, attentionSize: 5 });
 * const encoded = Tensor.full([7, 2, 4], 0.5); // 7 steps of 2 sequences
 * const query = Tensor.full([6, 2, 3], 0.1); //   6 steps of their decoders
 * const { output, weights } = attention.forward({ query, key: encoded }, { lengths: [7, 4] });
 * console.log(output.shape, weights.shape, weights.at(0, 1, 4)); // [ 6, 2, 4 ] [ 6, 2, 7 ] 0: it is padding
 * ```
 */
export class AdditiveAttention extends Module {
  readonly options: Readonly<AdditiveAttentionOptions>;
  /** W_q and b */
  readonly query: Linear;
  /** W_k */
  readonly key: Linear;
  /** [A] w */
  readonly score: Parameter;
  readonly #backend: Backend;

  /** @throws {@link ConfigError} for a size that is no integer ≥ 1. */
  constructor(options: AdditiveAttentionOptions) {
    super();
    const { querySize, keySize, attentionSize, bias, dtype = 'float32', rng = new Rng(0) } = options;
    checkSizes('AdditiveAttention', { querySize, keySize, attentionSize });
    this.options = options;
    const backend = options.backend ?? defaultBackend();
    this.#backend = backend;
    const shared = { outputSize: attentionSize, dtype, rng, backend };
    this.query = new Linear({ inputSize: querySize, bias, ...shared });
    this.key = new Linear({ inputSize: keySize, bias: false, ...shared });
    const allocate = () => backend.allocate([attentionSize], dtype);
    this.score = new Parameter('score.weight', allocate(), allocate());
    glorotUniform(this.score.value.reshape([1, attentionSize]), rng);
  }

  /** Named `query.weight`, `query.bias`, `key.weight`, `score.weight`. */
  override parameters(): Parameter[] {
    const named = (prefix: string, part: Linear) =>
      part.parameters().map(({ name, value, grad }) => new Parameter(`${prefix}.${name}`, value, grad));
    return [...named('query', this.query), ...named('key', this.key), this.score];
  }

  /**
   * @returns `output` [Tq, B, E], `weights` [Tq, B, Tk] with rows of sum 1, and the `cache` for {@link backward}.
   * @throws {@link ShapeError} or {@link DTypeError} when the tensors do not fit each other.
   */
  forward(
    inputs: AttentionInputs,
    options: AttentionForwardOptions = {},
  ): { output: Tensor; weights: Tensor; cache: AdditiveAttentionCache } {
    const { query, key, value = key } = inputs;
    const { querySize, keySize, attentionSize: A } = this.options;
    const fixed = { query: querySize, key: keySize, dtype: this.options.dtype ?? 'float32' } as const;
    const layout = layOut('AdditiveAttention.forward', inputs, options, this.options, fixed);
    const { queries, keys, batchSize } = layout;
    const [wq, wk] = [this.query.forward(query).output.data, this.key.forward(key).output.data];
    const units = this.#zeros([queries * batchSize, keys, A]);
    const weights = this.#zeros([...query.shape.slice(0, 2), keys]);
    const output = this.#zeros([...query.shape.slice(0, 2), value.shape[2]]);
    const [u, e, w] = [units.data, weights.data, this.score.value.data];
    forEachVisiblePair(layout, (n, m, at) => {
      let sum = 0;
      for (let a = 0; a < A; a++) {
        const unit = tanh.forward(wq[n * A + a] + wk[m * A + a]);
        u[at * A + a] = unit;
        sum += w[a] * unit;
      }
      e[at] = sum;
    });
    attend(layout, weights, value, output);
    return { output, weights, cache: { inputs, layout, units, weights, output } };
  }

  /**
   * Adds into the gradients of the parameters.
   *
   * @returns dL/d(query), dL/d(key) and dL/d(value); without a value of its own the key's holds both parts.
   * @throws {@link ShapeError} or {@link DTypeError} when an upstream gradient has not the shape of what it belongs to.
   */
  backward(
    cache: AdditiveAttentionCache,
    upstream: AttentionUpstream,
  ): { query: Tensor; key: Tensor; value?: Tensor } {
    const { inputs, layout, units, weights, output } = cache;
    const { query, key, value } = inputs;
    checkUpstream('AdditiveAttention.backward', upstream, output, weights);
    const A = this.options.attentionSize;
    const dValue = this.#zeros((value ?? key).shape);
    const dScores = attendBackward(
      layout,
      weights,
      value ?? key,
      upstream,
      dValue,
      this.#zeros(weights.shape),
    );
    const [dWq, dWk] = [query, key].map(({ shape }) => this.#zeros([...shape.slice(0, 2), A]));
    const [u, de, w, dw] = [units.data, dScores.data, this.score.value.data, this.score.grad.data];
    forEachVisiblePair(layout, (n, m, at) => {
      for (let a = 0; a < A; a++) {
        const unit = u[at * A + a];
        const du = de[at] * w[a] * tanh.derivative(unit);
        dw[a] += de[at] * unit;
        dWq.data[n * A + a] += du;
        dWk.data[m * A + a] += du;
      }
    });
    const dQuery = this.query.backward({ input: query }, { output: dWq }).input;
    const dKey = this.key.backward({ input: key }, { output: dWk }).input;
    if (value) return { query: dQuery, key: dKey, value: dValue };
    for (let k = 0; k < dKey.size; k++) dKey.data[k] += dValue.data[k];
    return { query: dQuery, key: dKey };
  }

  #zeros(shape: readonly number[]): Tensor {
    return this.#backend.temporary(shape, this.score.value.dtype);
  }
}
