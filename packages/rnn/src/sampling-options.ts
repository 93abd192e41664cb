import { ConfigError } from '@rnnlab/tensor';

/** How a token is drawn. What is left out does nothing. The order in which they act is that of `sampleToken`. */
export interface SamplingOptions {
  /** θ > 0: tokens of the prompt and those drawn so far become less likely for θ > 1. Default 1. */
  repetitionPenalty?: number;
  /** τ ≥ 0; 0 takes the most likely token (the first of equals). Default 1. */
  temperature?: number;
  /** Draw from the k most likely tokens. An integer ≥ 1. */
  topK?: number;
  /** Draw from the smallest set of most likely tokens with this probability, in (0, 1]. */
  topP?: number;
  /** Draw from tokens at least so many times as likely as the most likely one, in [0, 1]. */
  minP?: number;
}

/** @throws {@link ConfigError} for an impossible option. */
export function checkSampling(where: string, options: SamplingOptions): void {
  const { repetitionPenalty = 1, temperature = 1, topK = 1, topP = 1, minP = 0 } = options;
  const refuse = (option: string, value: number, expected: string): never => {
    throw new ConfigError(`${where}: ${option} is ${value}, expected ${expected}.`);
  };
  if (!(temperature >= 0 && temperature < Infinity)) {
    refuse('temperature', temperature, "a number ≥ 0 (0 is greedy, 1 the model's own distribution)");
  }
  if (!(repetitionPenalty > 0 && repetitionPenalty < Infinity)) {
    refuse('repetitionPenalty', repetitionPenalty, 'a number > 0 (1 is no penalty)');
  }
  if (!(Number.isInteger(topK) && topK >= 1)) {
    refuse('topK', topK, 'an integer ≥ 1 (leave it out to keep every token)');
  }
  if (!(topP > 0 && topP <= 1))
    refuse('topP', topP, 'a probability above 0 and up to 1 (1 keeps every token)');
  if (!(minP >= 0 && minP <= 1)) refuse('minP', minP, 'a number from 0 to 1 (0 keeps every token)');
}
