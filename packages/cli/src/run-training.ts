/** One training run: steps, checkpoints, and observers that are told of everything. What train and resume share. */
import {
  LinesDataset,
  referenceLines,
  Trainer,
  type ConfiguredLanguageModel,
  type Dataset,
  type HistoryEntry,
  type LoadedCheckpoint,
  type StopEvent,
  type TrainerEvent,
} from '@rnnlab/train';
import { CheckpointFolder, saveCheckpoint } from '@rnnlab/train/node';
import { createOptimizer } from './create-optimizer';
import { createSchedule } from './create-schedule';
import { drawSamples } from './draw-samples';
import { Interrupted } from './interrupted';
import { folderBeside } from './output-path';
import { corpusName } from './read-text-files';
import { runCheckpoint } from './run-file';
import type { RunObserver } from './run-observer';
import type { TrainSettings } from './train-settings';

/** Milliseconds between two saves at the longest: what a power cut may cost. */
const saveInterval = 60_000;

export interface TrainingRun {
  /** Files and folders of the corpus, as they were named. */
  files: readonly string[];
  settings: TrainSettings;
  because: string;
  dataset: Dataset;
  model: ConfiguredLanguageModel;
  path: string;
  /** How many evaluations' checkpoints stay in a folder beside `path`, and the best with them; none by default. */
  keepLast?: number;
  /** Where to go on from. */
  from?: LoadedCheckpoint;
}

/**
 * Trains to the end that the settings say, or until the signal, and saves.
 *
 * @throws {@link Interrupted} after the signal, with everything saved and told.
 */
export async function runTraining(
  run: TrainingRun,
  observers: readonly RunObserver[],
  signal: AbortSignal,
): Promise<void> {
  const { files, settings, dataset, model, path, from, keepLast } = run;
  const { backend } = model.recurrent.cells[0][0];
  const optimizer = createOptimizer(settings, model.parameters(), backend);
  const learningRate = createSchedule(settings, dataset);
  const trainer = new Trainer({
    model,
    dataset,
    optimizer,
    learningRate,
    ...trainerOptions(settings, keepLast),
  });
  const keep = keepLast === undefined ? undefined : new CheckpointFolder(folderBeside(path), { keepLast });
  const history: HistoryEntry[] = [...(from?.history ?? [])];
  if (from?.progress) trainer.loadStateDict({ progress: from.progress, tensors: from.tensors });
  const facts = {
    ...run,
    file: corpusName(files),
    reference: referenceLines(dataset, { fiveGram: !settings.stream }),
  };
  let stop: StopEvent | undefined;
  let savedAt = performance.now();
  let remembered = history.length;
  let best: { loss: number; step: number } | undefined;
  try {
    for (const observer of observers) observer.begin?.(facts);
    for await (const event of trainer.run({ signal })) {
      for (const observer of observers) observer.event(event);
      remember(history, event);
      if (event.type === 'evaluation' && event.best) best = { loss: event.loss, step: event.step };
      const overdue = event.type === 'step' && performance.now() - savedAt > saveInterval;
      // The measurement at the end comes behind the last checkpoint event, unless it is a new best.
      const measuredLate = event.type === 'stop' && !event.error && history.length > remembered;
      if (event.type === 'checkpoint' || overdue || measuredLate) {
        const checkpoint = runCheckpoint({
          trainer,
          model,
          dataset,
          history,
          settings,
          files,
          best,
          keepLast,
        });
        await saveCheckpoint(path, checkpoint);
        if (keep && !overdue) {
          const isBest = event.type === 'checkpoint' && event.reason === 'best';
          await (isBest ? keep.saveBest(checkpoint) : keep.save(checkpoint));
        }
        savedAt = performance.now();
        remembered = history.length;
      }
      if (event.type === 'stop') stop = event;
    }
    const samples = signal.aborted ? [] : await drawSamples(model, dataset, { ...settings, signal });
    const end = { stop: stop!, samples, prompt: somePrompt(dataset) };
    for (const observer of observers) await observer.end?.(end);
  } finally {
    for (const observer of observers) observer.close?.();
  }
  if (signal.aborted) throw new Interrupted(signal);
}

function trainerOptions(settings: TrainSettings, keepLast: number | undefined) {
  const { batch, accumulate, ema, epochs, steps, minutes, patience, clip, temperature, seed } = settings;
  const { evaluateEvery: k } = settings;
  const every = k === undefined ? { epochs: 1 } : { steps: k };
  return {
    batchSize: batch,
    accumulationSteps: accumulate,
    weightAverage: ema === undefined ? undefined : { decay: ema },
    evaluationBatchSize: Math.max(batch, 32),
    epochs,
    steps,
    timeLimit: minutes === undefined ? undefined : minutes * 60,
    earlyStopping: patience === undefined ? undefined : { patience },
    clipNorm: clip || undefined,
    evaluateEvery: every,
    checkpointEvery: keepLast === undefined ? undefined : every,
    sample: { every, count: 3, temperature, maxNewTokens: 200 },
    seed,
  };
}

/** What a checkpoint tells about the way to it: the measurements. */
function remember(history: HistoryEntry[], event: TrainerEvent): void {
  if (event.type !== 'evaluation') return;
  const { type, step, epoch, seconds, trainingLoss, loss } = event;
  history.push({ type, step, epoch, seconds, trainingLoss, loss });
}

/** A prompt that the model knows: how most lines begin, or the first word of a text. */
function somePrompt(dataset: Dataset): string {
  if (dataset instanceof LinesDataset) {
    const begin = dataset.tokenizer.type === 'word' ? firstWord : beginning;
    return mostFrequent(dataset.lines.training.map(begin));
  }
  const [ids] = dataset.sequences('training');
  return firstWord(dataset.tokenizer.decode(ids.subarray(0, 200)));
}

const firstWord = (text: string): string => /\p{L}+/u.exec(text)?.[0] ?? '';

const beginning = (line: string): string => [...line].slice(0, 2).join('');

/** The first of equals. */
function mostFrequent(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].reduce((top, one) => (one[1] > top[1] ? one : top))[0];
}
