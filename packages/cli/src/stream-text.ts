import { generate, type LanguageModel, type SamplingOptions } from '@rnnlab/rnn';
import type { Rng } from '@rnnlab/tensor';
import type { Tokenizer } from '@rnnlab/tokenizer';

/** How texts of a corpus begin and end; `Dataset.sampling` is one. */
export interface TextBounds {
  /** What the model reads before the first character. */
  readonly prompt: readonly number[];
  readonly stopTokens: readonly number[];
}

export interface StreamTextOptions extends SamplingOptions {
  bounds: TextBounds;
  /** Read before the first drawn character; no part of what is yielded. */
  prompt?: string;
  /** Tokens at most. */
  length: number;
  rng: Rng;
  signal?: AbortSignal;
}

/** The text that the model continues the prompt with, in pieces as it is drawn. */
export async function* streamText(
  model: LanguageModel,
  tokenizer: Tokenizer,
  { bounds, prompt = '', length, rng, signal, ...sampling }: StreamTextOptions,
): AsyncGenerator<string, void, undefined> {
  const decoder = tokenizer.createDecoder();
  const tokens = generate(model, {
    prompt: [...bounds.prompt, ...tokenizer.encode(prompt)],
    ...sampling,
    maxNewTokens: length,
    stopTokens: bounds.stopTokens,
    seed: rng,
    signal,
  });
  for await (const { token } of tokens) {
    if (bounds.stopTokens.includes(token)) break;
    yield decoder.push(token);
  }
  yield decoder.flush();
}

/** {@link streamText} as one string. */
export async function drawText(
  model: LanguageModel,
  tokenizer: Tokenizer,
  options: StreamTextOptions,
): Promise<string> {
  let text = '';
  for await (const piece of streamText(model, tokenizer, options)) text += piece;
  return text;
}
