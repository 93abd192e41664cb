/**
 * Other units of a loss ℓ in nats per token.
 *
 *   perplexity         = exp(ℓ)                                    per token
 *   bits per character = ℓ / ln 2 · (tokens / characters)          comparable between tokenizers
 */

/** @param loss Nats per token. */
export function perplexity(loss: number): number {
  return Math.exp(loss);
}

/**
 * @param loss Nats per token.
 * @param tokensPerCharacter 1 for a character tokenizer.
 */
export function bitsPerCharacter(loss: number, tokensPerCharacter = 1): number {
  return (loss / Math.LN2) * tokensPerCharacter;
}
