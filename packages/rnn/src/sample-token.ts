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
  checkSampling('sampleToken', options);
  const p = new Float64Array(logits);
  probabilitiesInPlace(p, options, previous);
  return p;
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
  checkSampling('sampleToken', options);
  return drawToken(logits, options, rng, previous, new Float64Array(logits.length));
}

/** {@link sampleToken} without its checks of the options, for a loop that has a [V] `scratch` to compute in. */
export function drawToken(
  logits: ArrayLike<number>,
  options: SamplingOptions,
  rng: Rng,
  previous: Iterable<number>,
  scratch: Float64Array,
): { token: number; logProbability: number } {
  scratch.set(logits);
  const { max, expSum } = probabilitiesInPlace(scratch, options, previous);
  const token = draw(scratch, rng);
  return { token, logProbability: logits[token] - max - Math.log(expSum) };
}

/** z ← what to draw with. Returns what softmax(z) itself is made of. */
function probabilitiesInPlace(
  z: Float64Array,
  options: SamplingOptions,
  previous: Iterable<number>,
): { max: number; expSum: number } {
  const { repetitionPenalty = 1, temperature = 1, topK, topP, minP } = options;
  checkLogits(z);
  const filtered = topK !== undefined || topP !== undefined || minP !== undefined;
  if (repetitionPenalty === 1 && temperature === 1 && !filtered) {
    return softmaxInPlace(z);
  }
  const own = maxAndExpSum(z);
  if (repetitionPenalty !== 1) penalizeRepetition(z, repetitionPenalty, previous);
  scaleByTemperature(z, temperature);
  if (topK !== undefined) keepTopK(z, topK);
  if (topP !== undefined) keepTopP(z, topP);
  if (minP !== undefined) keepMinP(z, minP);
  softmaxInPlace(z);
  return own;
}

/** z ← softmax(z). An exponential costs more than all else that is done to a score, so each is taken once. */
function softmaxInPlace(z: Float64Array): { max: number; expSum: number } {
  let max = -Infinity;
  for (let k = 0; k < z.length; k++) max = Math.max(max, z[k]);
  let expSum = 0;
  for (let k = 0; k < z.length; k++) {
    z[k] = Math.exp(z[k] - max);
    expSum += z[k];
  }
  for (let k = 0; k < z.length; k++) z[k] /= expSum;
  return { max, expSum };
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
  let finite = 0;
  for (let k = 0; k < z.length; k++) {
    if (Number.isNaN(z[k]) || z[k] === Infinity) {
      throw new ConfigError(
        `sampleToken: logits[${k}] is ${z[k]}, expected finite scores. The weights or the state of the model hold NaN or Infinity.`,
      );
    }
    if (z[k] !== -Infinity) finite++;
  }
  if (!finite) {
    throw new ConfigError('sampleToken: no logit is finite, expected at least one token that may come.');
  }
}
