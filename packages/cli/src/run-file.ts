/**
 * Checkpoints of this program: those of `@rnnlab/train`, with what `rnnlab` itself has to know as notes.
 *
 *   note               is
 *   rnnlab-cli.run     JSON of {@link RunNotes}
 */
import {
  modelFromCheckpoint,
  tokenizerFromCheckpoint,
  type Checkpoint,
  type ConfiguredLanguageModel,
  type Dataset,
  type HistoryEntry,
  type LoadedCheckpoint,
  type Trainer,
} from '@rnnlab/train';
import { loadCheckpoint } from '@rnnlab/train/node';
import type { Backend } from '@rnnlab/tensor';
import type { Tokenizer } from '@rnnlab/tokenizer';
import { fileProblem } from './describe-error';
import type { TextBounds } from './stream-text';
import type { TrainSettings } from './train-settings';
import { UserError } from './user-error';

/** What the program keeps beside the model and the state of its training. */
export interface RunNotes {
  /** Files and folders of the corpus, as they were named on the command line; the early releases knew one `file`. */
  files: readonly string[];
  settings: TrainSettings;
  bounds: TextBounds;
  /**
   * The best measurement that this run has told. It is the trainer's own best, or one at the end of the run: that one
   * is no part of the training that may go on, and its weights are the last ones.
   */
  best?: { loss: number; step: number };
  /** Of `--keep-last`. */
  keepLast?: number;
}

/** A checkpoint ready for use. */
export interface SavedRun extends RunNotes {
  checkpoint: LoadedCheckpoint;
  /** With the best weights where there are such, else the average or the last. */
  model: ConfiguredLanguageModel;
  tokenizer: Tokenizer;
}

const note = 'rnnlab-cli.run';

/** Everything needed to write text or to go on training. It shares the model's memory: save it before the next step. */
export function runCheckpoint(run: {
  trainer: Trainer;
  model: ConfiguredLanguageModel;
  dataset: Dataset;
  history: readonly HistoryEntry[];
  settings: TrainSettings;
  files: readonly string[];
  best: RunNotes['best'];
  keepLast?: number;
}): Checkpoint {
  const { trainer, model, dataset, history, settings, files, best, keepLast } = run;
  const { prompt, stopTokens } = dataset.sampling;
  const notes: RunNotes = { files, settings, bounds: { prompt, stopTokens }, best, keepLast };
  return {
    model: model.config,
    tokenizer: dataset.tokenizer.toJSON(),
    history,
    notes: new Map([[note, JSON.stringify(notes)]]),
    ...trainer.stateDict(),
  };
}

/**
 * Reads a checkpoint that `rnnlab train` wrote.
 *
 * @param backend Where the model lives. Default: the library's own.
 * @throws {@link UserError} when it cannot be read or was written by something else, {@link CheckpointError} when
 *   it is damaged.
 */
export async function openRun(path: string, backend?: Backend): Promise<SavedRun> {
  const checkpoint = await loadCheckpoint(path).catch((error: unknown) => {
    const known = error instanceof Error ? fileProblem(error.cause) : undefined;
    if (known) throw new UserError(`Cannot read "${path}": ${known.problem}; ${known.remedy}.`);
    throw error;
  });
  const text = checkpoint.notes.get(note);
  if (text === undefined) {
    throw new UserError(`"${path}" was not written by rnnlab train: load it with @rnnlab/train instead.`);
  }
  const notes = parseNotes(text, path);
  const { progress } = checkpoint;
  const atTheEnd = notes.best !== undefined && notes.best.step === progress?.step;
  // Weights measured at the end are those of the last step, or their average; 'average' without one means the last.
  const weights = progress?.best && !atTheEnd ? 'best' : 'average';
  const model = modelFromCheckpoint(checkpoint, { weights, backend });
  const best = notes.best ?? progress?.best;
  return { ...notes, best, checkpoint, model, tokenizer: tokenizerFromCheckpoint(checkpoint) };
}

/** @throws {@link UserError} when the note is not what {@link runCheckpoint} makes. */
function parseNotes(text: string, path: string): RunNotes {
  try {
    const {
      file,
      files = [file!],
      settings,
      bounds,
      best,
      keepLast,
    } = JSON.parse(text) as RunNotes & { file?: string };
    const whole = [bounds.prompt, bounds.stopTokens, files].every(Array.isArray) && files.length > 0;
    const named = files.every((path) => typeof path === 'string');
    if (whole && named && ['lines', 'text'].includes(settings.data))
      return { files, settings, bounds, best, keepLast };
  } catch {
    // no JSON, or a part of it is missing: said below
  }
  throw new UserError(`The note "${note}" in "${path}" is damaged: go back to an earlier checkpoint.`);
}
