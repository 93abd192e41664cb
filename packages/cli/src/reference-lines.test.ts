import { readFile } from 'node:fs/promises';
import { LinesDataset } from '@rnnlab/train';
import { expect, it } from 'vitest';
import { referenceLines } from './reference-lines';

it('scores the dinosaur names as the known figures of this split', async () => {
  const text = await readFile(new URL('../../../examples/data/dinos.txt', import.meta.url), 'utf8');
  const dataset = new LinesDataset(text, { lowerCase: true, validationEvery: 10 });
  const { unigram, bigram } = referenceLines(dataset)!;
  expect(unigram).toBeCloseTo(2.829957, 5);
  expect(bigram).toBeCloseTo(2.173663, 5);
});

it('is worked out by hand on three lines', () => {
  const dataset = new LinesDataset(['ab', 'aa', 'ab'], { validationEvery: 3, duplicates: 'keep' });
  // Training ab⏎aa⏎, V = 3: n(a) = 3, n(b) = 1, n(⏎) = 2, N = 6. Validation a, b, ⏎.
  const { unigram, bigram } = referenceLines(dataset)!;
  expect(unigram).toBeCloseTo(-(Math.log(4 / 9) + Math.log(2 / 9) + Math.log(3 / 9)) / 3, 12);
  // ⏎→a twice of 2, a→b once of 3, b→⏎ once of 1
  expect(bigram).toBeCloseTo(-(Math.log(3 / 5) + Math.log(2 / 6) + Math.log(2 / 4)) / 3, 12);
});

it('has nothing to say without a validation part', () => {
  expect(referenceLines(new LinesDataset(['ab', 'aa'], { validationEvery: 0 }))).toBeUndefined();
});
