import { Tensor } from '@rnnlab/tensor';
import { createLanguageModel } from '@rnnlab/train';
import { describe, expect, it } from 'vitest';
import { toKerasWeights } from './keras-weights';
import { describeTFCharRNN, expectClose, timeMajor } from './testing/describe-tf-char-rnn';
import { engines, load } from './testing/engines';
import { TFCharRNN } from './tf-char-rnn';
import type { TFCharRNNOptions } from './tf-char-rnn-options';
import { tidied } from './tidied';

describe.each(engines)('engine %s', (engine) => describeTFCharRNN(engine));

describe('starts', () => {
  it.each([
    { cell: 'lstm', vocabSize: 7, hiddenSize: 5, forgetBias: 3, seed: 4 },
    {
      cell: 'gru',
      vocabSize: 7,
      hiddenSize: 5,
      resetAfter: false,
      numLayers: 2,
      embeddingDim: 3,
      init: 'torch',
      seed: 5,
    },
    { cell: 'rnn', vocabSize: 7, hiddenSize: 5, recurrentBias: true },
  ] as const)('from the weights of our model with the same options: %j', async (options) => {
    const { tf } = await load('cpu');
    const model = new TFCharRNN(tf, options);
    const state = model.stateDict();
    const byHand = createLanguageModel(options);
    expect([...state.keys()].sort()).toEqual(
      byHand
        .parameters()
        .map(({ name }) => name)
        .sort(),
    );
    for (const { name, value } of byHand.parameters()) expect(state.get(name)!.data).toEqual(value.data);
    expect([...model.kerasWeights().keys()]).toEqual([
      ...toKerasWeights(byHand.stateDict(), { cell: options.cell, resetAfter: false }).keys(),
    ]);
    model.dispose();
  });

  it('with other weights for another seed and in both directions', async () => {
    const { tf } = await load('cpu');
    const models = [1, 2].map(
      (seed) => new TFCharRNN(tf, { cell: 'lstm', vocabSize: 7, hiddenSize: 5, bidirectional: true, seed }),
    );
    const [first, second] = models.map((model) => model.stateDict());
    expect(first.get('rnn.weight_ih_l0')!.data).not.toEqual(second.get('rnn.weight_ih_l0')!.data);
    expect(first.get('rnn.weight_ih_l0')!.data).not.toEqual(first.get('rnn.weight_ih_l0_reverse')!.data);
    models.forEach((model) => model.dispose());
  });
});

it('drops between layers while training and not else', async () => {
  const { tf } = await load('cpu');
  const model = new TFCharRNN(tf, { cell: 'lstm', vocabSize: 7, hiddenSize: 5, numLayers: 3, dropout: 0.5 });
  const ids = Tensor.from(
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    { dtype: 'int32' },
  );
  const logits = (training: boolean) => tidied(tf, () => model.forward(ids, { training }).logits.dataSync());
  expectClose(timeMajor(logits(false), 3, 2), model.toLanguageModel().forward(ids).logits.data);
  expect(logits(true)).not.toEqual(logits(false));
  expect(logits(true)).not.toEqual(logits(true));
  model.dispose();
});

