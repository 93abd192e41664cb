/** Hand-written checks of the JSON in a checkpoint: what they return has the type they promise. */
import { CheckpointError } from '@rnnlab/tensor';
import type { HistoryEntry } from './checkpoint';
import type { LanguageModelConfig } from './create-language-model';
import { trainerStateVersion, type TrainerProgress } from './trainer-state';

/** A kind of JSON value: a test and what it is called in an error. */
interface Kind {
  readonly test: (value: unknown) => boolean;
  readonly name: string;
}

/** The kinds of the fields of an object; nested where a field is an object itself. */
interface Shape {
  readonly [field: string]: Kind | Shape;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const count: Kind = { test: isCount, name: 'an integer ≥ 0' };
const positiveCount: Kind = { test: (v) => isCount(v) && v !== 0, name: 'an integer ≥ 1' };
const word32: Kind = {
  test: (v) => isCount(v) && (v as number) <= 0xffffffff,
  name: 'an integer from 0 to 4294967295',
};
/** A step, or −1 for "never". */
const mark: Kind = { test: (v) => v === -1 || isCount(v), name: 'an integer ≥ -1' };
const real: Kind = { test: Number.isFinite, name: 'a number' };
const text: Kind = { test: (v) => typeof v === 'string', name: 'a string' };
const cell: Kind = {
  test: (v) => v === 'rnn' || v === 'lstm' || v === 'gru',
  name: "'rnn', 'lstm' or 'gru'",
};
const object: Kind = { test: isObject, name: 'an object' };
const words: Kind = {
  test: (v) => Array.isArray(v) && v.length === 4 && v.every(word32.test) && v.some((word) => word !== 0),
  name: 'four unsigned 32-bit integers, not all zero',
};
const described: Kind = {
  test: (v) =>
    isObject(v) && Object.values(v).every((part) => ['string', 'number', 'boolean'].includes(typeof part)),
  name: 'an object of strings, numbers and booleans',
};
const numbers: Kind = {
  test: (v) => isObject(v) && Object.values(v).every(Number.isFinite),
  name: 'an object of numbers',
};
const version: Kind = {
  test: (v) => v === trainerStateVersion,
  name: `${trainerStateVersion}: save it again with the version of @rnnlab/train that wrote it, or update`,
};

const losses: Shape = { nats: real, tokens: count };
const progressShape: Shape = {
  version,
  step: count,
  epoch: count,
  batch: count,
  seconds: real,
  seed: word32,
  batchSize: positiveCount,
  accumulationSteps: positiveCount,
  dataset: described,
  dropoutRng: words,
  smoothedLoss: { sum: real, count },
  sinceEvaluation: losses,
  inEpoch: losses,
  evaluationsSinceBest: count,
  done: { evaluation: mark, sample: mark, checkpoint: mark, epoch: mark },
  optimizer: object,
};

/** The fields that no configuration lacks; `createLanguageModel` checks all others. */
const configShape: Shape = { cell, vocabSize: positiveCount, hiddenSize: positiveCount };

/** @throws {@link CheckpointError} that names the first field of another kind. */
function check(where: string, value: unknown, shape: Shape): void {
  for (const [field, kind] of Object.entries(shape)) {
    const part: unknown = isObject(value) && Object.hasOwn(value, field) ? value[field] : undefined;
    const name = `${where}.${field}`;
    if (typeof kind.test !== 'function') {
      check(name, part, kind as Shape);
    } else if (!(kind as Kind).test(part)) {
      const found = part === undefined ? 'missing' : JSON.stringify(part).slice(0, 60);
      throw new CheckpointError(
        `${name} is ${found}, expected ${kind.name as string}. If the file was not written by hand, it is damaged: go back to an earlier checkpoint.`,
      );
    }
  }
}

/** @param where The public function, e.g. `'loadCheckpoint'`. */
export function checkConfig(where: string, value: unknown): LanguageModelConfig {
  check(`${where}: model`, value, configShape);
  return value as LanguageModelConfig;
}

/** Checks the JSON of {@link TrainerProgress}. */
export function checkProgress(value: unknown): TrainerProgress {
  check('loadCheckpoint: progress', value, progressShape);
  const progress = value as TrainerProgress;
  check('loadCheckpoint: progress.optimizer', progress.optimizer, { type: text });
  if (progress.best !== undefined) {
    check('loadCheckpoint: progress.best', progress.best, { loss: real, step: count });
  }
  if (progress.averageDecay !== undefined) {
    check('loadCheckpoint: progress', progress, { averageDecay: real });
  }
  if (progress.updateToWeightRatio !== undefined) {
    check('loadCheckpoint: progress', progress, { updateToWeightRatio: numbers });
  }
  return progress;
}

/** Checks the JSON of {@link Checkpoint.history}. */
export function checkHistory(value: unknown): HistoryEntry[] {
  const list: Kind = { test: Array.isArray, name: 'a list' };
  check('loadCheckpoint', { history: value }, { history: list });
  const entries = value as unknown[];
  entries.forEach((entry, index) => check(`loadCheckpoint: history[${index}]`, entry, { type: text }));
  return entries as HistoryEntry[];
}
