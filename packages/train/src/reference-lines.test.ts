import { readFileSync } from 'node:fs';
import { Rng } from '@rnnlab/tensor';
import { expect, it } from 'vitest';
import { LinesDataset } from './lines-dataset';
import { NGramModel } from './ngram-model';
import { referenceLines } from './reference-lines';
import { TextDataset } from './text-dataset';

const dinos = readFileSync(new URL('../fixtures/dinos.txt', import.meta.url), 'utf8');

it('scores the dinosaur names as others do: add-one bigram 2.174 nats per character', () => {
  // Lower-cased, 27 tokens with the end of line, which also stands before the first letter; names 10, 20, … held out.
  const dataset = new LinesDataset(dinos, { lowerCase: true, validationEvery: 10 });
  expect(dataset.tokenizer.vocabSize).toBe(27);
  expect(dataset.sizes.validation).toEqual({ items: 153, tokens: 1990, characters: 1990 });
  const { unigram, bigram, fiveGram } = referenceLines(dataset)!;
  expect(bigram).toBeCloseTo(2.174, 3);
  expect(unigram).toBeCloseTo(2.83, 3);
  expect(fiveGram).toBeCloseTo(1.689, 3); // the same equations in a few lines of Python give this, too
  // Whether the two names that occur twice stay in the training part does not show in these digits.
  const kept = new LinesDataset(dinos, { lowerCase: true, validationEvery: 10, duplicates: 'keep' });
  expect(kept.sizes.training.items).toBe(dataset.sizes.training.items + 2);
  expect(referenceLines(kept)!.bigram).toBeCloseTo(2.1737, 4);
});

it('counts by hand what it counts', () => {
  // training: ^ab$ ^aa$; validation: ^ab$  (ids: $ = 0, a = 1, b = 2; the end of line is also the start)
  const dataset = new LinesDataset(['ab', 'aa', 'ab'], { validationEvery: 3, duplicates: 'keep' });
  const { unigram, bigram } = referenceLines(dataset)!;
  // counts: a 3, b 1, $ 2 of 6
  const p1 = [(3 + 1) / 9, (1 + 1) / 9, (2 + 1) / 9];
  expect(unigram).toBeCloseTo(-Math.log(p1[0] * p1[1] * p1[2]) / 3, 12);
  // $→a 2 of 2; a→b 1, a→a 1, a→$ 1 of 3; b→$ 1 of 1
  const p2 = [(2 + 1) / (2 + 3), (1 + 1) / (3 + 3), (1 + 1) / (1 + 3)];
  expect(bigram).toBeCloseTo(-Math.log(p2[0] * p2[1] * p2[2]) / 3, 12);
});

it('smooths as Witten and Bell do', () => {
  const ids = Int32Array.of(0, 1, 2, 0, 1, 1, 0);
  const model = new NGramModel(2, 3, [ids]);
  // Behind nothing: 1 ×3, 2 ×1, 0 ×2, so n = 6 and t = 3. Behind 1: 2, 1, 0 once each, n = 3 and t = 3.
  const p1 = (b: number) => ([2, 3, 1][b] + 3 / 3) / (6 + 3);
  for (const b of [0, 1, 2]) {
    const p = (1 + 3 * p1(b)) / (3 + 3);
    expect(model.logProbability([1, b], 1)).toBeCloseTo(Math.log(p), 12);
  }
});

it.each([1, 2, 3, 5])('order %i gives probabilities that sum to 1 behind any context', (order) => {
  const rng = new Rng(order);
  const draw = () => Int32Array.from({ length: 40 }, () => rng.int(7));
  const model = new NGramModel(order, 9, [draw(), draw()]);
  for (let trial = 0; trial < 20; trial++) {
    const context = Array.from({ length: 5 }, () => rng.int(9));
    let sum = 0;
    for (let b = 0; b < 9; b++) sum += Math.exp(model.logProbability([...context, b], 5));
    expect(sum).toBeCloseTo(1, 12);
  }
});

it('measures one long text too, and nothing without a validation part', () => {
  const text = 'the rain in spain stays mainly in the plain. '.repeat(40);
  const lines = referenceLines(new TextDataset(text, { seqLen: 8 }))!;
  expect(lines.fiveGram).toBeLessThan(lines.bigram);
  expect(lines.bigram).toBeLessThan(lines.unigram);
  expect(referenceLines(new LinesDataset(['a', 'b'], { validationEvery: 0 }))).toBeUndefined();
});

it('refuses an order that is none', () => {
  expect(() => new NGramModel(0, 3, [])).toThrow('NGramModel: order is 0, expected an integer ≥ 1.');
});