describe('refuses', async () => {
  const { tf } = await load('cpu');
  const sizes = { vocabSize: 7, hiddenSize: 5 };
  const rows: [string, TFCharRNNOptions, string][] = [
    [
      'a GRU that resets after the product',
      { cell: 'gru', ...sizes },
      "TFCharRNN: cell 'gru' has resetAfter: true, which TensorFlow.js cannot run: its GRU resets before the recurrent product (Cho et al. 2014) and no conversion of weights makes one out of the other. Build the model with resetAfter: false.",
    ],
    [
      'tied weights',
      { cell: 'lstm', ...sizes, embeddingDim: 5, tieWeights: true },
      "TFCharRNN: tieWeights is true, and Keras' layers of TensorFlow.js cannot share a table with a transposed matrix. Leave it out.",
    ],
    [
      'float64',
      { cell: 'lstm', ...sizes, dtype: 'float64' },
      "TFCharRNN: dtype is 'float64', expected 'float32': TensorFlow.js has no other floating-point numbers.",
    ],
    [
      'no rows',
      { cell: 'lstm', ...sizes, stateful: { batchSize: 0 } },
      'TFCharRNN: stateful.batchSize is 0, expected an integer ≥ 1: the rows of every batch.',
    ],
    [
      'an activation that tfjs does not have',
      { cell: 'rnn', ...sizes, nonlinearity: 'hardSigmoid' },
      "TFCharRNN: nonlinearity is 'hardSigmoid', and TensorFlow.js has only sigmoid, tanh, relu, linear, hardSigmoidTfjs. Use one of them.",
    ],
    [
      'what our own model refuses',
      { cell: 'lstm', vocabSize: 7, hiddenSize: 0 },
      'LSTM: hiddenSize is 0, expected an integer ≥ 1.',
    ],
  ];
  it.each(rows)('%s', (_, options, message) => {
    const before = tf.memory().numTensors;
    expect(() => new TFCharRNN(tf, options)).toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('weights of another model, and changes nothing then', () => {
    const model = new TFCharRNN(tf, { cell: 'lstm', ...sizes, seed: 1 });
    const other = new TFCharRNN(tf, { cell: 'lstm', vocabSize: 7, hiddenSize: 4, embeddingDim: 3 });
    const weights = model.stateDict();
    expect(() => model.loadStateDict(other.stateDict())).toThrow(
      'TFCharRNN.loadStateDict: embedding.weight is unknown; rnn.weight_ih_l0 has shape [16, 3], expected [20, 7]; rnn.weight_hh_l0 has shape [16, 4], expected [20, 5]; rnn.bias_ih_l0 has shape [16], expected [20]; head.weight has shape [7, 4], expected [7, 5]. Build both models with the same options.',
    );
    weights.delete('head.bias');
    expect(() => model.loadStateDict(weights)).toThrow('TFCharRNN.loadStateDict: head.bias is missing.');
    model.dispose();
    other.dispose();
  });

  it('a state for a stateful model, and a text from a bidirectional one', async () => {
    const stateful = new TFCharRNN(tf, { cell: 'rnn', ...sizes, stateful: { batchSize: 1 } });
    const both = new TFCharRNN(tf, { cell: 'rnn', ...sizes, bidirectional: true });
    expect(() => stateful.forward(tf.zeros([1, 2, 7]), { state: [tf.zeros([1, 5])] })).toThrow(
      'TFCharRNN.forward: the model is stateful and keeps its own state. Leave `state` out, or build it without `stateful`.',
    );
    await expect(both.generate({ prompt: [1] }).next()).rejects.toThrow(
      'TFCharRNN.generate: the model is bidirectional and would need the tokens that are not drawn yet.',
    );
    await expect(stateful.generate({ prompt: [] }).next()).rejects.toThrow(
      'TFCharRNN.generate: prompt is empty. Give at least one token.',
    );
    await expect(stateful.generate({ prompt: 'a' }).next()).rejects.toThrow(
      'TFCharRNN.generate: prompt is a text and there is no tokenizer. Give one, or token ids.',
    );
    stateful.dispose();
    both.dispose();
  });

  it('ids that are none', async () => {
    const model = new TFCharRNN(tf, { cell: 'rnn', ...sizes });
    expect(() => model.encode(Tensor.from([[1], [7]], { dtype: 'int32' }))).toThrow(
      'TFCharRNN: id 7 at [1, 0], expected 0 to vocabSize − 1 = 6.',
    );
    expect(() => model.encode(Tensor.from([1, 2]))).toThrow(
      'TFCharRNN: ids are float32 [2], expected int32 [seqLen, batchSize].',
    );
    model.dispose();
  });
});
