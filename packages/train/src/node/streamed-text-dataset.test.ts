import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Rng } from '@rnnlab/tensor';
import { BpeTokenizer, ByteTokenizer, CharTokenizer, WordTokenizer, type Tokenizer } from '@rnnlab/tokenizer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Batch } from '../dataset';
import { referenceLines } from '../reference-lines';
import { TextDataset } from '../text-dataset';
import { readText, textFiles } from './read-text';
import { StreamedTextDataset, type StreamedTextDatasetOptions } from './streamed-text-dataset';

let folder: string;
let whole: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rnnlab-stream-'));
  await mkdir(join(folder, 'texts'));
  const rng = new Rng(4);
  const words = [
    'to',
    'be',
    'größer',
    '“naïve”',
    '😀',
    'question',
    '12',
    'don’t',
    ',',
    '  ',
    '—',
    '東京',
    'e\u0301',
  ];
  const ends = ['\n', '\r\n', '\n\n', ' \n ', '\r'];
  const text = (length: number) => {
    let text = '';
    while (text.length < length)
      text += `${words[rng.int(words.length)]} ${rng.int(8) ? '' : ends[rng.int(ends.length)]}`;
    return text;
  };
  await writeFile(join(folder, 'texts', 'a.txt'), `\uFEFF${text(50_000)}`);
  await writeFile(join(folder, 'texts', 'b.txt'), `${text(20_000)}\r`);
  await writeFile(join(folder, 'texts', 'c.txt'), text(17));
  await writeFile(join(folder, 'texts', 'empty.txt'), '');
  whole = await readText(join(folder, 'texts'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const tokenizers: [string, (text: string) => Tokenizer | undefined][] = [
  ['characters, by default', () => undefined],
  ['characters, some unknown', (text) => CharTokenizer.fit(text.slice(0, 500))],
  ['bytes', () => new ByteTokenizer()],
  ['words', (text) => WordTokenizer.fit(text)],
  ['byte pairs', (text) => BpeTokenizer.fit(text, { numMerges: 60 })],
];

const written = (batches: Iterable<Batch>): string[] =>
  Array.from(batches, ({ ids, targets, count }) => `${ids.shape} ${count}: ${ids.data} → ${targets.data}`);

describe('StreamedTextDataset', () => {
  it.each(tokenizers)('gives the batches of TextDataset: %s', async (_, make) => {
    const tokenizer = make(whole.replace(/\r\n?/g, '\n'));
    const options = { seqLen: 13, validationFraction: 0.23, tokenizer };
    const memory = new TextDataset(whole, options);
    const streamed = await StreamedTextDataset.open(join(folder, 'texts'), options);
    expect(streamed.tokenizer.toJSON()).toEqual(memory.tokenizer.toJSON());
    expect(streamed.sizes).toEqual(memory.sizes);
    expect(streamed.describe()).toEqual(memory.describe());
    expect(streamed.sampling).toEqual(memory.sampling);
    for (const batchSize of [1, 7]) {
      const expected = written(memory.trainingBatches({ batchSize, epoch: 0 }));
      expect(expected).toHaveLength(streamed.batchesPerEpoch(batchSize));
      expect(written(streamed.trainingBatches({ batchSize, epoch: 3 }))).toEqual(expected);
      const start = expected.length - 20;
      const rest = streamed.trainingBatches({ batchSize, epoch: 0, start });
      expect(written(rest)).toEqual(expected.slice(start));
      const validation = written(memory.validationBatches(batchSize));
      expect(written(streamed.validationBatches(batchSize))).toEqual(validation);
    }
  });

  it('has every target once in its sequences, and the same unigram and bigram', async () => {
    const streamed = await StreamedTextDataset.open(join(folder, 'texts'), { seqLen: 13 });
    const memory = new TextDataset(whole, { seqLen: 13 });
    for (const split of ['training', 'validation'] as const) {
      const ids = [...streamed.sequences(split)].flatMap((one, k) => [...(k ? one.subarray(1) : one)]);
      expect(ids).toEqual([...memory.sequences(split)[0]]);
    }
    const [one, other] = [referenceLines(streamed)!, referenceLines(memory)!];
    expect([one.unigram, one.bigram]).toEqual([other.unigram, other.bigram]);
    expect(one.fiveGram).toBeCloseTo(other.fiveGram, 2); // contexts end where a piece begins
  });

  it('fits a tokenizer to the pieces as to the whole', async () => {
    const fit = (pieces: Iterable<string>) => BpeTokenizer.fit(pieces, { numMerges: 40 });
    const { tokenizer } = await StreamedTextDataset.open(join(folder, 'texts'), { tokenizer: fit });
    expect(tokenizer.toJSON()).toEqual(fit([whole.replace(/\r\n?/g, '\n')]).toJSON());
  });

  it('tells where the opening is', async () => {
    const stats = await Promise.all((await textFiles(join(folder, 'texts'))).map((path) => stat(path)));
    const size = stats.reduce((sum, one) => sum + one.size, 0);
    const told = async (options: StreamedTextDatasetOptions) => {
      const calls: [number, number][] = [];
      const onProgress = (read: number, total: number) => calls.push([read, total]);
      await StreamedTextDataset.open(join(folder, 'texts'), { ...options, onProgress });
      return { calls, read: calls.map(([read]) => read) };
    };
    const plain = await told({});
    expect(new Set(plain.calls.map(([, total]) => total))).toEqual(new Set([2 * size]));
    expect(plain.read).toEqual([...plain.read].sort((a, b) => a - b));
    expect(plain.read.some((read) => read > 0 && read < size)).toBe(true);
    expect(plain.read.some((read) => read > size && read < 2 * size)).toBe(true);
    expect(plain.calls.at(-1)).toEqual([2 * size, 2 * size]);

    const fitted = await told({ tokenizer: (pieces) => WordTokenizer.fit(pieces) });
    expect(fitted.read).toEqual([...fitted.read].sort((a, b) => a - b));
    expect(fitted.read.some((read) => read > size && read < 2 * size)).toBe(true);
    expect(fitted.calls.at(-1)).toEqual([3 * size, 3 * size]);
    const unread = await told({ tokenizer: () => new ByteTokenizer() });
    expect(unread.calls.at(-1)).toEqual([3 * size, 3 * size]);
  });

  it('can do without validation', async () => {
    const streamed = await StreamedTextDataset.open(join(folder, 'texts'), { validationFraction: 0 });
    expect(streamed.sizes.validation).toEqual({ items: 1, tokens: 0, characters: 0 });
    expect([...streamed.validationBatches(3)]).toEqual([]);
  });

  it('refuses what it cannot use', async () => {
    const at = (name: string) => join(folder, name);
    await writeFile(at('short.txt'), 'short');
    await writeFile(at('latin1.txt'), Uint8Array.of(0x67, 0x72, 0xfc, 0x6e));
    const open = (name: string, options?: object) => StreamedTextDataset.open(at(name), options);
    await expect(open('none.txt')).rejects.toThrow(/^StreamedTextDataset: .*none\.txt does not exist\.$/);
    await expect(open('texts/empty.txt')).rejects.toThrow('StreamedTextDataset: the text is empty.');
    await expect(open('latin1.txt')).rejects.toThrow(/latin1\.txt: byte 2 \(0xFC, line 1\) is not UTF-8\./);
    await expect(open('short.txt')).rejects.toThrow(
      'StreamedTextDataset: the training part has 4 tokens, expected at least 65 (one sequence and its last target).',
    );
    await expect(open('short.txt', { seqLen: 0 })).rejects.toThrow('StreamedTextDataset: seqLen is 0');
    await expect(open('short.txt', { validationFraction: 1 })).rejects.toThrow('validationFraction is 1');
    const graphemes = CharTokenizer.fit('short', { segmentation: 'grapheme' });
    await expect(open('short.txt', { tokenizer: graphemes })).rejects.toThrow(
      "StreamedTextDataset: a tokenizer with segmentation: 'grapheme' finds other tokens in a text that comes in pieces.",
    );
    const unsplit = BpeTokenizer.fit('short', { split: 'none' });
    await expect(open('short.txt', { tokenizer: unsplit })).rejects.toThrow("a tokenizer with split: 'none'");
    await expect(open('short.txt', { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
      'enough',
    );
  });
});
