/**
 * Weights in both directions, against numbers of independent programs: the layout of PyTorch and Keras for the same network
 * (weight_conversion.json), and whole layers of Keras 3 and of TensorFlow.js, whose outputs and gradients ours reproduces
 * from their weights.
 */
import { readFileSync } from 'node:fs';
import { GRU } from '@rnnlab/gru';
import { LSTM } from '@rnnlab/lstm';
import { LanguageModel, RNN, type RecurrentLayer, type RecurrentState } from '@rnnlab/rnn';
import { Rng, Tensor } from '@rnnlab/tensor';
import type { CellType } from '@rnnlab/train';
import { describe, expect, it } from 'vitest';
import { fromKerasWeights, toKerasWeights } from './keras-weights';

const fixture = (name: string): any =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'));
const tensor = ({ shape, data }: any, dtype: 'float32' | 'float64' = 'float64') =>
  Tensor.from(data, { shape, dtype });
const parts = ['kernel', 'recurrent_kernel', 'bias'];

function expectClose(actual: Tensor, { shape, data }: any, atol: number, rtol: number): void {
  expect(actual.shape).toEqual(shape);
  data.forEach((expected: number, k: number) => {
    expect(Math.abs(actual.data[k] - expected)).toBeLessThanOrEqual(atol + rtol * Math.abs(expected));
  });
}

const makers = { rnn: RNN, lstm: LSTM, gru: GRU };
const make = (cell: CellType, options: any): RecurrentLayer<any> =>
  new makers[cell](options) as RecurrentLayer<any>;

describe('PyTorch’s rows and Keras’ columns of one network', () => {
  it.each(fixture('weight_conversion').cases as any[])(
    '$name',
    ({ cell: name, torch, keras, inputBTI, outputBTH }) => {
      const cell: CellType = name.toLowerCase();
      const state = new Map(Object.entries(torch).map(([key, value]) => [key, tensor(value)]));
      const weights = toKerasWeights(state, { cell });
      expect([...weights.keys()]).toEqual(parts.map((part) => `l0/${part}`));
      [...weights.values()].forEach((weight, k) => expectClose(weight, keras[k], 1e-7, 1e-7));
      // and back: Keras' weights run in our layer give the output that both programs gave
      const theirs = new Map(parts.map((part, k) => [`l0/${part}`, tensor(keras[k], 'float32')]));
      const [, , inputSize] = inputBTI.shape;
      const layer = make(cell, { inputSize, hiddenSize: outputBTH.shape[2], batchFirst: true });
      layer.loadStateDict(fromKerasWeights(theirs, { cell }));
      expectClose(layer.forward(tensor(inputBTI, 'float32')).output, outputBTH, 2e-6, 2e-6);
    },
  );
});

const cells: Record<string, CellType> = {
  SimpleRNN: 'rnn',
  simpleRNN: 'rnn',
  LSTM: 'lstm',
  lstm: 'lstm',
  GRU: 'gru',
  gru: 'gru',
};
const merges: Record<string, string> = { concat: 'concat', sum: 'sum' };

