/** The loss on the validation split is a mean over its targets, in whatever batches they come. */
import { expect, it } from 'vitest';
import { createLanguageModel } from './create-language-model';
import type { Dataset } from './dataset';
import { evaluate } from './evaluate';
import { LinesDataset } from './lines-dataset';
import { TextDataset } from './text-dataset';

const setUp = (dataset: Dataset) =>
  createLanguageModel({
    cell: 'lstm',
    vocabSize: dataset.tokenizer.vocabSize,
    hiddenSize: 5,
    dtype: 'float64',
    seed: 3,
  });

it('weighs every target alike, in long and in short lines', async () => {
  const dataset = new LinesDataset(['diplo', 'rex', 'allo', 'stegosaurus', 'tri', 'mosasaur', 'compy'], {
    validationFraction: 0.7,
  });
  const model = setUp(dataset);
  let [nats, tokens] = [0, 0];
  for (const line of dataset.validationBatches(1)) {
    const { loss } = model.forward(line.ids, line.targets);
    nats += loss * line.count;
    tokens += line.count;
  }
  for (const batchSize of [1, 2, 3, 32]) {
    const measured = await evaluate(model, dataset, { batchSize });
    expect(measured.tokens).toBe(tokens);
    expect(measured.loss).toBeCloseTo(nats / tokens, 12);
  }
});

it('carries the state through a text, so that the length of a chunk does not matter', async () => {
  const text = 'to be, or not to be: that is the question. whether it is nobler in the mind to suffer.';
  const loss = async (seqLen: number) => {
    const dataset = new TextDataset(text, { seqLen, validationFraction: 0.4 });
    return (await evaluate(setUp(dataset), dataset, { batchSize: 1 })).loss;
  };
  const whole = await loss(40);
  expect(await loss(5)).toBeCloseTo(whole, 12);
  expect(await loss(7)).toBeCloseTo(whole, 12);
});
