/** A quick guard of the whole chain on real data; the full measurement is bench/dinos-quality.mjs. */
import { readFileSync } from 'node:fs';
import { Adam } from '@rnnlab/optimizers';
import { expect, it } from 'vitest';
import { createLanguageModel } from './create-language-model';
import { LinesDataset } from './lines-dataset';
import { noveltyOf } from './novelty';
import { referenceLines } from './reference-lines';
import { Trainer } from './trainer';

it('five epochs of dinosaur names are far better than an add-one bigram, and most names drawn are new', async () => {
  const text = readFileSync(new URL('../fixtures/dinos.txt', import.meta.url), 'utf8');
  const dataset = new LinesDataset(text, { lowerCase: true });
  const { vocabSize } = dataset.tokenizer;
  const model = createLanguageModel({ cell: 'gru', vocabSize, hiddenSize: 50, seed: 1 });
  const optimizer = new Adam(model.parameters(), { learningRate: 0.01 });
  const sample = { count: 20, maxNewTokens: 30, temperature: 0.8 };
  const trainer = new Trainer({ model, dataset, optimizer, epochs: 5, clipNorm: 5, seed: 1, sample });
  let texts: string[] = [];
  for await (const event of trainer.run()) if (event.type === 'sample') texts = event.texts;
  const { loss } = await trainer.evaluate();
  expect(loss).toBeLessThan(1.75);
  expect(referenceLines(dataset)!.bigram - loss).toBeGreaterThan(0.4);
  const novelty = noveltyOf(texts, dataset);
  expect(novelty.new).toBeGreaterThan(10);
  expect(novelty.distinct).toBeGreaterThan(15);
});
