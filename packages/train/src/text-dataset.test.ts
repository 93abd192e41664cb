import { describe, expect, it } from 'vitest';
import type { Batch } from './dataset';
import { TextDataset } from './text-dataset';

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Counted targets by stream, over all batches. */
function streams(batches: Iterable<Batch>, dataset: TextDataset): string[] {
  const read: number[][] = [];
  for (const { ids, targets } of batches) {
    const [T, B] = ids.shape;
    for (let k = 0; k < T * B; k++) if (targets.data[k] >= 0) (read[k % B] ??= []).push(targets.data[k]);
  }
  return read.map((ids) => dataset.tokenizer.decode(ids));
}

describe('TextDataset', () => {
  it('reads parallel streams, every target exactly once, the next token each time', () => {
    const dataset = new TextDataset(alphabet, { seqLen: 4, validationFraction: 0 });
    const batches = [...dataset.trainingBatches({ batchSize: 3, epoch: 0 })];
    expect(batches.map(({ ids }) => ids.shape)).toEqual([
      [4, 3],
      [4, 3],
      [4, 3],
    ]);
    expect(batches).toHaveLength(dataset.batchesPerEpoch(3));
    expect(streams(batches, dataset)).toEqual(['bcdefghijklm', 'nopqrstuvwxy', 'z0123456789']);
    for (const { ids, targets } of batches) {
      targets.data.forEach(
        (y, k) =>
          y >= 0 &&
          expect(alphabet.indexOf(dataset.tokenizer.decode([y]))).toBe(
            alphabet.indexOf(dataset.tokenizer.decode([ids.data[k]])) + 1,
          ),
      );
    }
    expect(batches.reduce((sum, { count }) => sum + count, 0)).toBe(35);
    expect([...dataset.trainingBatches({ batchSize: 3, epoch: 4, start: 2 })]).toEqual(batches.slice(2));
  });

  it('has a shorter last chunk where the length asks for it', () => {
    const dataset = new TextDataset(alphabet, { seqLen: 5, validationFraction: 0 });
    const shapes = [...dataset.trainingBatches({ batchSize: 2, epoch: 0 })].map(({ ids }) => ids.shape);
    expect(shapes).toEqual([
      [5, 2],
      [5, 2],
      [5, 2],
      [3, 2],
    ]);
    expect(dataset.batchesPerEpoch(2)).toBe(4);
  });

  it('holds out the last characters', () => {
    const dataset = new TextDataset(alphabet, { seqLen: 4, validationFraction: 0.25 });
    const decode = (ids: Iterable<Int32Array>) => [...ids].map((one) => dataset.tokenizer.decode(one));
    expect(decode(dataset.sequences('training'))).toEqual([alphabet.slice(0, 27)]);
    expect(decode(dataset.sequences('validation'))).toEqual([alphabet.slice(27)]);
    expect(dataset.sizes.validation).toEqual({ items: 1, tokens: 8, characters: 8 });
    expect(streams(dataset.validationBatches(1), dataset)).toEqual([alphabet.slice(28)]);
  });

  it('reads overlapping windows in an order that seed and epoch fix', () => {
    const dataset = new TextDataset(alphabet, { seqLen: 5, windowStride: 3, validationFraction: 0 });
    expect(dataset.carriesState).toBe(false);
    const read = (epoch: number) =>
      [...dataset.trainingBatches({ batchSize: 4, epoch, seed: 3 })].flatMap((batch) =>
        streams([batch], dataset),
      );
    const expected = Array.from({ length: 11 }, (_, w) => alphabet.slice(3 * w + 1, 3 * w + 6));
    expect([...read(0)].sort()).toEqual([...expected].sort());
    expect(read(0)).toEqual(read(0));
    expect(read(1)).not.toEqual(read(0));
    expect(dataset.batchesPerEpoch(4)).toBe(3);
  });

  it('holds out the end of every stream, as char-rnn does: nothing is in both parts', () => {
    const text = alphabet + 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'; // 62 different characters: a place is its character
    const options = { seqLen: 4, validationFraction: 0.3, validationStreams: 3 };
    const dataset = new TextDataset(text, options);
    const training = streams(dataset.trainingBatches({ batchSize: 3, epoch: 0 }), dataset);
    const validation = streams(dataset.validationBatches(3), dataset);
    expect(training).toEqual(['bcdefghijklmno', 'wxyz0123456789', 'HIJKLMNOPQRST']);
    expect(validation).toEqual(['qrstu', 'BCDEF', 'VWXYZ']);
    // Ids too, not only targets: no character is read in training and predicted in validation.
    const read = (batches: Iterable<Batch>) =>
      new Set(
        [...batches].flatMap(({ ids, targets }) => [...ids.data].filter((_, k) => targets.data[k] >= 0)),
      );
    const seen = read(dataset.trainingBatches({ batchSize: 3, epoch: 0 }));
    for (const id of [
      ...read(dataset.validationBatches(3)),
      ...dataset.tokenizer.encode(validation.join('')),
    ]) {
      expect(seen.has(id)).toBe(false);
      expect(training.join('')).not.toContain(dataset.tokenizer.decode([id]));
    }
    expect(dataset.sizes.training).toEqual({ items: 3, tokens: 41, characters: 41 });
    expect(dataset.sizes.validation).toEqual({ items: 3, tokens: 15, characters: 15 });
    expect([...dataset.sequences('validation')].map((ids) => dataset.tokenizer.decode(ids))).toEqual([
      'pqrstu',
      'ABCDEF',
      'UVWXYZ',
    ]);
    const batches = [...dataset.trainingBatches({ batchSize: 3, epoch: 0 })];
    expect(batches).toHaveLength(dataset.batchesPerEpoch(3));
    expect([...dataset.trainingBatches({ batchSize: 3, epoch: 2, start: 2 })]).toEqual(batches.slice(2));
    expect(dataset.describe()).toMatchObject({ validationStreams: 3, trainingTokens: 41 });
    expect(() => dataset.trainingBatches({ batchSize: 4, epoch: 0 })).toThrow(
      'TextDataset: batchSize is 4, expected validationStreams=3: the rows of a batch are the streams',
    );
    expect(() => new TextDataset(text, { ...options, windowStride: 2 })).toThrow(
      'TextDataset: windowStride reads windows and validationStreams reads streams. Give one of them.',
    );
  });

  it('drops a byte order mark and reads all ends of line as \\n', () => {
    const dataset = new TextDataset('\uFEFFab\r\ncd\ref\n', { seqLen: 2, validationFraction: 0 });
    expect(dataset.tokenizer.decode(dataset.sequences('training')[0])).toBe('ab\ncd\nef\n');
    expect(dataset.tokenizer.decode(dataset.sampling.prompt)).toBe('\n');
  });

  it('refuses what it cannot use', () => {
    const make = (text: string, options?: object) => () => new TextDataset(text, options);
    expect(make('')).toThrow('TextDataset: the text is empty.');
    expect(make(alphabet)).toThrow(
      'TextDataset: the training part has 32 tokens, expected at least 65 (one sequence and its last target).',
    );
    expect(make(alphabet, { seqLen: 4, validationFraction: 0.03 })).toThrow(
      'the validation part has 1 tokens',
    );
    expect(make(alphabet, { seqLen: 0 })).toThrow('TextDataset: seqLen is 0, expected an integer ≥ 1.');
    expect(make(alphabet, { seqLen: 4, validationFraction: 1 })).toThrow('validationFraction is 1');
  });
});
