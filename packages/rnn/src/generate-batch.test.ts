import { ConfigError, Rng, Tensor } from '@rnnlab/tensor';
import { expect, it } from 'vitest';
import type { RecurrentState } from './cell';
import { generate, type GeneratedToken } from './generate';
import { generateBatch, type BatchToken, type GenerateBatchOptions } from './generate-batch';
import { LanguageModel } from './language-model';
import type { RecurrentOptions } from './recurrent-options';
import { RNN } from './rnn';

const V = 7;
const makeModel = (options: Partial<RecurrentOptions> = {}) =>
  new LanguageModel({
    vocabSize: V,
    embeddingDim: 4,
    recurrent: new RNN({
      inputSize: 4,
      hiddenSize: 5,
      numLayers: 2,
      dtype: 'float64',
      init: 'torch',
      ...options,
    }),
    seed: 3,
  });
const prompts = [[3], [1, 6, 2, 2, 0], [5, 4, 4]];

/** All tokens, by row. */
async function collect(options: Partial<GenerateBatchOptions<RecurrentState>>, model = makeModel()) {
  const rows: BatchToken<RecurrentState>[][] = (options.prompts ?? prompts).map(() => []);
  for await (const token of generateBatch(model, { prompts, ...options })) rows[token.row].push(token);
  return rows;
}

it.each([{}, { batchFirst: true }])(
  'gives each row what it would get alone, with its own seed, length and end: %o',
  async (layers) => {
    const model = makeModel(layers);
    const options = { maxNewTokens: 30, stopTokens: [6], temperature: 1.5, topK: 6, repetitionPenalty: 1.2 };
    const rows = await collect({ ...options, seed: 40 }, model);
    for (const [b, prompt] of prompts.entries()) {
      const alone: GeneratedToken<RecurrentState>[] = [];
      for await (const token of generate(model, { ...options, prompt, seed: 40 + b })) alone.push(token);
      expect(rows[b].map(({ token }) => token)).toEqual(alone.map(({ token }) => token));
      rows[b].forEach(({ logProbability, state }, n) => {
        expect(logProbability).toBeCloseTo(alone[n].logProbability, 12);
        expect([...state.h.data]).toEqual([...alone[n].state.h.data]);
        expect(state.h.shape).toEqual([2, 1, 5]);
      });
    }
    const lengths = rows.map(({ length }) => length);
    expect(new Set(lengths).size).toBeGreaterThan(1); // rows left the batch at different times
  },
);

it('takes a seed or a generator a row', async () => {
  const tokens = async (seed: GenerateBatchOptions<RecurrentState>['seed']) =>
    (await collect({ seed, maxNewTokens: 8 })).map((row) => row.map(({ token }) => token));
  expect(await tokens([7, new Rng(8), 9])).toEqual(await tokens(7));
  expect((await tokens([1, 8, 9]))[1]).toEqual((await tokens(7))[1]);
});

it('goes on from the states of all rows', async () => {
  const model = makeModel();
  const whole = await collect({ maxNewTokens: 6, temperature: 0 }, model);
  const first = await collect({ maxNewTokens: 2, temperature: 0 }, model);
  const next = first.map((row) => [row[1].token]);
  const h = Tensor.zeros([2, 3, 5], 'float64');
  first.forEach((row, b) => {
    for (const layer of [0, 1]) h.row(layer).row(b).copyFrom(row[1].state.h.row(layer).row(0));
  });
  const second = await collect({ prompts: next, state: { h }, maxNewTokens: 4, temperature: 0 }, model);
  first.forEach((row, b) => {
    expect([...row, ...second[b]].map(({ token }) => token)).toEqual(whole[b].map(({ token }) => token));
  });
});

it('stops at the signal, and draws nothing for no prompts or no tokens', async () => {
  const controller = new AbortController();
  let drawn = 0;
  for await (const _token of generateBatch(makeModel(), { prompts, signal: controller.signal })) {
    if (++drawn === 4) controller.abort();
  }
  expect(drawn).toBe(4);
  expect(await collect({ signal: AbortSignal.abort() })).toEqual([[], [], []]);
  expect(await collect({ maxNewTokens: 0 })).toEqual([[], [], []]);
  expect(await collect({ prompts: [] })).toEqual([]);
});

it('refuses what cannot be, by name and with the remedy', async () => {
  await expect(collect({ seed: [1, 2] })).rejects.toThrow(
    new ConfigError('generateBatch: seed has 2 entries, expected one for each of the 3 prompts.'),
  );
  await expect(collect({ prompts: [[1], []] })).rejects.toThrow(
    new ConfigError(
      'generateBatch: row 1: prompt is empty. Give at least one token; a model of lines starts from its end-of-line token.',
    ),
  );
  await expect(collect({ topP: 3 })).rejects.toThrow(
    new ConfigError(
      'generateBatch: topP is 3, expected a probability above 0 and up to 1 (1 keeps every token).',
    ),
  );
  await expect(collect({}, makeModel({ bidirectional: true }))).rejects.toThrow(
    new ConfigError(
      'generateBatch: the model is bidirectional and would need the tokens that are not drawn yet.',
    ),
  );
});
