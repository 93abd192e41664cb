/**
 * What a StreamedTextDataset holds does not grow with the text: bytes alive after a forced collection, for a text of 2
 * and one of 12 million characters. A TextDataset holds four bytes a character, 48 MB of the second.
 */
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Rng } from '@rnnlab/tensor';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { liveBytes } from '../testing/live-bytes';
import { StreamedTextDataset } from './streamed-text-dataset';

const million = 1_000_000;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rnnlab-large-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function textOf(length: number): Promise<string> {
  const path = join(folder, `${length}.txt`);
  const rng = new Rng(length);
  const paragraph = Array.from({ length: 4000 }, () => 'etaoin shrdlu\n'[rng.int(14)]).join('');
  await writeFile(path, '');
  for (let done = 0; done < length; done += million) {
    await appendFile(path, paragraph.repeat(million / paragraph.length));
  }
  return path;
}

/** The most that was alive while 16 streams went through several pieces each, beyond what was before. */
async function held(length: number): Promise<number> {
  const path = await textOf(length);
  const before = await liveBytes();
  const dataset = await StreamedTextDataset.open(path, { seqLen: 512 });
  expect(dataset.sizes.training.tokens + dataset.sizes.validation.tokens).toBe(length - 2);
  const batches = dataset.trainingBatches({ batchSize: 16, epoch: 0 });
  let most = 0;
  for (let k = 0; k < 100; k++) {
    batches.next();
    if (k % 20 === 19) most = Math.max(most, (await liveBytes()) - before);
  }
  return most;
}

it('holds as much of a large text as of a small one', { timeout: 60_000 }, async () => {
  await held(2 * million); // what is compiled and cached once
  const [small, large] = [await held(2 * million), await held(12 * million)];
  expect(small).toBeLessThan(4 * million);
  expect(large).toBeLessThan(small + million / 2);
});
