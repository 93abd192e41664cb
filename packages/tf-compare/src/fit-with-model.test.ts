import { LinesDataset, TextDataset, type Batch } from '@rnnlab/train';
import { describe, expect, it } from 'vitest';
import { fitWithModel } from './fit-with-model';
import { expectClose } from './testing/describe-tf-char-rnn';
import { engines, load } from './testing/engines';
import { lines, text, trainByHand } from './testing/train-by-hand';
import { TFCharRNN } from './tf-char-rnn';

// Without pools of similar length only the last batch is smaller, as in `fit`.
const dataset = new LinesDataset(lines, { validationEvery: 4, bucketBatches: 1 });
const sizes = { vocabSize: dataset.tokenizer.vocabSize, hiddenSize: 6 };
const batchSize = 4;
const batchesOf = (epoch = 0): Batch[] => [
  ...(dataset.trainingBatches({ batchSize, epoch, seed: 3 }) as Iterable<Batch>),
];

/** The loss of an epoch as Keras reports it: each batch weighted by its rows. */
function byRows(batches: readonly Batch[], losses: readonly number[]): number {
  const rows = batches.map(({ ids }) => ids.shape[1]);
  return losses.reduce((sum, loss, k) => sum + loss * rows[k], 0) / rows.reduce((a, b) => a + b);
}

describe.each(engines)('engine %s', (engine) => {
  it.each([
    ['rnn', false],
    ['lstm', true], // whose reverse direction begins in the padding
    ['gru', false],
  ] as const)(
    '%s, bidirectional: %s: the losses of model.fit are those by hand',
    async (cell, bidirectional) => {
      const { tf } = await load(engine);
      const before = tf.memory().numTensors;
      const model = new TFCharRNN(tf, {
        cell,
        ...sizes,
        embeddingDim: 5,
        numLayers: 2,
        bidirectional,
        ...(cell === 'gru' && { resetAfter: false }),
      });
      const byHand = model.toLanguageModel();
      const optimizer = tf.train.sgd(0.5);
      const seen: number[] = [];
      const history = await fitWithModel(model, dataset, {
        optimizer,
        epochs: 3,
        batchSize,
        seed: 3,
        validate: true,
        callbacks: { onEpochEnd: async (_, logs) => void seen.push(logs!.loss) },
      });
      const batches = batchesOf();
      expect(new Set(batches.map(({ ids }) => ids.shape[0])).size).toBeGreaterThan(1); // there is padding
      const validation = [...(dataset.validationBatches(batchSize) as Iterable<Batch>)];
      const held: number[] = [];
      const expected = [0, 1, 2].map(() => {
        const [losses] = trainByHand(byHand, [batches], { learningRate: 0.5 });
        held.push(
          byRows(
            validation,
            validation.map(({ ids, targets, lengths }) => byHand.forward(ids, targets, { lengths }).loss),
          ),
        );
        return byRows(batches, losses);
      });
      expectClose(history.loss, expected);
      expectClose(history.validationLoss!, held);
      expect(seen).toEqual(history.loss);
      expect(history.loss[0] - history.loss[2]).toBeGreaterThan(0.05);
      const weights = model.stateDict();
      for (const { name, value } of byHand.parameters()) expectClose(weights.get(name)!.data, value.data);
      optimizer.dispose();
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it.each(engine === 'cpu' ? [false, true] : [false])(
    'a text whose state is carried by stateful layers; two directions: %s',
    async (bidirectional) => {
      const { tf } = await load(engine);
      const corpus = new TextDataset(text, { seqLen: 9 });
      const batches = [...(corpus.trainingBatches({ batchSize, epoch: 0 }) as Iterable<Batch>)];
      const before = tf.memory().numTensors;
      const model = new TFCharRNN(tf, {
        cell: 'lstm',
        vocabSize: corpus.tokenizer.vocabSize,
        hiddenSize: 6,
        stateful: { batchSize },
        bidirectional,
      });
      const byHand = model.toLanguageModel();
      const optimizer = tf.train.sgd(1);
      const { loss } = await fitWithModel(model, corpus, { optimizer, epochs: 2 });
      const carried = { learningRate: 1, carriesState: true };
      const expected = trainByHand(byHand, [batches, batches], carried).map((losses) =>
        byRows(batches, losses),
      );
      expectClose(loss, expected);
      optimizer.dispose();
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});

it('runs early stopping of tf.callbacks, shuffles when told to, and gives the memory back after an error', async () => {
  const { tf } = await load('cpu');
  const model = new TFCharRNN(tf, { cell: 'rnn', ...sizes });
  const optimizer = tf.train.sgd(0); // learns nothing, so the loss never falls
  await fitWithModel(model, dataset, { optimizer });
  const before = tf.memory();
  const stop = tf.callbacks.earlyStopping({ monitor: 'val_loss', patience: 1 });
  const { loss, validationLoss } = await fitWithModel(model, dataset, {
    optimizer,
    epochs: 50,
    validate: true,
    shuffle: true,
    callbacks: stop,
  });
  expect(loss.length).toBeLessThan(5);
  expect(validationLoss).toHaveLength(loss.length);
  expect(tf.memory()).toEqual(before);
  const callbacks = {
    onBatchEnd: async () => {
      throw new Error('enough');
    },
  };
  await expect(fitWithModel(model, dataset, { optimizer, callbacks })).rejects.toThrow('enough');
  // The examples are let go; `fit` itself leaves two numbers when a callback throws.
  expect(tf.memory().numBytes - before.numBytes).toBeLessThan(100);
  model.dispose();
});

it('refuses a stateful model on what has no state to carry', async () => {
  const { tf } = await load('cpu');
  const optimizer = tf.train.sgd(0.1);
  const corpus = new TextDataset(text, { seqLen: 9 });
  const model = new TFCharRNN(tf, {
    cell: 'rnn',
    vocabSize: corpus.tokenizer.vocabSize,
    hiddenSize: 2,
    stateful: { batchSize },
  });
  await expect(fitWithModel(model, dataset, { optimizer })).rejects.toThrow(
    'fitWithModel: the model is stateful and the dataset starts every row afresh. Build the model without `stateful`.',
  );
  await expect(fitWithModel(model, corpus, { optimizer, batchSize: 5 })).rejects.toThrow(
    'fitWithModel: batchSize is 5, expected 4 like stateful.batchSize of the model.',
  );
  await expect(fitWithModel(model, corpus, { optimizer, validate: true })).rejects.toThrow(
    'fitWithModel: shuffle and validate break the text that a stateful model reads. Leave them out.',
  );
  model.dispose();
});
