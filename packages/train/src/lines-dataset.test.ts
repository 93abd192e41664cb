import { describe, expect, it } from 'vitest';
import { CharTokenizer } from '@rnnlab/tokenizer';
import type { Batch } from './dataset';
import { LinesDataset } from './lines-dataset';
import { noveltyOf } from './novelty';

const names = [
  'ada',
  'grace',
  'hedy',
  'jean',
  'mary',
  'rosalind',
  'emmy',
  'lise',
  'chien',
  'vera',
  'barbara',
  'dorothy',
];

/** The text of every column of a batch, as input and as targets. */
function columns(dataset: LinesDataset, { ids, targets }: Batch): [string, string][] {
  const [T, B] = ids.shape;
  return Array.from({ length: B }, (_, b) => {
    const real = Array.from({ length: T }, (_, t) => t * B + b).filter((k) => targets.data[k] >= 0);
    const read = (data: ArrayLike<number>) => dataset.tokenizer.decode(real.map((k) => data[k]));
    return [read(ids.data), read(targets.data)];
  });
}

describe('LinesDataset', () => {
  it('reads from the end-of-line token and predicts it', () => {
    const dataset = new LinesDataset(names, { validationEvery: 4 });
    const [batch] = dataset.validationBatches(8);
    expect(columns(dataset, batch)).toEqual([
      ['\njean', 'jean\n'],
      ['\nlise', 'lise\n'],
      ['\ndorothy', 'dorothy\n'],
    ]);
    expect(batch.lengths).toEqual(Int32Array.of(5, 5, 8));
    expect(batch.count).toBe(18);
  });

  it('uses the start token of a tokenizer that has one', () => {
    const specialTokens = { endOfLine: '\n', start: '<S>' };
    const tokenizer = CharTokenizer.fit(names, { unknown: 'error', specialTokens });
    const dataset = new LinesDataset(names, { tokenizer });
    const [batch] = dataset.validationBatches(1);
    expect(columns(dataset, batch)).toEqual([['<S>vera', 'vera\n']]);
  });

  it('pads to its own longest line, with targets that are not counted', () => {
    const dataset = new LinesDataset(['ab', 'abcdef', 'x', 'abc'], { validationEvery: 0, bucketBatches: 1 });
    for (const { ids, targets, lengths, count } of dataset.trainingBatches({ batchSize: 2, epoch: 0 })) {
      const [T, B] = ids.shape;
      expect(T).toBe(Math.max(...lengths!));
      for (let b = 0; b < B; b++) {
        for (let t = lengths![b]; t < T; t++) {
          expect([ids.data[t * B + b], targets.data[t * B + b]]).toEqual([0, -100]);
        }
      }
      expect(targets.data.filter((y) => y >= 0)).toHaveLength(count);
    }
  });

  it.each([1, 3])(
    'reads every line once an epoch, in an order that seed and epoch fix (bucketBatches %i)',
    (bucketBatches) => {
      const dataset = new LinesDataset(names, { validationEvery: 4, bucketBatches });
      const read = (epoch: number, seed: number, start = 0) =>
        [...dataset.trainingBatches({ batchSize: 2, epoch, seed, start })].map((batch) =>
          columns(dataset, batch).map(([, y]) => y),
        );
      const first = read(0, 7);
      expect(first).toHaveLength(dataset.batchesPerEpoch(2));
      expect(first.flat().sort()).toEqual([...dataset.lines.training].map((line) => `${line}\n`).sort());
      expect(read(0, 7)).toEqual(first);
      expect(read(0, 7, 2)).toEqual(first.slice(2));
      expect(read(1, 7)).not.toEqual(first);
      expect(read(0, 8)).not.toEqual(first);
    },
  );

  it('pads less with buckets', () => {
    const lines = Array.from(
      { length: 400 },
      (_, k) => 'abcdefghijklmnopqrst'.slice(0, 1 + ((k * 7) % 20)) + (k % 9),
    );
    const cells = (bucketBatches: number) => {
      const dataset = new LinesDataset(lines, { validationEvery: 0, bucketBatches });
      return [...dataset.trainingBatches({ batchSize: 16, epoch: 0 })].reduce(
        (sum, { ids }) => sum + ids.size,
        0,
      );
    };
    expect(cells(8)).toBeLessThan(0.75 * cells(1));
  });

  it('never has a line in both parts, duplicates included, and says which were removed', () => {
    const lines = ['ada', 'bea', 'ada', 'cleo', 'ada', 'dora', 'bea', 'ada'];
    const dataset = new LinesDataset(lines, { validationEvery: 4 });
    expect(dataset.lines.validation).toEqual(['cleo', 'ada']);
    expect(dataset.lines.training).toEqual(['bea', 'dora', 'bea']);
    expect(dataset.duplicates).toEqual(['ada', 'ada', 'ada']);
    const kept = new LinesDataset(lines, { validationEvery: 4, duplicates: 'keep' });
    expect(kept.lines.training).toEqual(['ada', 'bea', 'ada', 'ada', 'dora', 'bea']);
    expect(kept.duplicates).toEqual(['ada', 'ada', 'ada']);
  });

  it('holds out a fraction at the end', () => {
    const dataset = new LinesDataset(names, { validationFraction: 0.25 });
    expect(dataset.lines.validation).toEqual(['vera', 'barbara', 'dorothy']);
    expect(dataset.lines.training).toEqual(names.slice(0, 9));
  });

  it('takes LF, CRLF, CR, a byte order mark and empty lines', () => {
    const dataset = new LinesDataset('\uFEFFAda\r\n\r\nBea\rCleo\n\nDora', {
      lowerCase: true,
      validationEvery: 4,
    });
    expect(dataset.lines).toEqual({ training: ['ada', 'bea', 'cleo'], validation: ['dora'] });
    expect(new LinesDataset(' a \n\t\nb ', { trim: true, validationEvery: 0 }).lines.training).toEqual([
      'a',
      'b',
    ]);
  });

  it('counts characters by code points', () => {
    const { sizes } = new LinesDataset(['a🦖', 'b'], { validationEvery: 2 });
    expect(sizes.training).toEqual({ items: 1, tokens: 3, characters: 3 });
    expect(sizes.validation).toEqual({ items: 1, tokens: 2, characters: 2 });
  });

  it('knows where a generated line comes from', () => {
    const dataset = new LinesDataset(names, { validationEvery: 4, lowerCase: true });
    expect(['Ada', 'JEAN', 'Zoe'].map((line) => dataset.originOf(line))).toEqual([
      'training',
      'validation',
      'new',
    ]);
    expect(noveltyOf(['ada', 'jean', 'zoe', 'zoe'], dataset)).toEqual({
      new: 2,
      training: 1,
      validation: 1,
      distinct: 3,
    });
  });

  it('refuses what it cannot use', () => {
    const make = (corpus: string | string[], options?: object) => () => new LinesDataset(corpus, options);
    expect(make('\n \n'.replace(' ', ''))).toThrow(
      'LinesDataset: the corpus has no line with a character in it.',
    );
    expect(make(['a'], { validationFraction: 0.9 })).toThrow(
      'LinesDataset: 1 line and none left for training.',
    );
    expect(make(names, { validationEvery: 1 })).toThrow('validationEvery is 1, expected an integer ≥ 2');
    expect(make(names, { validationEvery: 4, validationFraction: 0.5 })).toThrow('Give one of them.');
    expect(make(names, { validationFraction: 1 })).toThrow(
      'validationFraction is 1, expected a number from 0',
    );
    expect(make(names, { bucketBatches: 0 })).toThrow('bucketBatches is 0, expected an integer ≥ 1.');
    expect(make(names, { tokenizer: CharTokenizer.fit('abc') })).toThrow(
      'the tokenizer has no end-of-line token.',
    );
    const dataset = new LinesDataset(names);
    expect(() => [...dataset.trainingBatches({ batchSize: 0, epoch: 0 })]).toThrow(
      'batchSize is 0, expected an integer ≥ 1.',
    );
  });
});
