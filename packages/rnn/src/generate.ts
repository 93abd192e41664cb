/**
 * Text from a language model, one token at a time: the model reads the prompt, a token is drawn from its
 * scores, and that token is what it reads next. The state is carried, so every token costs the same.
 */
import { ConfigError, Rng, Tensor } from '@rnnlab/tensor';
import type { RecurrentState } from './cell';
import type { LanguageModel } from './language-model';
import { checkSampling, sampleToken, type SamplingOptions } from './sample-token';

/** What {@link generate} needs of a tokenizer; those of `@rnnlab/tokenizer` fit. */
export interface TextCodec {
  encode(text: string): ArrayLike<number>;
  decode(ids: number[]): string;
}

/** Options of {@link generate}. */
export interface GenerateOptions<State extends RecurrentState> extends SamplingOptions {
  /** What the model reads first: at least one token id, or a text when there is a `tokenizer`. */
  prompt: ArrayLike<number> | string;
  /** Needed for a text prompt and for `text` in the result. */
  tokenizer?: TextCodec;
  /** Stop after so many tokens. Default 100. */
  maxNewTokens?: number;
  /** Stop behind any of these tokens, e.g. the end of a line. It is still yielded. */
  stopTokens?: readonly number[];
  /** Seed of the draws, 0 to 2³² − 1. Default 0. Or a generator to go on with. */
  seed?: number | Rng;
  /** Stops quietly before the next token. */
  signal?: AbortSignal;
  /** Start from this state, e.g. the last one of an earlier text; each [L·D, 1, H]. Zeros by default. */
  state?: State;
}

/** One drawn token. */
export interface GeneratedToken<State extends RecurrentState> {
  token: number;
  /** The token as text; '' without a tokenizer. */
  text: string;
  /** ln p(token) under the model, at temperature 1. */
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
 * for await (const { token } of generate(model, { prompt: [0], temperature: 0.8, maxNewTokens: 3, seed: 7 })) {
 *   console.log(token);
 * }
 * ```
 */
export async function* generate<State extends RecurrentState>(
  model: LanguageModel<State>,
  options: GenerateOptions<State>,
): AsyncGenerator<GeneratedToken<State>, void, undefined> {
  const { tokenizer, maxNewTokens = 100, stopTokens = [], seed = 0, signal } = options;
  checkSampling('generate', options);
  if (model.recurrent.options.bidirectional) {
    throw new ConfigError(
      'generate: the model is bidirectional and would need the tokens that are not drawn yet.',
    );
  }
  const rng = typeof seed === 'number' ? new Rng(seed) : seed;
  let ids = promptIds(options.prompt, tokenizer);
  let state = options.state;
  for (let drawn = 0; drawn < maxNewTokens && !signal?.aborted; drawn++) {
    const shape = model.recurrent.options.batchFirst ? [1, ids.length] : [ids.length, 1];
    const step = model.forward(Tensor.from(ids, { shape, dtype: 'int32' }), undefined, { state });
    const last = step.logits.data.subarray(-model.vocabSize);
    const { token, logProbability } = sampleToken(last, options, rng);
    state = step.state;
    yield { token, text: tokenizer?.decode([token]) ?? '', logProbability, state };
    if (stopTokens.includes(token)) return;
    ids = [token];
  }
}

function promptIds(prompt: ArrayLike<number> | string, tokenizer: TextCodec | undefined): number[] {
  if (typeof prompt === 'string' && !tokenizer) {
    throw new ConfigError('generate: prompt is a text and there is no tokenizer. Give one, or token ids.');
  }
  const ids = Array.from(typeof prompt === 'string' ? tokenizer!.encode(prompt) : prompt);
  if (!ids.length) {
    throw new ConfigError(
      'generate: prompt is empty. Give at least one token; a model of lines starts from its end-of-line token.',
    );
  }
  return ids;
}
