/**
 * Softmax and cross-entropy in one, the loss of a classifier and of a language model.
 *
 *   p   = softmax(z)                      log p_k = z_k − max z − ln Σⱼ exp(z_j − max z)
 *   q_k = (1 − ε)·[k = y] + ε/V           the target with label smoothing ε (Szegedy et al. 2016)
 *   ℓ   = −Σ_k w_k·q_k·log p_k            w: class weights, 1 by default
 *   dz_j = p_j·Σ_k w_k·q_k − w_j·q_j      = p_j − [j = y] in the plain case
 *
 * 'mean' divides the sum by Σ w_y over the counted targets, 'sum' by nothing, as PyTorch's. A target equal to
 * `ignoreIndex` is not counted: no loss, no gradient, no part in the mean. Padding is masked this way.
 * Targets may also be distributions [..., V] (soft labels): then q_k = (1 − ε)·target_k + ε/V, and the mean
 * divides by the number of rows.
 */
import { maxAndExpSum, Tensor } from '@rnnlab/tensor';
import {
  checkClassIds,
  checkClassOptions,
  checkDistributions,
  upstreamOfRows,
  type Reduction,
} from './loss-checks';

/** Options of {@link crossEntropy}. */
export interface CrossEntropyOptions {
  /** Default `'mean'`. With `'none'` the upstream gradient has one number a row. */
  reduction?: Reduction;
  /** The target that is not counted. Default −100. */
  ignoreIndex?: number;
  /** w, one number a class. */
  classWeights?: ArrayLike<number>;
  /** ε in [0, 1]. Default 0. */
  labelSmoothing?: number;
}

/** What {@link crossEntropyBackward} needs. */
export interface CrossEntropyCache {
  /** [N, V] p */
  readonly probabilities: Tensor;
  /** [N, V] w ⊙ q, zero in rows that are not counted. */
  readonly target: Tensor;
  /** What the sum was divided by; 1 unless `'mean'`. */
  readonly divisor: number;
  readonly shape: readonly number[];
}

/** Result of {@link crossEntropy}. */
export interface CrossEntropyResult {
  /** In nats; the sum for `'none'`. NaN when `'mean'` has nothing to count. */
  loss: number;
  /** [N] ℓ of every row, in nats; 0 where not counted. */
  perRow: Tensor;
  /** How many targets were counted. */
  count: number;
  cache: CrossEntropyCache;
}

/**
 * @param logits z [..., V], finite; leading axes are rows.
 * @param targets int32 class ids [...], or distributions [..., V] in the dtype of the logits.
 * @throws {@link ShapeError} or {@link DTypeError} when they do not fit each other, {@link ConfigError} for an impossible option.
 *
 * @example
 * ```ts
 * import { crossEntropy, crossEntropyBackward } from '@rnnlab/rnn';
 * import { Tensor } from '@rnnlab/tensor';
 *
 * const logits = Tensor.from([[2, 1, 0], [0, 0, 0]]);
 * const { loss, cache } = crossEntropy(logits, Tensor.from([0, -100], { dtype: 'int32' }));
 * console.log(loss.toFixed(4)); // 0.4076
 * console.log(crossEntropyBackward(cache).row(1).toArray()); // [ 0, 0, 0 ]: the second row is not counted
 * ```
 */
export function crossEntropy(
  logits: Tensor,
  targets: Tensor,
  options: CrossEntropyOptions = {},
): CrossEntropyResult {
  const { reduction = 'mean', ignoreIndex = -100, classWeights, labelSmoothing = 0 } = options;
  const V = logits.shape[logits.rank - 1];
  const rows = logits.size / V;
  const soft = targets.dtype !== 'int32';
  if (soft) checkDistributions('crossEntropy', logits, targets);
  else checkClassIds('crossEntropy', logits, targets, ignoreIndex);
  checkClassOptions('crossEntropy', options, V);
  const probabilities = Tensor.zeros([rows, V], logits.dtype);
  const target = Tensor.zeros([rows, V], logits.dtype);
  const perRow = Tensor.zeros([rows], logits.dtype);
  let [total, count, weight] = [0, 0, 0];
  for (let n = 0; n < rows; n++) {
    const z = logits.data.subarray(n * V, (n + 1) * V);
    const p = probabilities.data.subarray(n * V, (n + 1) * V);
    const { max, expSum } = maxAndExpSum(z);
    for (let k = 0; k < V; k++) p[k] = Math.exp(z[k] - max) / expSum;
    const y = targets.data[n];
    if (!soft && y === ignoreIndex) continue;
    let rowLoss = 0;
    for (let k = 0; k < V; k++) {
      const hot = soft ? targets.data[n * V + k] : k === y ? 1 : 0;
      const wq = (classWeights?.[k] ?? 1) * ((1 - labelSmoothing) * hot + labelSmoothing / V);
      target.data[n * V + k] = wq;
      if (wq !== 0) rowLoss -= wq * (z[k] - max - Math.log(expSum));
    }
    perRow.data[n] = rowLoss;
    total += rowLoss;
    count++;
    weight += soft ? 1 : (classWeights?.[y] ?? 1);
  }
  const divisor = reduction === 'mean' ? weight : 1;
  return {
    loss: total / divisor,
    perRow,
    count,
    cache: { probabilities, target, divisor, shape: logits.shape },
  };
}

/**
 * @param upstream dL/d(loss): a number, or one number a row with `reduction: 'none'`. Default 1.
 * @returns dL/d(logits) in the shape of the logits.
 * @throws {@link ShapeError} when the upstream gradient has not one number a row.
 */
export function crossEntropyBackward(cache: CrossEntropyCache, upstream: number | Tensor = 1): Tensor {
  const { probabilities, target, divisor, shape } = cache;
  const [rows, V] = target.shape;
  const up = upstreamOfRows('crossEntropyBackward', upstream, rows);
  const dLogits = Tensor.zeros(shape, target.dtype);
  for (let n = 0; n < rows; n++) {
    const wq = target.data.subarray(n * V, (n + 1) * V);
    let total = 0;
    for (const value of wq) total += value;
    if (total === 0) continue;
    const scale = up(n) / divisor;
    for (let j = 0; j < V; j++) {
      dLogits.data[n * V + j] = scale * (probabilities.data[n * V + j] * total - wq[j]);
    }
  }
  return dLogits;
}
