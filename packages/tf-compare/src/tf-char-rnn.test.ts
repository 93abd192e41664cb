import { describe, expect, it } from 'vitest';
import { describeTFCharRNN } from './testing/describe-tf-char-rnn';
import { engines, load } from './testing/engines';
import { TFCharRNN } from './tf-char-rnn';
import type { TFCharRNNOptions } from './tf-char-rnn-options';

describe.each(engines)('engine %s', (engine) => describeTFCharRNN(engine));

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
    const { Tensor } = await import('@rnnlab/tensor');
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
