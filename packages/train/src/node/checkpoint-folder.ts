/**
 * A folder of checkpoints of one run:
 *
 *   step-00001200.safetensors, …     the last few, by the number of optimizer steps
 *   best.safetensors                 the one saved as best
 *
 * A file is removed only after a newer one is complete and on the disk, so there is always one to go on from.
 */
import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckpointError, ConfigError } from '@rnnlab/tensor';
import type { Checkpoint, LoadedCheckpoint } from '../checkpoint';
import { loadCheckpoint, saveCheckpoint } from './checkpoint-file';

const stepName = /^step-(\d{8,16})\.safetensors$/;

/**
 * Keeps the last checkpoints and the best.
 *
 * @example
 * ```ts
 * import { createLanguageModel } from '@rnnlab/train';
 * import { CheckpointFolder } from '@rnnlab/train/node';
 *
 * const folder = new CheckpointFolder('runs/names', { keepLast: 2 });
 * const model = createLanguageModel({ cell: 'rnn', vocabSize: 27, hiddenSize: 8 });
 * await folder.saveBest({ model: model.config, tensors: model.stateDict() });
 * console.log(await folder.best()); // runs/names/best.safetensors
 * ```
 */
export class CheckpointFolder {
  readonly path: string;
  readonly keepLast: number;

  /**
   * @param options `keepLast`: how many numbered checkpoints stay, at least 1. Default 3.
   * @throws {@link ConfigError} when it is no integer ≥ 1.
   */
  constructor(path: string, { keepLast = 3 }: { keepLast?: number } = {}) {
    if (!Number.isInteger(keepLast) || keepLast < 1) {
      throw new ConfigError(`CheckpointFolder: keepLast is ${keepLast}, expected an integer ≥ 1.`);
    }
    this.path = path;
    this.keepLast = keepLast;
  }

  /**
   * Saves under the number of its step, then removes the oldest beyond `keepLast`.
   *
   * @returns The path of the file.
   * @throws {@link CheckpointError} when it cannot be saved; nothing is removed then.
   */
  async save(checkpoint: Checkpoint): Promise<string> {
    const step = checkpoint.progress?.step ?? 0;
    const path = join(this.path, `step-${String(step).padStart(8, '0')}.safetensors`);
    await saveCheckpoint(path, checkpoint);
    const older = (await this.list()).filter((other) => other !== path);
    for (const outdated of older.slice(this.keepLast - 1)) await unlink(outdated);
    return path;
  }

  /** Saves as `best.safetensors`, in place of the one before. Returns its path. */
  async saveBest(checkpoint: Checkpoint): Promise<string> {
    const path = join(this.path, 'best.safetensors');
    await saveCheckpoint(path, checkpoint);
    return path;
  }

  /** Paths of the numbered checkpoints, last saved first: a run that went back to an earlier step goes on from there. */
  async list(): Promise<string[]> {
    const names = await readdir(this.path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw new CheckpointError(
        `CheckpointFolder: ${JSON.stringify(this.path)} cannot be read (${error.code}).`,
        {
          cause: error,
        },
      );
    });
    const files = names.filter((name) => stepName.test(name)).map((name) => join(this.path, name));
    const dated = await Promise.all(
      files.map(async (path) => ({ path, time: (await stat(path, { bigint: true })).mtimeNs })),
    );
    dated.sort((a, b) => (a.time === b.time ? (a.path < b.path ? 1 : -1) : a.time < b.time ? 1 : -1));
    return dated.map(({ path }) => path);
  }

  /** Path of the best checkpoint, `undefined` when none was saved. */
  async best(): Promise<string | undefined> {
    const path = join(this.path, 'best.safetensors');
    const exists = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    );
    return exists ? path : undefined;
  }

  /**
   * Loads the last checkpoint that can be read: a damaged one is passed over.
   *
   * @throws {@link CheckpointError} when there is none, with the reason for every file.
   */
  async loadLatest(): Promise<{ path: string; checkpoint: LoadedCheckpoint }> {
    const problems: string[] = [];
    for (const path of await this.list()) {
      try {
        return { path, checkpoint: await loadCheckpoint(path) };
      } catch (error) {
        if (!(error instanceof CheckpointError)) throw error;
        problems.push(error.message);
      }
    }
    throw new CheckpointError(
      problems.length
        ? `CheckpointFolder: no checkpoint in ${JSON.stringify(this.path)} can be read.\n${problems.join('\n')}`
        : `CheckpointFolder: there is no checkpoint in ${JSON.stringify(this.path)}. Check the path.`,
    );
  }
}
