import { ConfigError, dot, Rng, ShapeError, Tensor } from '@rnnlab/tensor';
import { expectGradients, gradCheck, randomTensor, tensorMatchers } from '@rnnlab/tensor/testing';
import { describe, expect, it } from 'vitest';
import { LanguageModel } from './language-model';
import type { LanguageModelOptions } from './language-model-types';
import type { RecurrentOptions } from './recurrent-options';
import { RNN } from './rnn';

expect.extend(tensorMatchers);

const [V, T, B] = [5, 4, 3];
const ids = (seed: number, shape = [T, B]) => {
  const rng = new Rng(seed);
  return Tensor.from(
    Array.from({ length: shape[0] * shape[1] }, () => rng.int(V)),
    { shape, dtype: 'int32' },
  );
};

type Part = Partial<Omit<LanguageModelOptions<{ h: Tensor }>, 'recurrent'>>;
function makeModel({ embeddingDim, tieWeights, seed }: Part = {}, recurrent: Partial<RecurrentOptions> = {}) {
  const inputSize = embeddingDim ?? V;
  const layers = new RNN({ inputSize, hiddenSize: 6, dtype: 'float64', seed: 1, ...recurrent });
  return new LanguageModel({ vocabSize: V, recurrent: layers, embeddingDim, tieWeights, seed });
}

describe.each<[string, Part, Partial<RecurrentOptions>]>([
  ['one-hot tokens', {}, {}],
  ['an embedding', { embeddingDim: 4 }, {}],
  ['tied weights', { embeddingDim: 6, tieWeights: true }, {}],
  ['two layers, batch first', { embeddingDim: 4 }, { numLayers: 2, batchFirst: true }],
])('LanguageModel with %s', (_, part, recurrent) => {
  const shape = recurrent.batchFirst ? [B, T] : [T, B];
  const model = () => makeModel({ seed: 2, ...part }, recurrent);

  it('has the gradients of differences, through loss, state and padding', () => {
    const lm = model();
    const targets = ids(4, shape);
    targets.data[5] = -100;
    targets.data[9] = -100;
    const state = { h: randomTensor([recurrent.numLayers ?? 1, B, 6], new Rng(5), { dtype: 'float64' }) };
    const upstream = { h: randomTensor(state.h.shape, new Rng(6), { dtype: 'float64' }) };
    const dState = Tensor.zeros(state.h.shape, 'float64');
    const run = () => lm.forward(ids(3, shape), targets, { state, labelSmoothing: 0.1 });
    const rows = gradCheck({
      loss: () => {
        const { loss, state: last } = run();
        return 1.5 * loss + dot(last.h, upstream.h);
      },
      backward: () => {
        lm.zeroGrad();
        dState.copyFrom(lm.backward(run().cache, { loss: 1.5, state: upstream }).state.h);
      },
      parameters: [...lm.parameters(), { name: 'h0', value: state.h, grad: dState }],
    });
    expect(rows).toHaveLength(lm.parameters().length + 1);
    expectGradients(rows, 1e-6);
  });

  it('scores step by step what it scores in one run', () => {
    const lm = model();
    const sequence = ids(3, shape);
    const whole = lm.forward(sequence);
    const state = lm.zeroState(B);
    for (let t = 0; t < T; t++) {
      const tokens = Array.from({ length: B }, (_, b) =>
        sequence.at(...(recurrent.batchFirst ? [b, t] : [t, b])),
      );
      const logits = lm.step(Tensor.from(tokens, { dtype: 'int32' }), state);
      for (let b = 0; b < B; b++) {
        const expected = recurrent.batchFirst ? whole.logits.row(b).row(t) : whole.logits.row(t).row(b);
        expect(logits.row(b)).toBeCloseToTensor(expected, { rtol: 1e-12, atol: 1e-14 });
      }
    }
    expect(state.h).toBeCloseToTensor(whole.state.h, { rtol: 1e-12, atol: 1e-14 });
  });

  it('counts no position whose target is ignored', () => {
    const lm = model();
    const targets = ids(4, shape);
    const { perRow, mean } = scored(lm, targets);
    targets.data[2] = targets.data[7] = -100;
    const { loss, count } = lm.forward(ids(3, shape), targets);
    expect(count).toBe(T * B - 2);
    const rest = mean - (perRow[2] + perRow[7]) / (T * B);
    expect(loss).toBeCloseTo((rest * T * B) / (T * B - 2), 12);
  });

  it('saves and loads its weights', () => {
    const lm = model();
    const copy = makeModel({ ...part, seed: 9 }, { ...recurrent, seed: 9 });
    expect(copy.forward(ids(3, shape)).logits.data).not.toEqual(lm.forward(ids(3, shape)).logits.data);
    copy.loadStateDict(lm.stateDict());
    expect(copy.forward(ids(3, shape)).logits).toEqualTensor(lm.forward(ids(3, shape)).logits);
  });

  /** The loss of every position on its own. */
  function scored(lm: LanguageModel, targets: Tensor) {
    const perRow = Array.from(targets.data, (_target, n) => {
      const only = Tensor.full(targets.shape, -100, 'int32');
      only.data[n] = targets.data[n];
      return lm.forward(ids(3, shape), only).loss;
    });
    return { perRow, mean: lm.forward(ids(3, shape), targets).loss };
  }
});

