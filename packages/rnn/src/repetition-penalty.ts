/**
 * Repetition penalty (Keskar, McCann, Varshney, Xiong & Socher 2019): tokens that were there before become less likely.
 *
 *   z_k ← z_k / θ where z_k > 0,   z_k·θ otherwise          for every token k that occurred
 *
 * The paper divides in both cases, which would make a token with a negative score more likely; multiplying there is
 * the common practice (Hugging Face transformers, vLLM, llama.cpp). θ = 1 changes nothing, θ < 1 rewards repetition.
 * It acts on the scores as they come from the model, and unlike a filter it may change which one is the largest.
 */

/** Changes `logits` in place and returns it. θ > 0; a token counts once, however often it occurred. */
export function penalizeRepetition(
  logits: Float64Array,
  theta: number,
  previous: Iterable<number>,
): Float64Array {
  for (const token of new Set(previous)) {
    const z = logits[token];
    logits[token] = z > 0 ? z / theta : z * theta;
  }
  return logits;
}
