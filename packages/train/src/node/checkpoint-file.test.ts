import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckpointError, ConfigError, Tensor } from '@rnnlab/tensor';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Checkpoint } from '../checkpoint';
import type { TrainerProgress } from '../trainer-state';
import { atomicWrite } from './atomic-write';
import { loadCheckpoint, saveCheckpoint } from './checkpoint-file';
import { CheckpointFolder } from './checkpoint-folder';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rnnlab-checkpoint-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A checkpoint after `step` steps whose only number is `step`. */
const at = (step: number): Checkpoint => ({
  model: { cell: 'rnn', vocabSize: 2, hiddenSize: 1 },
  tensors: new Map([['head.bias', Tensor.from([step])]]),
  progress: {
    version: 1,
    step,
    epoch: 0,
    batch: step,
    seconds: 0,
    seed: 1,
    batchSize: 1,
    accumulationSteps: 1,
    dataset: {},
    dropoutRng: [1, 2, 3, 4],
    smoothedLoss: { sum: 0, count: step },
    sinceEvaluation: { nats: 0, tokens: 0 },
    inEpoch: { nats: 0, tokens: 0 },
    evaluationsSinceBest: 0,
    done: { evaluation: 0, sample: 0, checkpoint: 0, epoch: 0 },
    optimizer: { type: 'SGD' },
  } satisfies TrainerProgress,
});

const names = async (): Promise<string[]> => (await readdir(folder)).sort();

describe('saveCheckpoint and loadCheckpoint', () => {
  it('round-trip through a file in a folder that was missing', async () => {
    const path = join(folder, 'a', 'b', 'x.safetensors');
    await saveCheckpoint(path, at(7));
    const loaded = await loadCheckpoint(path);
    expect(loaded.tensors).toEqual(at(7).tensors);
    expect(loaded.progress).toEqual(at(7).progress);
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['x.safetensors']);
  });

  it('keeps the old file when the new content is refused', async () => {
    const path = join(folder, 'x.safetensors');
    await saveCheckpoint(path, at(1));
    const before = await readFile(path);
    const broken = { ...at(2), tensors: new Map([['__metadata__', Tensor.from([1])]]) };
    await expect(saveCheckpoint(path, broken)).rejects.toThrow('no tensor can be named __metadata__');
    expect(await readFile(path)).toEqual(before);
    expect(await names()).toEqual(['x.safetensors']);
  });

  it('keeps the old file when writing fails half-way', async () => {
    const path = join(folder, 'x.safetensors');
    await saveCheckpoint(path, at(1));
    const before = await readFile(path);
    const failing = function* (): Generator<Uint8Array> {
      yield new Uint8Array(100_000);
      throw new Error('the disk is full');
    };
    await expect(atomicWrite(path, failing())).rejects.toThrow('the disk is full');
    expect(await readFile(path)).toEqual(before);
    expect(await names()).toEqual(['x.safetensors']);
  });

  it('removes what dead processes left behind, and nothing else', async () => {
    const path = join(folder, 'x.safetensors');
    const dead = 2 ** 22 + 1; // above the largest process id of Linux and macOS
    const others = [
      `x.safetensors.${process.pid}-0-9999.tmp`,
      `y.safetensors.${dead}-0-0.tmp`,
      'x.safetensors.tmp',
    ];
    for (const name of [`x.safetensors.${dead}-0-0.tmp`, ...others]) await writeFile(join(folder, name), '');
    await saveCheckpoint(path, at(1));
    expect(await names()).toEqual(['x.safetensors', ...others].sort());
  });

  it('says when there is nowhere to write', async () => {
    await writeFile(join(folder, 'file'), '');
    const path = join(folder, 'file', 'x.safetensors');
    await expect(saveCheckpoint(path, at(1))).rejects.toThrow(CheckpointError);
    await expect(saveCheckpoint(path, at(1))).rejects.toThrow(
      'What was there before is untouched. Check the path, the rights and the free space.',
    );
  });

  it('says what is wrong with a path', async () => {
    const path = join(folder, 'none.safetensors');
    await expect(loadCheckpoint(path)).rejects.toThrow(
      `loadCheckpoint: ${JSON.stringify(path)} does not exist. Check the path.`,
    );
    await expect(loadCheckpoint(folder)).rejects.toThrow('is no file. Give the path of a checkpoint file.');
    await writeFile(path, 'short');
    await expect(loadCheckpoint(path)).rejects.toThrow(`${path}: safetensors: the file has 5 bytes`);
  });

  it('names the reason when a file cannot be opened', async () => {
    const path = join(folder, 'x.safetensors');
    await symlink(path, path);
    await expect(loadCheckpoint(path)).rejects.toThrow('cannot be opened (ELOOP). Check the path.');
  });
});

