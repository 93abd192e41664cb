import { generate, type LanguageModel } from '@rnnlab/rnn';
import type { Rng } from '@rnnlab/tensor';
import type { Dataset } from './dataset';
import type { SampleOptions } from './trainer-options';

/**
 * Draws texts from a model as its dataset says: from the beginning of a line to its end, or so many tokens. A
 * prompt of the caller's is part of the text.
 */
export async function sampleTexts(
  model: LanguageModel,
  dataset: Pick<Dataset, 'tokenizer' | 'sampling'>,
  options: Omit<SampleOptions, 'every'> & { rng: Rng; signal?: AbortSignal },
): Promise<string[]> {
  const { count = 3, temperature, maxNewTokens = 100, prompt, rng, signal } = options;
  const { tokenizer, sampling } = dataset;
  const given = typeof prompt === 'string' ? Array.from(tokenizer.encode(prompt)) : [...(prompt ?? [])];
  const start = given.length ? [...sampling.prompt, ...given] : [...sampling.prompt];
  const texts: string[] = [];
  while (texts.length < count && !signal?.aborted) {
    const ids = given.slice();
    for await (const { token } of generate(model, {
      prompt: start,
      temperature,
      maxNewTokens,
      stopTokens: sampling.stopTokens,
      seed: rng,
      signal,
    })) {
      if (!sampling.stopTokens.includes(token)) ids.push(token);
    }
    texts.push(tokenizer.decode(ids));
  }
  return texts;
}
