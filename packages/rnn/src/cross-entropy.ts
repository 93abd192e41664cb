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
 * divides by the number of rows. Class ids without smoothing take a shorter way to the same numbers: `cross-entropy-ids.ts`.
 */
import { defaultBackend, maxAndExpSum, Tensor, type Backend } from '@rnnlab/tensor';
import { idsLoss, idsLossBackward, type IdsLossCache } from './cross-entropy-ids';
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
  /** Default: `defaultBackend()`. */
  backend?: Backend;
}

/** What {@link crossEntropyBackward} needs. */
export interface CrossEntropyCache {
  /** [N, V] p */
  readonly probabilities: Tensor;
  /** [N, V] w ⊙ q, zero in rows that are not counted; or the class ids, where they say all. */
  readonly target: Tensor | IdsLossCache;
  readonly backend: Backend;
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
  const { backend = defaultBackend() } = options;
  const V = logits.shape[logits.rank - 1];
  const soft = targets.dtype !== 'int32';
  if (soft) checkDistributions('crossEntropy', logits, targets);
  else checkClassIds('crossEntropy', logits, targets, ignoreIndex);
  checkClassOptions('crossEntropy', options, V);
  const counts = (n: number) => soft || targets.data[n] !== ignoreIndex;
  const weightOf = (y: number) => (y === ignoreIndex ? 0 : (classWeights?.[y] ?? 1));
  const z = logits.reshape([-1, V]);
  const { perRow, probabilities, target } =
    soft || labelSmoothing > 0
      ? distributionLoss(z, targets, soft, labelSmoothing, counts, classWeights)
      : sparseLoss(backend, z, targets, weightOf);
  let [total, count, weight] = [0, 0, 0];
  for (let n = 0; n < perRow.size; n++) {
    if (!counts(n)) continue;
    total += perRow.data[n];
    count++;
    weight += soft ? 1 : weightOf(targets.data[n]);
  }
  const divisor = reduction === 'mean' ? weight : 1;
  const cache = { probabilities, target, backend, divisor, shape: logits.shape };
  return { loss: total / divisor, perRow, count, cache };
}

function sparseLoss(backend: Backend, z: Tensor, ids: Tensor, weightOf: (y: number) => number) {
  const { perRow, cache } = idsLoss(backend, z, ids.reshape([-1]), weightOf);
  return { perRow, probabilities: cache.probabilities, target: cache };
}

/** The general case: q is a whole distribution. */
function distributionLoss(
  z: Tensor,
  targets: Tensor,
  soft: boolean,
  labelSmoothing: number,
  counts: (n: number) => boolean,
  classWeights?: ArrayLike<number>,
) {
  const [rows, V] = z.shape;
  const [probabilities, target] = [Tensor.zeros(z.shape, z.dtype), Tensor.zeros(z.shape, z.dtype)];
  const perRow = Tensor.zeros([rows], z.dtype);
  for (let n = 0; n < rows; n++) {
    const [row, p, wq] = [z.row(n).data, probabilities.row(n).data, target.row(n).data];
    const { max, expSum } = maxAndExpSum(row);
    for (let k = 0; k < V; k++) p[k] = Math.exp(row[k] - max) / expSum;
    if (!counts(n)) continue;
    for (let k = 0; k < V; k++) {
      const hot = soft ? targets.data[n * V + k] : k === targets.data[n] ? 1 : 0;
      wq[k] = (classWeights?.[k] ?? 1) * ((1 - labelSmoothing) * hot + labelSmoothing / V);
      if (wq[k] !== 0) perRow.data[n] -= wq[k] * (row[k] - max - Math.log(expSum));
    }
  }
  return { perRow, probabilities, target };
}

/**
 * @param upstream dL/d(loss): a number, or one number a row with `reduction: 'none'`. Default 1.
 * @returns dL/d(logits) in the shape of the logits.
 * @throws {@link ShapeError} when the upstream gradient has not one number a row.
 */
export function crossEntropyBackward(cache: CrossEntropyCache, upstream: number | Tensor = 1): Tensor {
  const { probabilities, target, backend, divisor, shape } = cache;
  const [rows, V] = probabilities.shape;
  const up = upstreamOfRows('crossEntropyBackward', upstream, rows);
  if (!(target instanceof Tensor))
    return idsLossBackward(backend, target, (n) => up(n) / divisor).reshape(shape);
  const dLogits = Tensor.zeros(shape, target.dtype);
  for (let n = 0; n < rows; n++) {
    const wq = target.row(n).data;
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
