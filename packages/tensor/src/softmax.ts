/**
 * Softmax and its logarithm over the last axis.
 *
 *   softmax      p_k = exp(z_k) / Σⱼ exp(z_j)            dz = p ⊙ (dp − Σⱼ dp_j·p_j)
 *   logSoftmax   ℓ_k = z_k − ln Σⱼ exp(z_j)              dz = dℓ − exp(ℓ)·Σⱼ dℓ_j
 *
 * Shapes: z, p, ℓ [..., V]; every row is on its own. exp is taken of z − max z, which changes nothing
 * mathematically and keeps it from overflowing (Bridle 1990 for softmax; Blanchard, Higham & Higham 2021 for the shift).
 */
import { Tensor } from './tensor';

/** max z and Σⱼ exp(zⱼ − max z) of one row: all that softmax, its logarithm and cross-entropy need to be stable. */
export function maxAndExpSum(z: ArrayLike<number>): { max: number; expSum: number } {
  let max = -Infinity;
  for (let k = 0; k < z.length; k++) max = Math.max(max, z[k]);
  let expSum = 0;
  for (let k = 0; k < z.length; k++) expSum += Math.exp(z[k] - max);
  return { max, expSum };
}

/**
 * Probabilities from scores.
 *
 * @param z [..., V], finite.
 * @returns [..., V], each row non-negative with sum 1.
 *
 * @example
 * ```ts
 * import { softmax, Tensor } from '@rnnlab/tensor';
 *
 * console.log(softmax(Tensor.from([1e4, 1e4])).toArray()); // [ 0.5, 0.5 ]
 * ```
 */
export function softmax(z: Tensor): Tensor {
  return mapRows(z, (row, p) => {
    const { max, expSum } = maxAndExpSum(row);
    for (let k = 0; k < row.length; k++) p[k] = Math.exp(row[k] - max) / expSum;
  });
}

/**
 * dL/dz from dL/dp.
 *
 * @param p The output of {@link softmax}.
 * @param dp In the shape of p.
 */
export function softmaxBackward(p: Tensor, dp: Tensor): Tensor {
  return mapRows(p, (row, dz, n) => {
    const up = dp.data.subarray(n * row.length, (n + 1) * row.length);
    let inner = 0;
    for (let k = 0; k < row.length; k++) inner += up[k] * row[k];
    for (let k = 0; k < row.length; k++) dz[k] = row[k] * (up[k] - inner);
  });
}

/**
 * Log-probabilities from scores: `ln softmax(z)`, accurate where the probability itself would round to 0.
 *
 * @param z [..., V], finite.
 */
export function logSoftmax(z: Tensor): Tensor {
  return mapRows(z, (row, l) => {
    const { max, expSum } = maxAndExpSum(row);
    for (let k = 0; k < row.length; k++) l[k] = row[k] - max - Math.log(expSum);
  });
}

/**
 * dL/dz from dL/dℓ.
 *
 * @param l The output of {@link logSoftmax}.
 * @param dl In the shape of ℓ.
 */
export function logSoftmaxBackward(l: Tensor, dl: Tensor): Tensor {
  return mapRows(l, (row, dz, n) => {
    const up = dl.data.subarray(n * row.length, (n + 1) * row.length);
    let total = 0;
    for (let k = 0; k < row.length; k++) total += up[k];
    for (let k = 0; k < row.length; k++) dz[k] = up[k] - Math.exp(row[k]) * total;
  });
}

type Row = Tensor['data'];

/** A new tensor like x, filled row by row. */
function mapRows(x: Tensor, fill: (row: Row, out: Row, n: number) => void): Tensor {
  const result = Tensor.zeros(x.shape, x.dtype);
  const V = x.shape[x.rank - 1] ?? 1;
  for (let n = 0; n * V < x.size; n++) {
    fill(x.data.subarray(n * V, (n + 1) * V), result.data.subarray(n * V, (n + 1) * V), n);
  }
  return result;
}