it.each<[string, Part, Partial<RecurrentOptions>]>([
  ['one-hot tokens', {}, {}],
  ['tied weights, two layers', { embeddingDim: 6, tieWeights: true }, { numLayers: 2 }],
])('goes on from the state of the chunk before, with %s', (_, part, recurrent) => {
  const lm = makeModel(part, recurrent);
  const whole = lm.forward(ids(3));
  const first = lm.forward(ids(3).slice(0, 3));
  const second = lm.forward(ids(3).slice(3, T), undefined, { state: first.state });
  expect(second.logits).toBeCloseToTensor(whole.logits.slice(3, T), { rtol: 1e-12, atol: 1e-14 });
  expect(second.state.h).toBeCloseToTensor(whole.state.h, { rtol: 1e-12, atol: 1e-14 });
  expect(lm.zeroState(B).h.shape).toEqual(whole.state.h.shape);
});

it('names its parameters by part, the tied table once', () => {
  const names = (lm: LanguageModel) => [...lm.stateDict().keys()];
  const rnn = ['rnn.weight_ih_l0', 'rnn.weight_hh_l0', 'rnn.bias_ih_l0'];
  expect(names(makeModel())).toEqual([...rnn, 'head.weight', 'head.bias']);
  expect(names(makeModel({ embeddingDim: 4 }))).toEqual([
    'embedding.weight',
    ...rnn,
    'head.weight',
    'head.bias',
  ]);
  const tied = makeModel({ embeddingDim: 6, tieWeights: true });
  expect(names(tied)).toEqual(['embedding.weight', ...rnn, 'head.bias']);
  expect(tied.head.weight).toBe(tied.embedding!.weight);
});

it('adds the gradients of both uses of a tied table', () => {
  const tied = makeModel({ embeddingDim: 6, tieWeights: true });
  const apart = makeModel({ embeddingDim: 6 });
  const state = new Map(tied.stateDict());
  apart.loadStateDict(state.set('head.weight', tied.embedding!.weight.value));
  for (const lm of [tied, apart]) lm.backward(lm.forward(ids(3), ids(4)).cache);
  const sum = apart.embedding!.weight.grad.data.map((g, k) => g + apart.head.weight.grad.data[k]);
  expect(tied.embedding!.weight.grad).toBeCloseToTensor(new Tensor(sum, [V, 6]), {
    rtol: 1e-12,
    atol: 1e-14,
  });
});

it("takes the gradient of a loss of one's own", () => {
  const [a, b] = [makeModel(), makeModel()];
  const { cache, logits } = a.forward(ids(3));
  const upstream = randomTensor(logits.shape, new Rng(8), { dtype: 'float64' });
  a.backward(cache, { logits: upstream });
  const head = b.head.forward(b.recurrent.forward(ids(3)).output);
  b.head.backward(head.cache, { output: upstream });
  expect(a.head.weight.grad).toEqualTensor(b.head.weight.grad);
});

it('refuses what does not fit, by name and with the remedy', () => {
  const recurrent = new RNN({ inputSize: 4, hiddenSize: 6 });
  expect(() => new LanguageModel({ vocabSize: V, recurrent })).toThrow(
    new ConfigError(
      'LanguageModel: recurrent.inputSize is 4, expected 5 like vocabSize (tokens enter as one-hot vectors).',
    ),
  );
  expect(() => new LanguageModel({ vocabSize: V, recurrent, embeddingDim: 3 })).toThrow(
    new ConfigError('LanguageModel: recurrent.inputSize is 4, expected 3 like embeddingDim.'),
  );
  expect(() => new LanguageModel({ vocabSize: V, recurrent, embeddingDim: 4, tieWeights: true })).toThrow(
    new ConfigError(
      'LanguageModel: tieWeights is true and embeddingDim is 4, expected recurrent.outputSize=6: one table serves the embedding and the head.',
    ),
  );
  expect(() => new LanguageModel({ vocabSize: 0, recurrent })).toThrow(
    new ConfigError('LanguageModel: vocabSize is 0, expected an integer ≥ 1.'),
  );
  const lm = makeModel();
  expect(() => lm.forward(ids(3), ids(3, [T, 2]))).toThrow(
    new ShapeError(
      'crossEntropy: targets has shape [4, 2], expected [rows0=4, rows1=3]. One class id for each row of the scores.',
    ),
  );
  expect(() => lm.backward(lm.forward(ids(3)).cache)).toThrow(
    new ConfigError(
      'LanguageModel.backward: forward had no targets, so there is no loss. Give targets to forward, or logits to backward.',
    ),
  );
});
