import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DivergenceError } from '../divergence';
import type { TrainerEvent } from '../trainer-events';
import { readText } from './read-text';
import { RunLog } from './run-log';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rnnlab-files-'));
  await mkdir(join(folder, 'texts', 'deeper'), { recursive: true });
  const write = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);
  await write('texts/b.txt', 'bee\n');
  await write('texts/a.TXT', '\uFEFFay');
  await write('texts/notes.md', 'no text');
  await write('texts/deeper/c.txt', 'not read');
  await write('empty.txt', '');
  await write('latin1.txt', Uint8Array.of(0x67, 0x72, 0xfc, 0x6e));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

describe('readText', () => {
  it('reads a file, several, or the .txt files of a folder by name', async () => {
    expect(await readText(at('texts/b.txt'))).toBe('bee\n');
    expect(await readText([at('texts/b.txt'), at('texts/a.TXT')])).toBe('bee\nay');
    expect(await readText(at('texts'))).toBe('ay\nbee\n');
  });

  it('refuses with the reason', async () => {
    await expect(readText(at('none.txt'))).rejects.toThrow(/none\.txt does not exist\.$/);
    await expect(readText(at('empty.txt'))).rejects.toThrow(/empty\.txt is empty\.$/);
    await expect(readText(at('texts/deeper/..//../texts/deeper/../../empty.txt'))).rejects.toThrow(
      'is empty.',
    );
    await expect(readText(at('latin1.txt'))).rejects.toThrow(
      /latin1\.txt: byte 2 \(0xFC, line 1\) is not UTF-8\./,
    );
    await mkdir(at('bare'));
    await expect(readText(at('bare'))).rejects.toThrow(/the folder .*bare has no \.txt file\.$/);
  });
});

describe('RunLog', () => {
  it('appends one JSON object a line, with numbers that JSON cannot hold', async () => {
    const path = at('runs/first/run.jsonl');
    const progress = { step: 3, epoch: 1, seconds: 0.5 };
    const diagnosis = { step: 4, loss: NaN, gradientNorms: { 'head.bias': Infinity } };
    const error = new DivergenceError('Trainer: step 4 was not taken.', diagnosis);
    const first: TrainerEvent = { type: 'sample', ...progress, texts: ['a\nb', '"'] };
    const second: TrainerEvent = {
      type: 'stop',
      ...progress,
      reason: 'diverged',
      restoredBest: false,
      error,
    };
    new RunLog(path).write(first);
    const { write } = new RunLog(path); // a second run goes on in the same file
    write(second);
    const log = await readFile(path, 'utf8');
    expect(log.endsWith('\n')).toBe(true);
    const lines = log
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toEqual([
      first,
      {
        ...second,
        error: {
          name: 'DivergenceError',
          code: 'ERR_DIVERGENCE',
          message: 'Trainer: step 4 was not taken.',
          diagnosis: { step: 4, loss: 'NaN', gradientNorms: { 'head.bias': 'Infinity' } },
        },
      },
    ]);
  });
});
