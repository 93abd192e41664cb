/** Token ids by falling score; of equal scores, −∞ among them, the lower id comes first. */
export function rankTokens(logits: ArrayLike<number>): Int32Array {
  const ids = Int32Array.from({ length: logits.length }, (_, k) => k);
  // −∞ − −∞ is NaN, so equality is asked first
  return ids.sort((a, b) => (logits[a] === logits[b] ? a - b : logits[b] - logits[a]));
}
