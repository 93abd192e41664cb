import { Rng } from '@rnnlab/tensor';
import { createLanguageModel, LinesDataset, sampleTexts } from '@rnnlab/train';
import { expect, it } from 'vitest';
import { load } from './testing/engines';
import { TensorFlowTwin } from './twin';
import { sampleTwin } from './twin-samples';

const dataset = new LinesDataset(['ada', 'grace', 'hedy', 'jean', 'mary'], { validationFraction: 0 });
const model = createLanguageModel({
  cell: 'lstm',
  vocabSize: dataset.tokenizer.vocabSize,
  hiddenSize: 6,
  numLayers: 2,
  init: 'torch',
  seed: 3,
});

it('writes the same texts as ours at the same seed, and others at another', async () => {
  const { tf } = await load('cpu');
  const before = tf.memory().numTensors;
  const twin = new TensorFlowTwin(tf, model);
  const options = { count: 4, maxNewTokens: 12, temperature: 0.9 };
  const ours = await sampleTexts(model, dataset, { ...options, rng: new Rng(5) });
  expect(sampleTwin(twin, dataset, { ...options, seed: 5 })).toEqual(ours);
  expect(sampleTwin(twin, dataset, { ...options, seed: 6 })).not.toEqual(ours);
  expect(ours.some((text) => text.length > 1 && text.length < 12)).toBe(true); // an end of line came
  twin.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
