/**
 * Negative log-likelihood of log-probabilities that are there already, such as those of `logSoftmax`.
 *
 *   ℓ_n      = −w_y·x[n, y]          y: the target of row n, w: class weights, 1 by default
 *   dx[n, y] = −w_y·dℓ_n             every other class has no gradient
 *
 * 'mean' divides the sum by Σ w_y over the counted targets, as PyTorch's `nll_loss` and ONNX'
 * `NegativeLogLikelihoodLoss`. Softmax and this in one is `crossEntropy`, which is more accurate and faster.
 */
import { Tensor } from '@rnnlab/tensor';
import { checkClassIds, checkClassOptions, upstreamOfRows, type Reduction } from './loss-checks';

/** Options of {@link nll}. */
export interface NllOptions {
  /** Default `'mean'`. With `'none'` the upstream gradient has one number a row. */
  reduction?: Reduction;
  /** The target that is not counted. Default −100. */
  ignoreIndex?: number;
  /** w, one number a class. */
  classWeights?: ArrayLike<number>;
}

/** What {@link nllBackward} needs. */
export interface NllCache {
  readonly targets: Tensor;
  /** [N] w_y, zero in rows that are not counted. */
  readonly weights: Tensor;
  /** What the sum was divided by; 1 unless `'mean'`. */
  readonly divisor: number;
  readonly shape: readonly number[];
}

/**
 * @param logProbabilities x [..., V]; leading axes are rows.
 * @param targets int32 class ids [...].
 * @returns `loss` in nats (the sum for `'none'`; NaN when `'mean'` has nothing to count), `perRow` [N], and the `cache` for backward.
 * @throws {@link ShapeError} when they do not fit each other, {@link ConfigError} for an impossible option.
 *
 * @example
 * ```ts
 * import { nll, nllBackward } from '@rnnlab/rnn';
 * import { logSoftmax, Tensor } from '@rnnlab/tensor';
 *
 * const { loss, cache } = nll(logSoftmax(Tensor.from([[2, 1, 0]])), Tensor.from([0], { dtype: 'int32' }));
 * console.log(loss.toFixed(4)); // 0.4076
 * console.log(nllBackward(cache).toArray()); // [ [ -1, 0, 0 ] ]
 * ```
 */
export function nll(
  logProbabilities: Tensor,
  targets: Tensor,
  options: NllOptions = {},
): { loss: number; perRow: Tensor; count: number; cache: NllCache } {
  const { reduction = 'mean', ignoreIndex = -100, classWeights } = options;
  const { shape, dtype } = logProbabilities;
  const V = shape[shape.length - 1];
  checkClassIds('nll', logProbabilities, targets, ignoreIndex);
  checkClassOptions('nll', options, V);
  const weights = Tensor.zeros([targets.size], dtype);
  const perRow = Tensor.zeros([targets.size], dtype);
  let [total, count, weight] = [0, 0, 0];
  for (let n = 0; n < targets.size; n++) {
    const y = targets.data[n];
    if (y === ignoreIndex) continue;
    const w = classWeights?.[y] ?? 1;
    weights.data[n] = w;
    const loss = -w * logProbabilities.data[n * V + y];
    perRow.data[n] = loss;
    total += loss;
    count++;
    weight += w;
  }
  const divisor = reduction === 'mean' ? weight : 1;
  return { loss: total / divisor, perRow, count, cache: { targets, weights, divisor, shape } };
}

/**
 * @param upstream dL/d(loss): a number, or one number a row with `reduction: 'none'`. Default 1.
 * @returns dL/d(log-probabilities) in their shape.
 * @throws {@link ShapeError} when the upstream gradient has not one number a row.
 */
export function nllBackward(cache: NllCache, upstream: number | Tensor = 1): Tensor {
  const { targets, weights, divisor, shape } = cache;
  const V = shape[shape.length - 1];
  const up = upstreamOfRows('nllBackward', upstream, targets.size);
  const dx = Tensor.zeros(shape, weights.dtype);
  for (let n = 0; n < targets.size; n++) {
    const w = weights.data[n];
    if (w !== 0) dx.data[n * V + targets.data[n]] = (-w * up(n)) / divisor;
  }
  return dx;
}
