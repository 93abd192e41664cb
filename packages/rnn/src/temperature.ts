/**
 * Temperature (Ackley, Hinton & Sejnowski 1985): how sharp the distribution is.
 *
 *   z_k ← z_k / τ          so that p = softmax(z / τ)
 *
 * τ = 1 is the model itself, τ < 1 sharper, τ > 1 flatter. τ = 0 is the limit: only the largest score stays, the
 * first of equals, which makes the choice greedy.
 */
export function scaleByTemperature(logits: Float64Array, temperature: number): Float64Array {
  if (temperature > 0) {
    const top = logits.reduce((a, b) => Math.max(a, b), -Infinity);
    // Counted from the largest, which changes no probability, so that a tiny τ makes no Infinity − Infinity.
    for (let k = 0; k < logits.length; k++) logits[k] = (logits[k] - top) / temperature;
    return logits;
  }
  const best = logits.reduce((top, z, k) => (z > logits[top] ? k : top), 0);
  return logits.fill(-Infinity).fill(0, best, best + 1);
}
