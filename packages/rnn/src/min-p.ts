/**
 * Min-p sampling (Nguyen, Baker, Neo, Roush, Kirsch & Shwartz-Ziv 2024): a token stays when it is at least m times
 * as likely as the most likely one. So the more certain the model is, the fewer stay.
 *
 *   z_k ← −∞ where softmax(z)_k < m·max softmax(z), that is where z_k < max z + ln m
 *
 * Equal scores stay or go together; the most likely token always stays.
 */
import { maxAndExpSum } from '@rnnlab/tensor';

/** Changes `logits` in place and returns it. `m` is in [0, 1]; 0 keeps all. */
export function keepMinP(logits: Float64Array, m: number): Float64Array {
  const least = maxAndExpSum(logits).max + Math.log(m);
  for (let k = 0; k < logits.length; k++) if (logits[k] < least) logits[k] = -Infinity;
  return logits;
}
