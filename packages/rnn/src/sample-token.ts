/**
 * Draws a token from a row of logits.
 *
 *   p = softmax(z / τ)       τ: temperature; τ → 0 is greedy (the largest logit), τ = 1 the model itself,
 *                            τ > 1 flatter (Ackley, Hinton & Sejnowski 1985)
 */
import { ConfigError, type Rng } from '@rnnlab/tensor';

/** How to draw. */
export interface SamplingOptions {
  /** τ ≥ 0; 0 takes the most likely token (the first of equals). Default 1. */
  temperature?: number;
}

/** @throws {@link ConfigError} for an impossible option. */
export function checkSampling(where: string, { temperature = 1 }: SamplingOptions): void {
  if (!(temperature >= 0 && temperature < Infinity)) {
    throw new ConfigError(
      `${where}: temperature is ${temperature}, expected a number ≥ 0 (0 is greedy, 1 the model's own distribution).`,
    );
  }
}

/**
 * @param logits One number a token.
 * @returns The drawn token and its log-probability under softmax(logits), that is at temperature 1, so that
 *   sums compare across temperatures.
 */
export function sampleToken(
  logits: ArrayLike<number>,
  { temperature = 1 }: SamplingOptions,
  rng: Rng,
): { token: number; logProbability: number } {
  const z = Array.from(logits);
  const best = z.reduce((top, x, k) => (x > z[top] ? k : top), 0);
  const token =
    temperature === 0
      ? best
      : draw(
          z.map((x) => Math.exp((x - z[best]) / temperature)),
          rng,
        );
  const logSum = z[best] + Math.log(z.reduce((sum, x) => sum + Math.exp(x - z[best]), 0));
  return { token, logProbability: z[token] - logSum };
}

/** An index with probability proportional to its weight: where the running sum passes a uniform draw. */
function draw(weights: readonly number[], rng: Rng): number {
  let rest = rng.uniform() * weights.reduce((a, b) => a + b, 0);
  for (let k = 0; k < weights.length; k++) {
    rest -= weights[k];
    if (rest < 0) return k;
  }
  return weights.findLastIndex((weight) => weight > 0); // rounding left a rest
}
