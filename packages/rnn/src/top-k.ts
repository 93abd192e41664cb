/**
 * Top-k sampling (Fan, Lewis & Dauphin 2018): only the k most likely tokens stay.
 *
 *   z_k ← −∞ for every token behind the k-th in the order of falling score
 *
 * Exactly k stay: where scores are equal at the border the lower ids do (other libraries keep all of the equals).
 */
import { rankTokens } from './rank-tokens';

/** Changes `logits` in place and returns it. `k` is an integer ≥ 1; more than there are tokens keeps all. */
export function keepTopK(logits: Float64Array, k: number): Float64Array {
  if (k >= logits.length) return logits;
  for (const token of rankTokens(logits).subarray(k)) {
    logits[token] = -Infinity;
  }
  return logits;
}
