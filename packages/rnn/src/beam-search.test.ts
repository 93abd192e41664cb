import { ConfigError, logSoftmax, Tensor } from '@rnnlab/tensor';
import { expect, it } from 'vitest';
import { beamSearch, type BeamSearchOptions } from './beam-search';
import type { RecurrentState } from './cell';
import { generate } from './generate';
import type { TextCodec } from './generation-row';
import { LanguageModel } from './language-model';
import { RNN } from './rnn';

const V = 4;
const STOP = 1;
const makeModel = (seed: number, bidirectional = false) => {
  const recurrent = new RNN({
    inputSize: V,
    hiddenSize: 6,
    numLayers: 2,
    dtype: 'float64',
    init: 'torch',
    seed,
    bidirectional,
  });
  const model = new LanguageModel({ vocabSize: V, recurrent, seed: seed + 1 });
  for (const { value } of model.parameters()) value.data.forEach((w, k) => (value.data[k] = 3 * w)); // far from uniform
  return model;
};
const prompt = [2, 0];

/** ln p of a continuation, read in one piece. */
function logProbabilityOf(model: LanguageModel, tokens: readonly number[]): number {
  const ids = [...prompt, ...tokens];
  const { logits } = model.forward(Tensor.from(ids, { shape: [ids.length, 1], dtype: 'int32' }));
  const l = logSoftmax(logits);
  return tokens.reduce((sum, token, n) => sum + l.at(prompt.length - 1 + n, 0, token), 0);
}

/** Every continuation that ends in STOP, and those of the greatest length without it, the best first. */
function exhaustive(model: LanguageModel, length: number, alpha: number) {
  const all: { tokens: number[]; logProbability: number; score: number }[] = [];
  const extend = (tokens: number[]): void => {
    if (tokens.at(-1) === STOP || tokens.length === length) {
      const logProbability = logProbabilityOf(model, tokens);
      all.push({ tokens, logProbability, score: logProbability / tokens.length ** alpha });
    } else for (let token = 0; token < V; token++) extend([...tokens, token]);
  };
  extend([]);
  return all.sort((a, b) => b.score - a.score);
}

const cases = [0, 0.7, 1, 2].flatMap((alpha) => [1, 2, 3].map((seed) => [alpha, seed]));

it.each(cases)(
  'finds the best of all continuations when no beam is lost: α = %d, model %d',
  async (alpha, seed) => {
    const model = makeModel(seed);
    const [L, W] = [4, V ** 4];
    const beams = await beamSearch(model, {
      prompt,
      beamWidth: W,
      maxNewTokens: L,
      stopTokens: [STOP],
      lengthNormalization: alpha,
    });
    const all = exhaustive(model, L, alpha);
    expect(beams).toHaveLength(all.length);
    beams.slice(0, 20).forEach(({ tokens, logProbability, score, finished }, n) => {
      expect(score).toBeCloseTo(all[n].score, 12);
      expect(logProbability).toBeCloseTo(logProbabilityOf(model, tokens), 12);
      expect(finished).toBe(tokens.at(-1) === STOP);
    });
    expect(beams[0].tokens).toEqual(all[0].tokens);
  },
);

it.each([1, 2, 3, 4, 5])('moves the states with the beams: narrow search with model %d', async (seed) => {
  const model = makeModel(seed);
  for (const beamWidth of [2, 3]) {
    const beams = await beamSearch(model, { prompt, beamWidth, maxNewTokens: 7, stopTokens: [STOP] });
    expect(beams).toHaveLength(beamWidth);
    for (const { tokens, logProbability, state } of beams) {
      expect(logProbability).toBeCloseTo(logProbabilityOf(model, tokens), 12);
      const before = [...prompt, ...tokens.slice(0, -1)];
      const whole = model.forward(Tensor.from(before, { shape: [before.length, 1], dtype: 'int32' }));
      state.h.data.forEach((h, k) => expect(h).toBeCloseTo(whole.state.h.data[k], 12));
    }
    const scores = beams.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(new Set(beams.map(({ tokens }) => tokens.join())).size).toBe(beamWidth);
  }
});

/** The same search without states, batches and an early end: every beginning is read anew, to the greatest length. */
function plainSearch(model: LanguageModel, beamWidth: number, length: number, alpha: number) {
  const scored = (tokens: number[]) => ({ tokens, logProbability: logProbabilityOf(model, tokens) });
  let living: number[][] = [[]];
  const all: ReturnType<typeof scored>[] = [];
  for (let n = 1; n <= length; n++) {
    const next = living.flatMap((tokens) => [0, 1, 2, 3].map((token) => scored([...tokens, token])));
    next.sort((a, b) => b.logProbability - a.logProbability);
    all.push(...next.slice(0, beamWidth).filter(({ tokens }) => tokens.at(-1) === STOP));
    living = next.map(({ tokens }) => tokens).filter((tokens) => tokens.at(-1) !== STOP);
    living.splice(beamWidth);
  }
  all.push(...living.map(scored));
  const score = (beam: (typeof all)[0]) => beam.logProbability / beam.tokens.length ** alpha;
  return all.sort((a, b) => score(b) - score(a)).slice(0, beamWidth);
}

