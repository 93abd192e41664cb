/**
 * Text from a language model, one token at a time: the model reads the prompt, a token is drawn from its
 * scores, and that token is what it reads next. The state is carried, so every token costs the same.
 */
import type { Rng } from '@rnnlab/tensor';
import { Breath } from './breath';
import type { RecurrentState } from './cell';
import { GenerationReader } from './generation-reader';
import { checkGeneration, GenerationRow, promptIds, type GenerationOptions } from './generation-row';
import type { LanguageModel } from './language-model';

/** Options of {@link generate}. */
export interface GenerateOptions<State extends RecurrentState> extends GenerationOptions {
  /** What the model reads first: at least one token id, or a text when there is a `tokenizer`. */
  prompt: ArrayLike<number> | string;
  /** Seed of the draws, 0 to 2³² − 1. Default 0. Or a generator to go on with. */
  seed?: number | Rng;
  /** Start from this state, e.g. the last one of an earlier text; each [L·D, 1, H]. Zeros by default. */
  state?: State;
}

/** One drawn token. */
export interface GeneratedToken<State extends RecurrentState> {
  token: number;
  /**
   * The token as text; '' without a tokenizer. A character that is spread over several tokens comes with its last one,
   * and what is incomplete at the end comes with the last token of all.
   */
  text: string;
  /** ln p(token) under the model, at temperature 1 and without filters. */
  logProbability: number;
  /** The state before this token is read: to go on, pass it with this token as the prompt. */
  state: State;
}

/**
 * Draws tokens from the model until `maxNewTokens`, a stop token or the signal.
 *
 * @throws {@link ConfigError} for an empty prompt, an impossible option, or a bidirectional model, which
 *   would need the future.
 *
 * @example
 * ```ts
 * import { generate, LanguageModel, RNN } from '@rnnlab/rnn';
 *
 * const model = new LanguageModel({ vocabSize: 5, recurrent: new RNN({ inputSize: 5, hiddenSize: 8 }) });
 * const options = { prompt: [0], temperature: 0.8, topP: 0.9, maxNewTokens: 3, seed: 7 };
 * for await (const { token } of generate(model, options)) {
 *   console.log(token);
 * }
 * ```
 */
export async function* generate<State extends RecurrentState>(
  model: LanguageModel<State>,
  options: GenerateOptions<State>,
): AsyncGenerator<GeneratedToken<State>, void, undefined> {
  checkGeneration('generate', options);
  const { prompt, tokenizer, seed = 0, signal } = options;
  const row = new GenerationRow(promptIds('generate', prompt, tokenizer), options, seed);
  const reader = GenerationReader.take('generate', model);
  const breath = new Breath(20);
  let { state } = options;
  let read = row.prompt;
  try {
    while (!row.done && !signal?.aborted) {
      const reading = reader.read([read], state);
      state = reading.state;
      const drawn = row.draw(reading.logits[0].data);
      yield { ...drawn, state };
      read = [drawn.token];
      if (breath.due) await breath.ifDue();
    }
  } finally {
    reader.done();
  }
}
