/** `rnnlab resume`: goes on training from a checkpoint. */
import { modelFromCheckpoint } from '@rnnlab/train';
import type { BackendOptions } from './backend-options';
import { createBackend } from './create-backend';
import { createObservers, type ObserverOptions } from './create-observers';
import { plural } from './format';
import type { CommandIO } from './io';
import { openDataset } from './open-corpus';
import { prepareOutput } from './output-path';
import { showReading } from './reading-progress';
import { openRun, type SavedRun } from './run-file';
import { runTraining } from './run-training';
import type { TrainSettings } from './train-settings';
import { UserError } from './user-error';

export interface ResumeOptions extends ObserverOptions, BackendOptions {
  /** The corpus, when it has moved. */
  file?: readonly string[];
  epochs?: number;
  steps?: number;
  minutes?: number;
  out?: string;
}

/** See the header of this file. */
export async function resume(checkpointPath: string, options: ResumeOptions, io: CommandIO): Promise<void> {
  const backend = await createBackend(options);
  const saved = await openRun(checkpointPath, backend);
  const { checkpoint } = saved;
  const settings = extend(saved.settings, options);
  checkNotDone(checkpointPath, saved, settings);
  const files = options.file ?? saved.files;
  const dataset = await showReading(io, options.json, (onProgress) =>
    openDataset(files, settings, { tokenizer: saved.tokenizer, signal: io.signal, onProgress }),
  );
  const path = options.out ?? checkpointPath;
  await prepareOutput(path);
  const model = modelFromCheckpoint(checkpoint, { weights: 'last', backend });
  const because = `as before, from step ${checkpoint.progress?.step ?? 0} on`;
  const { keepLast } = saved;
  const run = { files, settings, because, dataset, model, path, keepLast, from: checkpoint };
  await runTraining(run, createObservers(options, io), io.signal);
}

/** New ends replace the old ones. */
function extend(settings: TrainSettings, { epochs, steps, minutes }: ResumeOptions): TrainSettings {
  const told = epochs !== undefined || steps !== undefined || minutes !== undefined;
  return told ? { ...settings, epochs, steps, minutes } : settings;
}

function checkNotDone(path: string, { checkpoint }: SavedRun, settings: TrainSettings): void {
  const { progress } = checkpoint;
  if (!progress) throw new UserError(`"${path}" holds a model but no state of its training: train it anew.`);
  const { epochs = Infinity, steps = Infinity, minutes = Infinity } = settings;
  const { epoch, step, seconds } = progress;
  if (epoch < epochs && step < steps && seconds < minutes * 60) return;
  throw new UserError(
    `"${path}" has been trained for ${plural(epoch, 'epoch')} (${plural(step, 'step')}) and is at its end: say how far to go, e.g. --epochs ${Math.max(2 * epoch, epoch + 1)}.`,
  );
}