/** Loads the weights of a case, runs it forward and backward, and converts the gradients to their layout. */
function describeLayers(name: string, [output, gradient]: [[number, number], [number, number]]): void {
  const isTfjs = name.startsWith('tfjs');
  it.each(fixture(name).cases as any[])('$name', (one) => {
    const cell = cells[one.layer];
    const resetAfter = cell === 'gru' ? (one.config.reset_after ?? false) : undefined;
    const recurrentActivation = isTfjs ? (one.config.recurrentActivation ?? 'hardSigmoidTfjs') : 'sigmoid';
    const bidirectional = one.bidirectionalMergeMode !== null;
    const places = bidirectional ? ['l0', 'l0_reverse'] : ['l0'];
    const names = places.flatMap((place) =>
      parts.slice(0, one.weights.length / places.length).map((part) => `${place}/${part}`),
    );
    const layer = make(cell, {
      inputSize: one.input.shape[2],
      hiddenSize: one.units,
      bidirectional,
      bias: !(one.config.use_bias === false || one.config.useBias === false),
      batchFirst: true,
      dtype: 'float64',
      ...(bidirectional && { merge: merges[one.bidirectionalMergeMode] }),
      ...(cell === 'gru' && { resetAfter }),
      ...(cell !== 'rnn' && { recurrentActivation }),
    });
    const weights = new Map(names.map((each, k) => [each, tensor(one.weights[k])]));
    layer.loadStateDict(fromKerasWeights(weights, { cell, resetAfter }));
    const stateOf = (tensors: any[] | null): RecurrentState | undefined => {
      if (!tensors?.length) return undefined;
      const state = layer.zeroState(one.input.shape[0]);
      const kinds = layer.stateNames;
      tensors.forEach((each, k) => {
        state[kinds[k % kinds.length]].row(Math.floor(k / kinds.length)).copyFrom(tensor(each));
      });
      return state;
    };
    const { output: outputs, cache } = layer.forward(tensor(one.input), stateOf(one.initialState));
    expectClose(outputs, one.expected.outputs[0], ...output);
    layer.backward(cache, { output: tensor(one.upstream[0]), state: stateOf(one.upstream.slice(1)) });
    const grads = new Map(layer.parameters().map(({ name: ours, grad }) => [ours, grad]));
    const converted = toKerasWeights(grads, { cell, resetAfter });
    expect([...converted.keys()].sort()).toEqual([...names].sort());
    names.forEach((each, k) => expectClose(converted.get(each)!, one.expected.gradWeights[k], ...gradient));
    // exact both ways
    const again = toKerasWeights(fromKerasWeights(weights, { cell, resetAfter }), { cell, resetAfter });
    for (const [each, { data }] of weights) expect(again.get(each)!.data).toEqual(data);
  });
}

describe('layers of Keras 3, outputs and gradients', () =>
  describeLayers('keras_recurrent', [
    [1e-11, 1e-9],
    [1e-11, 1e-9],
  ]));
describe('layers of TensorFlow.js, outputs and gradients', () =>
  describeLayers('tfjs_recurrent', [
    [2e-5, 2e-5],
    [1e-4, 1e-4],
  ]));

describe('a round trip moves no bit', () => {
  const [I, H] = [3, 4];
  const forms: [string, CellType, object, boolean?][] = [];
  for (const dtype of ['float32', 'float64']) {
    for (const numLayers of [1, 3]) {
      for (const bidirectional of [false, true]) {
        for (const bias of [true, false]) {
          const options = { inputSize: I, hiddenSize: H, dtype, numLayers, bidirectional, bias };
          forms.push(['rnn', 'rnn', options], ['lstm', 'lstm', options], ['gru, Cho', 'gru', options, false]);
          if (bias) forms.push(['gru, reset after', 'gru', options, true]);
        }
      }
    }
  }
  it.each(forms)('%s %s %j', (_, cell, options, resetAfter) => {
    const recurrent = make(cell, { ...options, ...(cell === 'gru' && { resetAfter }) });
    const model = new LanguageModel({ vocabSize: 5, embeddingDim: I, recurrent });
    const rng = new Rng(1);
    for (const { value } of model.parameters())
      for (let k = 0; k < value.size; k++) value.data[k] = rng.normal();
    const before = new Map([...model.stateDict()].map(([name, value]) => [name, value.clone()]));
    const keras = toKerasWeights(before, { cell, resetAfter });
    expect([...keras.keys()][0]).toBe('embedding/embeddings');
    expect(keras.get('head/kernel')!.shape).toEqual([recurrent.outputSize, 5]);
    const after = fromKerasWeights(keras, { cell, resetAfter });
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
    for (const [name, { data, dtype }] of before) {
      expect(after.get(name)!.data).toEqual(data);
      expect(after.get(name)!.dtype).toBe(dtype);
    }
  });
});

