/**
 * Top-p or nucleus sampling (Holtzman, Buys, Du, Forbes & Choi 2020): the smallest set of most likely tokens whose
 * probabilities sum to at least p.
 *
 *   z_k ← −∞ for every token behind the first n in the order of falling score,
 *   n the least number with  Σ_{first n} softmax(z) ≥ p
 *
 * At least one token stays. Where scores are equal at the border the lower ids do.
 */
import { maxAndExpSum } from '@rnnlab/tensor';
import { rankTokens } from './rank-tokens';

/** Changes `logits` in place and returns it. `p` is in (0, 1]; 1 keeps all. */
export function keepTopP(logits: Float64Array, p: number): Float64Array {
  if (p >= 1) return logits;
  const { max, expSum } = maxAndExpSum(logits);
  let mass = 0;
  for (const token of rankTokens(logits)) {
    if (mass >= p) logits[token] = -Infinity;
    else mass += Math.exp(logits[token] - max) / expSum;
  }
  return logits;
}