describe('CheckpointFolder', () => {
  it('keeps the last k', async () => {
    const checkpoints = new CheckpointFolder(folder, { keepLast: 2 });
    for (const step of [5, 10, 15, 20]) await checkpoints.save(at(step));
    expect(await names()).toEqual(['step-00000015.safetensors', 'step-00000020.safetensors']);
    expect(await checkpoints.list()).toEqual(
      [20, 15].map((s) => join(folder, `step-000000${s}.safetensors`)),
    );
    expect((await checkpoints.loadLatest()).checkpoint.progress?.step).toBe(20);
  });

  it('keeps the best beside them, and everything that is not its own', async () => {
    const checkpoints = new CheckpointFolder(folder, { keepLast: 1 });
    const strangers = ['step-3.safetensors', 'step-00000001.safetensors.bak', 'mine.safetensors'];
    for (const name of strangers) await writeFile(join(folder, name), '');
    expect(await checkpoints.best()).toBeUndefined();
    await checkpoints.saveBest(at(5));
    await checkpoints.save(at(5));
    await checkpoints.save(at(6));
    expect(await names()).toEqual(['best.safetensors', 'step-00000006.safetensors', ...strangers].sort());
    expect((await loadCheckpoint((await checkpoints.best())!)).progress?.step).toBe(5);
  });

  it('never removes what it has just saved, also behind a later step', async () => {
    const checkpoints = new CheckpointFolder(folder, { keepLast: 1 });
    await checkpoints.save(at(900));
    await utimes(join(folder, 'step-00000900.safetensors'), new Date(), new Date(Date.now() + 60_000));
    await checkpoints.save(at(510));
    expect(await names()).toEqual(['step-00000510.safetensors']);
  });

  it('removes nothing when saving fails', async () => {
    const checkpoints = new CheckpointFolder(folder, { keepLast: 1 });
    await checkpoints.save(at(1));
    const broken = { ...at(2), notes: new Map([['bad \ud800', '']]) };
    await expect(checkpoints.save(broken)).rejects.toThrow('expected well-formed text');
    expect(await names()).toEqual(['step-00000001.safetensors']);
  });

  it('passes over a damaged file', async () => {
    const checkpoints = new CheckpointFolder(folder);
    await checkpoints.save(at(1));
    await appendFile(await checkpoints.save(at(2)), 'x');
    expect((await checkpoints.loadLatest()).checkpoint.progress?.step).toBe(1);
    await appendFile(join(folder, 'step-00000001.safetensors'), 'x'); // now the last changed
    await expect(checkpoints.loadLatest()).rejects.toThrow(
      /no checkpoint in .* can be read\.\n(?=[^]*step-00000001.*: safetensors)[^]*step-00000002.*: safetensors/,
    );
  });

  it('says when it is empty', async () => {
    const checkpoints = new CheckpointFolder(join(folder, 'none'));
    expect(await checkpoints.list()).toEqual([]);
    await expect(checkpoints.loadLatest()).rejects.toThrow('there is no checkpoint in');
    await mkdir(join(folder, 'none'));
    await expect(checkpoints.loadLatest()).rejects.toThrow('Check the path.');
  });

  it('refuses to keep none', () => {
    expect(() => new CheckpointFolder(folder, { keepLast: 0 })).toThrow(ConfigError);
    expect(() => new CheckpointFolder(folder, { keepLast: 0 })).toThrow(
      'keepLast is 0, expected an integer ≥ 1.',
    );
  });
});