it.each(['rnn', 'lstm', 'gru'] as const)(
  '%s: two biases become their sum, and the network stays the same',
  (cell) => {
    const options = {
      inputSize: 3,
      hiddenSize: 4,
      recurrentBias: true,
      dtype: 'float64',
      ...(cell === 'gru' && { resetAfter: false }),
    };
    const layer = make(cell, { ...options, seed: 1 });
    const rng = new Rng(2);
    for (const { value } of layer.parameters())
      for (let k = 0; k < value.size; k++) value.data[k] = rng.normal();
    const keras = toKerasWeights(layer.stateDict(), { cell, resetAfter: false });
    expect(keras.size).toBe(3);
    const other = make(cell, { ...options, seed: 3 });
    other.loadStateDict(fromKerasWeights(keras, { cell, resetAfter: false, recurrentBias: true }));
    expect(
      other
        .stateDict()
        .get('bias_hh_l0')!
        .data.every((bias) => bias === 0),
    ).toBe(true);
    const input = Tensor.from(
      Float64Array.from({ length: 30 }, () => rng.normal()),
      { shape: [5, 2, 3] },
    );
    const expected = layer.forward(input).output;
    expectClose(
      other.forward(input).output,
      { shape: [...expected.shape], data: [...expected.data] },
      1e-12,
      1e-12,
    );
  },
);

describe('refuses', () => {
  const gru = new GRU({ inputSize: 3, hiddenSize: 4 });
  const before = new GRU({ inputSize: 3, hiddenSize: 4, resetAfter: false });

  it('a GRU that resets after the product, to tfjs', () => {
    expect(() => toKerasWeights(gru.stateDict(), { cell: 'gru', target: 'tfjs' })).toThrow(
      "toKerasWeights: cell 'gru' has resetAfter: true, which TensorFlow.js cannot run: its GRU resets before the recurrent product (Cho et al. 2014) and no conversion of weights makes one out of the other. Build the model with resetAfter: false.",
    );
    expect(toKerasWeights(gru.stateDict(), { cell: 'gru' }).get('l0/bias')!.shape).toEqual([2, 12]);
    expect(toKerasWeights(before.stateDict(), { cell: 'gru', resetAfter: false, target: 'tfjs' }).size).toBe(
      3,
    );
  });

  it('one form of the GRU for the other', () => {
    expect(() => toKerasWeights(before.stateDict(), { cell: 'gru' })).toThrow(
      'toKerasWeights: bias_ih_l0 stands without its bias_hh, and a GRU with resetAfter: true always has both. Give resetAfter: false if it is the other form.',
    );
    const weights = toKerasWeights(gru.stateDict(), { cell: 'gru' });
    expect(() => fromKerasWeights(weights, { cell: 'gru', resetAfter: false })).toThrow(
      'fromKerasWeights: l0/bias has shape [2, 12], expected [3·hiddenSize]. Is it a GRU with resetAfter: true?',
    );
  });

  it('names that no model has, and weights that are not of the cell', () => {
    const odd = Tensor.zeros([5, 3]);
    expect(() => toKerasWeights(new Map([['decoder.weight', odd]]), { cell: 'lstm' })).toThrow(
      'toKerasWeights: decoder.weight: expected the names of a language model or of a recurrent layer, e.g. rnn.weight_ih_l0, weight_hh_l0_reverse, head.bias.',
    );
    expect(() => toKerasWeights(new Map([['bias_hh_l0', Tensor.zeros([8])]]), { cell: 'lstm' })).toThrow(
      'toKerasWeights: bias_hh_l0 without its bias_ih: expected',
    );
    expect(() => fromKerasWeights(new Map([['lstm/lstm_cell/kernel', odd]]), { cell: 'lstm' })).toThrow(
      'fromKerasWeights: lstm/lstm_cell/kernel: expected the names that toKerasWeights gives, e.g. rnn/l0/kernel, l0_reverse/bias, head/kernel.',
    );
    expect(() => toKerasWeights(new Map([['weight_ih_l0', odd]]), { cell: 'lstm' })).toThrow(
      "keras layout: a weight of cell 'lstm' has shape [5, 3], expected rows in 4 blocks of equal size.",
    );
    expect(() => fromKerasWeights(new Map([['l0/bias', Tensor.zeros([5])]]), { cell: 'lstm' })).toThrow(
      'fromKerasWeights: l0/bias has shape [5], expected [4·hiddenSize].',
    );
  });
});
