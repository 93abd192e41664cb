import { Tensor } from '@rnnlab/tensor';
import { LinesDataset, TextDataset, type Batch } from '@rnnlab/train';
import { describe, expect, it } from 'vitest';
import { fitManually, type FitManuallyOptions } from './fit-manually';
import { expectClose } from './testing/describe-tf-char-rnn';
import { engines, load } from './testing/engines';
import { lines, text, trainByHand } from './testing/train-by-hand';
import { TFCharRNN } from './tf-char-rnn';

const dataset = new LinesDataset(lines, { validationEvery: 4 });
const sizes = { vocabSize: dataset.tokenizer.vocabSize, hiddenSize: 6 };

describe.each(engines)('engine %s', (engine) => {
  it.each([
    ['rnn', { clipNorm: 0.3 }],
    ['lstm', { clipValue: 0.02 }],
    ['gru', {}],
  ] as const)('%s: the losses of plain gradient descent are those by hand', async (cell, clipping) => {
    const { tf } = await load(engine);
    const before = tf.memory().numTensors;
    const model = new TFCharRNN(tf, { cell, ...sizes, ...(cell === 'gru' && { resetAfter: false }) });
    const byHand = model.toLanguageModel();
    const optimizer = tf.train.sgd(0.5);
    const told: number[] = [];
    const onStep = ({ step }: { step: number }) => told.push(step);
    const options = { optimizer, epochs: 3, batchSize: 4, seed: 5, ...clipping, onStep };
    const steps = await fitManually(model, dataset, options);
    const epochs = [0, 1, 2].map((epoch) => [
      ...(dataset.trainingBatches({ batchSize: 4, epoch, seed: 5 }) as Iterable<Batch>),
    ]);
    const expected = trainByHand(byHand, epochs, { learningRate: 0.5, ...clipping }).flat();
    expectClose(
      steps.map(({ loss }) => loss),
      expected,
    );
    expect(steps[0].loss - steps.at(-1)!.loss).toBeGreaterThan(0.03);
    expect(told).toEqual(expected.map((_, k) => k + 1));
    expect(steps.map(({ tokens }) => tokens)).toEqual(epochs.flat().map(({ count }) => count));
    if ('clipNorm' in clipping) {
      expect(Math.min(...steps.map(({ gradientNorm }) => gradientNorm!))).toBeGreaterThan(clipping.clipNorm);
    } else {
      expect(steps.some((step) => 'gradientNorm' in step)).toBe(false);
    }
    const weights = model.stateDict();
    for (const { name, value } of byHand.parameters()) expectClose(weights.get(name)!.data, value.data);
    optimizer.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('carries the state of a text from batch to batch', async () => {
    const { tf } = await load(engine);
    const corpus = new TextDataset(text, { seqLen: 9 });
    const before = tf.memory().numTensors;
    const { vocabSize } = corpus.tokenizer;
    const model = new TFCharRNN(tf, { cell: 'lstm', vocabSize, hiddenSize: 6, numLayers: 2 });
    const byHand = model.toLanguageModel();
    const optimizer = tf.train.sgd(1);
    const steps = await fitManually(model, corpus, { optimizer, epochs: 2, batchSize: 4 });
    const batches = [...(corpus.trainingBatches({ batchSize: 4, epoch: 0 }) as Iterable<Batch>)];
    const carried = { learningRate: 1, carriesState: true };
    const expected = trainByHand(byHand, [batches, batches], carried).flat();
    expect(expected.length).toBeGreaterThan(10);
    expectClose(
      steps.map(({ loss }) => loss),
      expected,
    );
    optimizer.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('trains with any optimizer of tf.train', async () => {
    const { tf } = await load(engine);
    const before = tf.memory().numTensors;
    const optimizers = [
      tf.train.momentum(0.1, 0.9),
      tf.train.adagrad(0.1),
      tf.train.adadelta(1),
      tf.train.adam(0.02),
      tf.train.adamax(0.02),
      tf.train.rmsprop(0.01),
    ];
    for (const optimizer of optimizers) {
      const model = new TFCharRNN(tf, { cell: 'rnn', ...sizes });
      const steps = await fitManually(model, dataset, { optimizer, epochs: 4, batchSize: 9 });
      expect(steps.at(-1)!.loss, optimizer.getClassName()).toBeLessThan(steps[0].loss);
      optimizer.dispose();
      model.dispose();
    }
    // AdamaxOptimizer.dispose of tfjs 4.22 forgets the iteration counter.
    expect(tf.memory().numTensors).toBe(before + 1);
  });
});

it('stops at maxSteps, at the signal, and when a listener throws, and keeps no tensor', async () => {
  const { tf } = await load('cpu');
  const corpus = new TextDataset(text, { seqLen: 9 });
  const model = new TFCharRNN(tf, { cell: 'lstm', vocabSize: corpus.tokenizer.vocabSize, hiddenSize: 3 });
  const optimizer = tf.train.sgd(0.1);
  const before = tf.memory().numTensors;
  const shared = { optimizer, epochs: 100, batchSize: 4 };
  expect(await fitManually(model, corpus, { ...shared, maxSteps: 3 })).toHaveLength(3);
  const controller = new AbortController();
  const onStep = ({ step }: { step: number }) => step === 2 && controller.abort();
  expect(await fitManually(model, corpus, { ...shared, onStep, signal: controller.signal })).toHaveLength(2);
  const fail = () => {
    throw new Error('enough');
  };
  await expect(fitManually(model, corpus, { ...shared, onStep: fail })).rejects.toThrow('enough');
  expect(tf.memory().numTensors).toBe(before);
  model.dispose();
});

it('reads batches that are given as such in every epoch', async () => {
  const { tf } = await load('cpu');
  const model = new TFCharRNN(tf, { cell: 'rnn', vocabSize: 3, hiddenSize: 2 });
  const grid = (...rows: number[][]) => Tensor.from(rows, { dtype: 'int32' });
  const batch = { ids: grid([0], [1]), targets: grid([1], [2]), count: 2 };
  const steps = await fitManually(model, [batch, batch], { optimizer: tf.train.sgd(0.1), epochs: 2 });
  expect(steps.map(({ epoch }) => epoch)).toEqual([0, 0, 1, 1]);
  model.dispose();
});

it.each([
  [
    { clipNorm: 1, clipValue: 1 },
    'fitManually: clipNorm and clipValue are both given, expected one of them.',
  ],
  [{ clipNorm: 0 }, 'fitManually: clipNorm is 0, expected a number above 0.'],
  [{ clipValue: NaN }, 'fitManually: clipValue is NaN, expected a number above 0.'],
])('refuses %j', async (options, message) => {
  const { tf } = await load('cpu');
  const model = new TFCharRNN(tf, { cell: 'rnn', vocabSize: 3, hiddenSize: 2 });
  const all: FitManuallyOptions = { optimizer: tf.train.sgd(0.1), ...options };
  await expect(fitManually(model, [], all)).rejects.toThrow(message);
  model.dispose();
});

it('refuses a stateful model', async () => {
  const { tf } = await load('cpu');
  const model = new TFCharRNN(tf, { cell: 'rnn', vocabSize: 3, hiddenSize: 2, stateful: { batchSize: 2 } });
  await expect(fitManually(model, [], { optimizer: tf.train.sgd(0.1) })).rejects.toThrow(
    'fitManually: the model is stateful, and this loop carries the state in the open. Build the model without `stateful`.',
  );
  model.dispose();
});
