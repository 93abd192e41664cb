/** `generate` and `beamSearch` of @rnnlab/rnn with the tokenizers of @rnnlab/tokenizer: no piece of text gets lost or broken. */
import { beamSearch, generate, generateBatch, LanguageModel, RNN } from '@rnnlab/rnn';
import { BpeTokenizer, ByteTokenizer, CharTokenizer, WordTokenizer, type Tokenizer } from '@rnnlab/tokenizer';
import { expect, it } from 'vitest';

const corpus = 'größe ist naïve 😀 ja nein vielleicht größe 😀 größer als nein';
const tokenizers: [string, Tokenizer][] = [
  ['characters', CharTokenizer.fit(corpus, {})],
  ['words', WordTokenizer.fit(corpus, {})],
  ['bytes', new ByteTokenizer()],
  ['byte-level BPE', BpeTokenizer.fit(corpus, { numMerges: 14 })],
];

it.each(tokenizers)('streams what the whole decodes to: %s', async (_, tokenizer) => {
  const { vocabSize } = tokenizer;
  const model = new LanguageModel({ vocabSize, recurrent: new RNN({ inputSize: vocabSize, hiddenSize: 8 }) });
  const prompts = ['größe', 'ja nein'];
  const streamed = ['', ''];
  const ids: number[][] = [[], []];
  for await (const { row, token, text } of generateBatch(model, {
    prompts,
    tokenizer,
    maxNewTokens: 60,
    seed: 3,
  })) {
    streamed[row] += text;
    ids[row].push(token);
  }
  for (const [row, prompt] of prompts.entries()) {
    expect(prompt + streamed[row]).toBe(tokenizer.decode([...tokenizer.encode(prompt), ...ids[row]]));
    let alone = '';
    const options = { prompt, tokenizer, maxNewTokens: 60, seed: 3 + row };
    for await (const { text } of generate(model, options)) alone += text;
    expect(alone).toBe(streamed[row]);
  }
  const [best] = await beamSearch(model, { prompt: 'größe', tokenizer, maxNewTokens: 5 });
  expect(`größe${best.text}`).toBe(tokenizer.decode([...tokenizer.encode('größe'), ...best.tokens]));
});
