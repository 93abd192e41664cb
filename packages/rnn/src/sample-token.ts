/**
 * Draws a token from a row of logits. The filters act in this order, each on what the one before has left:
 *
 *   repetition penalty → temperature → top-k → top-p → min-p → softmax → draw
 *
 * This is the order of Hugging Face transformers and of vLLM: the temperature comes before top-p and min-p, so a high
 * temperature lets more tokens into the nucleus (llama.cpp's default has the temperature last). Top-k and min-p
 * keep the same tokens either way up to their thresholds, top-p does not. No filter removes the most likely token.
 */
import { ConfigError, maxAndExpSum, type Rng } from '@rnnlab/tensor';
import { keepMinP } from './min-p';
import { penalizeRepetition } from './repetition-penalty';
import { checkSampling, type SamplingOptions } from './sampling-options';
import { scaleByTemperature } from './temperature';
import { keepTopK } from './top-k';
import { keepTopP } from './top-p';

/**
 * The probabilities that {@link sampleToken} draws with.
 *
 * @param logits [V], one number a token; −∞ for a token that must not come.
 * @param previous Tokens that the repetition penalty acts on.
 * @returns [V], sum 1, zero for what the filters removed.
 * @throws {@link ConfigError} for an impossible option, and when a logit is NaN or +∞, or none is finite.
 *
 * @example
 * ```ts
 * import { samplingDistribution } from '@rnnlab/rnn';
 *
 * console.log(samplingDistribution([0, Math.log(2), Math.log(5)], { topK: 2 })); // about [ 0, 2/7, 5/7 ]
 * ```
 */
export function samplingDistribution(
  logits: ArrayLike<number>,
  options: SamplingOptions = {},
  previous: Iterable<number> = [],
): Float64Array {
  const { repetitionPenalty = 1, temperature = 1, topK, topP, minP } = options;
  checkSampling('sampleToken', options);
  const z = new Float64Array(logits);
  checkLogits(z);
  if (repetitionPenalty !== 1) penalizeRepetition(z, repetitionPenalty, previous);
  scaleByTemperature(z, temperature);
  if (topK !== undefined) keepTopK(z, topK);
  if (topP !== undefined) keepTopP(z, topP);
  if (minP !== undefined) keepMinP(z, minP);
  const { max, expSum } = maxAndExpSum(z);
  return z.map((score) => Math.exp(score - max) / expSum);
}

/**
 * Draws one token.
 *
 * @param logits [V], one number a token.
 * @param rng Where the draw comes from: one number a call.
 * @param previous Tokens that the repetition penalty acts on.
 * @returns The token and its log-probability under softmax(logits), that is before any filter and at temperature 1,
 *   so that sums compare across all settings.
 * @throws {@link ConfigError} for an impossible option, and when a logit is NaN or +∞, or none is finite.
 *
 * @example
 * ```ts
 * import { sampleToken } from '@rnnlab/rnn';
 * import { Rng } from '@rnnlab/tensor';
 *
 * console.log(sampleToken([0, 3, 1], { temperature: 0 }, new Rng(1)).token); // 1
 * ```
 */
export function sampleToken(
  logits: ArrayLike<number>,
  options: SamplingOptions,
  rng: Rng,
  previous: Iterable<number> = [],
): { token: number; logProbability: number } {
  const token = draw(samplingDistribution(logits, options, previous), rng);
  const { max, expSum } = maxAndExpSum(logits);
  return { token, logProbability: logits[token] - max - Math.log(expSum) };
}

/** An index with its probability: where the running sum passes a uniform draw. */
function draw(p: Float64Array, rng: Rng): number {
  let rest = rng.uniform();
  for (let k = 0; k < p.length; k++) {
    rest -= p[k];
    if (rest < 0) return k;
  }
  return p.findLastIndex((probability) => probability > 0); // rounding left a rest
}

function checkLogits(z: Float64Array): void {
  const wrong = z.findIndex((score) => Number.isNaN(score) || score === Infinity);
  if (wrong >= 0) {
    throw new ConfigError(
      `sampleToken: logits[${wrong}] is ${z[wrong]}, expected finite scores. The weights or the state of the model hold NaN or Infinity.`,
    );
  }
  if (z.every((score) => score === -Infinity)) {
    throw new ConfigError('sampleToken: no logit is finite, expected at least one token that may come.');
  }
}
