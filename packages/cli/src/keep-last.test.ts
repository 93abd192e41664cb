import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadCheckpoint } from '@rnnlab/train/node';
import { expect, it } from 'vitest';
import { main } from './main';
import { capturedIO } from './testing/captured-io';
import { someNames, temporaryFile, temporaryFolder } from './testing/small-corpus';

it('keeps the checkpoints of the last epochs and the best, each a run to go on from', async () => {
  const names = await temporaryFile('names.txt', someNames);
  const folder = await temporaryFolder();
  const out = join(folder, 'm.safetensors');
  const run = async (...args: string[]) => {
    const io = capturedIO();
    expect([await main(args, io), io.err()]).toEqual([0, '']);
    return io.out();
  };
  await run('train', names, '--out', out, '--hidden', '6', '--epochs', '5', '--keep-last', '2');
  expect((await readdir(folder)).sort()).toEqual(['m', 'm.safetensors']);
  // 54 lines are two batches an epoch
  const kept = ['best.safetensors', 'step-00000008.safetensors', 'step-00000010.safetensors'];
  expect((await readdir(join(folder, 'm'))).sort()).toEqual(kept);
  const best = await loadCheckpoint(join(folder, 'm', 'best.safetensors'));
  expect(best.progress!.step).toBe(best.progress!.best!.step);
  expect(best.progress!.best).toEqual((await loadCheckpoint(out)).progress!.best);

  await run('resume', out, '--epochs', '7');
  expect((await readdir(join(folder, 'm'))).sort().slice(1)).toEqual([
    'step-00000012.safetensors',
    'step-00000014.safetensors',
  ]);
  const again = join(folder, 'again.safetensors');
  await run('resume', join(folder, 'm', 'step-00000012.safetensors'), '--epochs', '7', '--out', again);
  const [one, other] = await Promise.all([out, again].map((path) => loadCheckpoint(path)));
  for (const [name, { data }] of one.tensors) expect(data, name).toEqual(other.tensors.get(name)!.data);
});
