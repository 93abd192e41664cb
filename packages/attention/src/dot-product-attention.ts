/**
 * Dot-product attention (Luong, Pham & Manning 2015; scaled by Vaswani et al. 2017).
 *
 *   e[i, j] = s·q[i]·k[j]            s = 1/√D by default; s = 1 is Luong's form
 *   y[i]    = Σ_j softmax_j(e[i, j])·v[j]
 *
 *   dq[i] = s·Σ_j de[i, j]·k[j],   dk[j] = s·Σ_i de[i, j]·q[i]        de, dv: see `attend.ts`
 *
 * Shapes: query [Tq, B, D], key [Tk, B, D], value [Tk, B, E], weights [Tq, B, Tk], output [Tq, B, E]; [B, T, …] with
 * `batchFirst`. It has no parameters. PyTorch's `scaled_dot_product_attention` is the same on [B, T, D].
 */
import { Module } from '@rnnlab/rnn';
import { defaultBackend, type Backend, type Parameter, type Tensor } from '@rnnlab/tensor';
import { attend, attendBackward } from './attend';
import { checkScale, checkUpstream, layOut } from './attention-inputs';
import type {
  AttentionForwardOptions,
  AttentionInputs,
  AttentionLayout,
  AttentionUpstream,
} from './attention-inputs';
import { forEachVisiblePair } from './visible-pairs';

/** Options of a {@link DotProductAttention}. */
export interface DotProductAttentionOptions {
  /** s > 0. Default 1/√D. */
  scale?: number;
  /** Query i sees the keys 0 to i only. Default false. */
  causal?: boolean;
  /** Tensors are [B, T, …] instead of [T, B, …]. Default false. */
  batchFirst?: boolean;
  /** Default: `defaultBackend()`. */
  backend?: Backend;
}

/** What {@link DotProductAttention.backward} needs. */
export interface DotProductAttentionCache {
  readonly inputs: AttentionInputs;
  readonly layout: AttentionLayout;
  /** [Tq, B, Tk] α */
  readonly weights: Tensor;
  readonly output: Tensor;
}

/**
 * A mixture of the values whose keys point the way the query points.
 *
 * @example
 * ```ts
 * import { DotProductAttention } from '@rnnlab/attention';
 * import { Tensor } from '@rnnlab/tensor';
 *
 * const encoded = Tensor.from([[[9, 0]], [[0, 9]]]); // two steps of one sequence
 * const query = Tensor.from([[[0, 5]]]); //             one question: which step is like this?
 * const attention = new DotProductAttention();
 * const { output, weights, cache } = attention.forward({ query, key: encoded });
 * console.log(weights.data.map(Math.round)); // Float32Array(2) [ 0, 1 ]: the second
 * const back = attention.backward(cache, { output: Tensor.full(output.shape, 1) });
 * console.log(back.query.shape, back.key.shape); // [ 1, 1, 2 ] [ 2, 1, 2 ]
 * ```
 */
export class DotProductAttention extends Module {
  readonly options: Readonly<DotProductAttentionOptions>;
  readonly #backend: Backend;

  /** @throws {@link ConfigError} for a scale that is no number above 0. */
  constructor(options: DotProductAttentionOptions = {}) {
    super();
    if (options.scale !== undefined) checkScale('DotProductAttention', options.scale);
    this.options = options;
    this.#backend = options.backend ?? defaultBackend();
  }

  /** None: there is nothing to train. */
  override parameters(): Parameter[] {
    return [];
  }

  /**
   * @returns `output` [Tq, B, E], `weights` [Tq, B, Tk] with rows of sum 1, and the `cache` for {@link backward}.
   * @throws {@link ShapeError} or {@link DTypeError} when the tensors do not fit each other.
   */
  forward(
    inputs: AttentionInputs,
    options: AttentionForwardOptions = {},
  ): { output: Tensor; weights: Tensor; cache: DotProductAttentionCache } {
    const { query, key, value = key } = inputs;
    const D = query.shape[2];
    const layout = layOut('DotProductAttention.forward', inputs, options, this.options, { key: D });
    const weights = this.#zeros([...query.shape.slice(0, 2), layout.keys], query);
    const output = this.#zeros([...query.shape.slice(0, 2), value.shape[2]], query);
    const [q, k, e] = [query.data, key.data, weights.data];
    const s = this.#scale(D);
    forEachVisiblePair(layout, (n, m, at) => {
      let sum = 0;
      for (let d = 0; d < D; d++) sum += q[n * D + d] * k[m * D + d];
      e[at] = s * sum;
    });
    attend(layout, weights, value, output);
    return { output, weights, cache: { inputs, layout, weights, output } };
  }

  /**
   * @returns dL/d(query), dL/d(key) and dL/d(value); without a value of its own the key's holds both parts.
   * @throws {@link ShapeError} or {@link DTypeError} when an upstream gradient has not the shape of what it belongs to.
   */
  backward(
    cache: DotProductAttentionCache,
    upstream: AttentionUpstream,
  ): { query: Tensor; key: Tensor; value?: Tensor } {
    const { inputs, layout, weights, output } = cache;
    const { query, key, value } = inputs;
    checkUpstream('DotProductAttention.backward', upstream, output, weights);
    const [dQuery, dKey] = [this.#zeros(query.shape, query), this.#zeros(key.shape, query)];
    const dValue = value && this.#zeros(value.shape, query);
    const dScores = this.#zeros(weights.shape, query);
    attendBackward(layout, weights, value ?? key, upstream, dValue ?? dKey, dScores);
    const [q, k, dq, dk, de] = [query.data, key.data, dQuery.data, dKey.data, dScores.data];
    const D = query.shape[2];
    const s = this.#scale(D);
    forEachVisiblePair(layout, (n, m, at) => {
      for (let d = 0; d < D; d++) {
        dq[n * D + d] += s * de[at] * k[m * D + d];
        dk[m * D + d] += s * de[at] * q[n * D + d];
      }
    });
    return { query: dQuery, key: dKey, value: dValue };
  }

  #scale(D: number): number {
    return this.options.scale ?? 1 / Math.sqrt(D);
  }

  #zeros(shape: readonly number[], like: Tensor): Tensor {
    return this.#backend.temporary(shape, like.dtype);
  }
}
