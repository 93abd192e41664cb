import { CheckpointError, RnnlabError } from '@rnnlab/tensor';
import { checkpointChunks, readCheckpoint, type Checkpoint, type LoadedCheckpoint } from '../checkpoint';
import { atomicWrite } from './atomic-write';
import { withFileSource } from './file-source';

/**
 * Saves a checkpoint, all or nothing: until the new file is complete and on the disk, `path` holds the old one.
 * The tensors are written from where they are, without a copy: do not train before the promise is kept.
 *
 * @param path Ends in `.safetensors` by custom. A missing folder is made.
 * @throws {@link CheckpointError} when the content cannot be saved or the file not be written.
 *
 * @example
 * ```ts
 * import { createLanguageModel, modelFromCheckpoint } from '@rnnlab/train';
 * import { loadCheckpoint, saveCheckpoint } from '@rnnlab/train/node';
 *
 * const model = createLanguageModel({ cell: 'lstm', vocabSize: 27, hiddenSize: 8 });
 * await saveCheckpoint('runs/names.safetensors', { model: model.config, tensors: model.stateDict() });
 * const again = modelFromCheckpoint(await loadCheckpoint('runs/names.safetensors'));
 * console.log(again.config.cell); // lstm
 * ```
 */
export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  try {
    await atomicWrite(path, checkpointChunks(checkpoint));
  } catch (cause) {
    if (cause instanceof RnnlabError) throw cause;
    throw new CheckpointError(
      `saveCheckpoint: ${JSON.stringify(path)} could not be written (${(cause as Error).message}). ` +
        'What was there before is untouched. Check the path, the rights and the free space.',
      { cause },
    );
  }
}

/**
 * Loads and checks a checkpoint.
 *
 * @throws {@link CheckpointError} when the file is missing, damaged, no checkpoint, or of a schema that this
 *   version cannot read; the message starts with the path.
 */
export async function loadCheckpoint(path: string): Promise<LoadedCheckpoint> {
  return withFileSource(path, 'loadCheckpoint', async (source) => {
    try {
      return await readCheckpoint(source);
    } catch (cause) {
      if (!(cause instanceof CheckpointError)) throw cause;
      throw new CheckpointError(`${path}: ${cause.message}`, { cause });
    }
  });
}
