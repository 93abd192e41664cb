/**
 * From scores to a mixture of values: what all forms of attention share.
 *
 *   α[i, j] = exp(e[i, j]) / Σ_{visible j′} exp(e[i, j′])      0 for keys that query i does not see
 *   y[i]    = Σ_j α[i, j]·v[j]
 *
 *   dα[i, j] = dy[i]·v[j]  (+ dL/dα[i, j] from elsewhere)
 *   de[i, j] = α[i, j]·(dα[i, j] − Σ_j′ α[i, j′]·dα[i, j′])
 *   dv[j]   += Σ_i α[i, j]·dy[i]
 *
 * separately for every row b of the batch. Shapes: e, α [Tq, B, Tk]; v [Tk, B, E]; y [Tq, B, E].
 */
import { maxAndExpSum, type Tensor } from '@rnnlab/tensor';
import type { AttentionLayout, AttentionUpstream } from './attention-inputs';

/** Turns scores into weights in place, and mixes the values into `output`. */
export function attend(layout: AttentionLayout, scores: Tensor, value: Tensor, output: Tensor): void {
  const { queries, keys, batchSize, queryRow, keyRow, visible } = layout;
  const E = value.shape[2];
  const [v, y] = [value.data, output.data];
  for (let b = 0; b < batchSize; b++) {
    for (let i = 0; i < queries; i++) {
      const n = queryRow(i, b);
      const seen = visible(i, b);
      const row = scores.data.subarray(n * keys, (n + 1) * keys);
      const { max, expSum } = maxAndExpSum(row.subarray(0, seen));
      for (let j = 0; j < keys; j++) row[j] = j < seen ? Math.exp(row[j] - max) / expSum : 0;
      for (let k = 0; k < E; k++) {
        let sum = 0;
        for (let j = 0; j < seen; j++) sum += row[j] * v[keyRow(j, b) * E + k];
        y[n * E + k] = sum;
      }
    }
  }
}

/** Adds dL/dv into `dValue` and returns dL/de in `dScores`. */
export function attendBackward(
  layout: AttentionLayout,
  weights: Tensor,
  value: Tensor,
  upstream: AttentionUpstream,
  dValue: Tensor,
  dScores: Tensor,
): Tensor {
  const { queries, keys, batchSize, queryRow, keyRow, visible } = layout;
  const E = value.shape[2];
  const [v, dv, dy, dWeights] = [value.data, dValue.data, upstream.output.data, upstream.weights?.data];
  for (let b = 0; b < batchSize; b++) {
    for (let i = 0; i < queries; i++) {
      const n = queryRow(i, b);
      const alpha = weights.data.subarray(n * keys, (n + 1) * keys);
      const de = dScores.data.subarray(n * keys, (n + 1) * keys);
      let inner = 0;
      for (let j = 0; j < visible(i, b); j++) {
        const from = keyRow(j, b) * E;
        let dAlpha = dWeights?.[n * keys + j] ?? 0;
        for (let k = 0; k < E; k++) {
          dAlpha += dy[n * E + k] * v[from + k];
          dv[from + k] += alpha[j] * dy[n * E + k];
        }
        de[j] = dAlpha;
        inner += alpha[j] * dAlpha;
      }
      for (let j = 0; j < visible(i, b); j++) de[j] = alpha[j] * (de[j] - inner);
    }
  }
  return dScores;
}