it.each([0, 0.5, 1, 2])('ends early only when nothing better can come, with α = %d', async (alpha) => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const model = makeModel(seed);
    for (const beamWidth of [1, 2, 3]) {
      const options = { prompt, beamWidth, maxNewTokens: 8, stopTokens: [STOP], lengthNormalization: alpha };
      const beams = await beamSearch(model, options);
      const plain = plainSearch(model, beamWidth, 8, alpha);
      expect(beams.map(({ tokens }) => tokens)).toEqual(plain.map(({ tokens }) => tokens));
    }
  }
});

it('is greedy with one beam', async () => {
  const model = makeModel(2);
  const [beam] = await beamSearch(model, { prompt, beamWidth: 1, maxNewTokens: 9, stopTokens: [STOP] });
  const greedy: number[] = [];
  const options = { prompt, temperature: 0, maxNewTokens: 9, stopTokens: [STOP] };
  for await (const { token } of generate(model, options)) greedy.push(token);
  expect(beam.tokens).toEqual(greedy);
});

it('prefers longer continuations with more length normalisation', async () => {
  const lengthsFor = async (lengthNormalization: number) => {
    const options = { prompt, beamWidth: 64, maxNewTokens: 5, stopTokens: [STOP], lengthNormalization };
    const beams = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => beamSearch(makeModel(seed), options)));
    return beams.map(([{ tokens }]) => tokens.length);
  };
  const [plain, normalized] = [await lengthsFor(0), await lengthsFor(4)];
  normalized.forEach((length, k) => expect(length).toBeGreaterThanOrEqual(plain[k]));
  expect(normalized).not.toEqual(plain);
});

it('goes on from a state, and gives the text', async () => {
  const model = makeModel(4);
  const whole = await beamSearch(model, { prompt, beamWidth: 3, maxNewTokens: 4 });
  const state = model.forward(Tensor.from([prompt[0]], { shape: [1, 1], dtype: 'int32' })).state;
  const pushed: number[] = [];
  const tokenizer: TextCodec = {
    encode: () => [prompt[1]],
    decode: (ids) => ids.join(''),
    createDecoder: () => ({
      push: (id) => `${(pushed.push(id), id)}`,
      flush: () => '.',
    }),
  };
  const next = await beamSearch(model, { prompt: 'x', tokenizer, state, beamWidth: 3, maxNewTokens: 4 });
  expect(next.map(({ tokens }) => tokens)).toEqual(whole.map(({ tokens }) => tokens));
  expect(next.map(({ text }) => text)).toEqual(whole.map(({ tokens }) => `${tokens.join('')}.`));
  expect(pushed.slice(0, 5)).toEqual([prompt[1], ...next[0].tokens]);
});

it('ends at the signal with what it has, and has nothing for an aborted one or no tokens', async () => {
  const model = makeModel(1);
  expect(await beamSearch(model, { prompt, signal: AbortSignal.abort() })).toEqual([]);
  expect(await beamSearch(model, { prompt, maxNewTokens: 0 })).toEqual([]);
  const controller = new AbortController();
  let steps = 0;
  const step = model.step.bind(model);
  model.step = (...given) => {
    if (++steps === 2) controller.abort(); // the third token; the first came from the prompt
    return step(...given);
  };
  const beams = await beamSearch(model, { prompt, signal: controller.signal });
  expect(beams.map(({ tokens, finished }) => [tokens.length, finished])).toEqual(Array(4).fill([3, false]));
});

it('refuses what cannot be, by name and with the remedy', async () => {
  const refusal = (options: Partial<BeamSearchOptions<RecurrentState>>, model = makeModel(1)) =>
    expect(beamSearch(model, { prompt, ...options })).rejects;
  await refusal({ beamWidth: 0 }).toThrow(
    new ConfigError('beamSearch: beamWidth is 0, expected an integer ≥ 1.'),
  );
  await refusal({ lengthNormalization: -1 }).toThrow(
    new ConfigError('beamSearch: lengthNormalization is -1, expected a number ≥ 0.'),
  );
  await refusal({ maxNewTokens: -1 }).toThrow(
    new ConfigError('beamSearch: maxNewTokens is -1, expected an integer ≥ 0.'),
  );
  await refusal({ prompt: [] }).toThrow('beamSearch: prompt is empty.');
  await refusal({}, makeModel(1, true)).toThrow(
    new ConfigError(
      'beamSearch: the model is bidirectional and would need the tokens that are not drawn yet.',
    ),
  );
});
