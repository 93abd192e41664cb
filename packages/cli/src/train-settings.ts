/**
 * The settings of a run, complete: what was asked for, and the defaults of train-defaults.ts for the rest. JSON
 * values only; a checkpoint keeps them.
 */
import type { CellType } from '@rnnlab/train';
import type { OptimizerName } from './create-optimizer';
import type { ScheduleName } from './create-schedule';
import type { TokenizerName } from './tokenizers';
import { detectData, type DataKind } from './detect-data';
import { defaultValidationEvery, defaultValidationFraction, trainDefaults } from './train-defaults';
import { UserError } from './user-error';

/** What `rnnlab train` can be told. Everything left out has a default. */
export interface TrainOptions {
  data: DataKind | 'auto';
  /** Leave the text in its files; default: above 64 MiB. */
  stream?: boolean;
  /** Default: characters. */
  tokenizer?: TokenizerName;
  /** Ids of a bpe or word tokenizer at most. */
  vocabSize?: number;
  lowerCase?: boolean;
  cell?: CellType;
  hidden?: number;
  layers?: number;
  /** Size of a character's vector; without it characters enter as one-hot vectors. */
  embedding?: number;
  dropout?: number;
  optimizer?: OptimizerName;
  lr?: number;
  /** How the learning rate moves; see create-schedule.ts. Default: it stays. */
  schedule?: ScheduleName;
  /** Steps in which the learning rate climbs to `lr`. Default 0. */
  warmup?: number;
  /** λ; default: the optimizer's own. */
  weightDecay?: number;
  /** Decay of a moving average of the weights, which is then measured, sampled and kept as the best. Default: none. */
  ema?: number;
  clip?: number;
  batch?: number;
  /** Batches whose gradients make one step. Default 1. */
  accumulate?: number;
  seqLen?: number;
  epochs?: number;
  steps?: number;
  minutes?: number;
  /** Optimizer steps between two evaluations; default: one at the end of every epoch. */
  evaluateEvery?: number;
  /** Evaluations without a new best before training stops. */
  patience?: number;
  validationEvery?: number;
  validationFraction?: number;
  seed?: number;
  temperature?: number;
}

/** {@link TrainOptions} with nothing left open. */
export type TrainSettings = Required<Omit<TrainOptions, 'data' | Optional>> &
  Pick<TrainOptions, Optional> & { data: DataKind };

/** Settings that are absent when they were not asked for, those of newer releases among them: old checkpoints lack them. */
type Optional =
  | 'stream'
  | 'tokenizer'
  | 'vocabSize'
  | 'embedding'
  | 'epochs'
  | 'steps'
  | 'minutes'
  | 'patience'
  | 'evaluateEvery'
  | 'schedule'
  | 'warmup'
  | 'weightDecay'
  | 'ema'
  | 'accumulate'
  | HeldOut;

type HeldOut = 'validationEvery' | 'validationFraction';

/**
 * @param text The corpus, for `data: 'auto'`.
 * @param file Named in errors.
 * @returns The settings, and why the corpus counts as lines or as one text.
 * @throws {@link UserError} for options that exclude each other.
 */
export function resolveSettings(
  options: TrainOptions,
  text: string,
  file: string,
): { settings: TrainSettings; because: string } {
  const { kind, because } =
    options.data === 'auto' ? detectData(text) : { kind: options.data, because: `--data ${options.data}` };
  checkTogether(options, kind, file);
  const defaults = trainDefaults[kind];
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const ends = options.epochs ?? options.steps ?? options.minutes;
  const { epochs, ...rest } = defaults;
  const settings = {
    ...rest,
    ...(ends === undefined ? { epochs } : {}),
    ...heldOut(options, kind),
    ...given,
    data: kind,
  };
  return { settings: settings as TrainSettings, because };
}

function heldOut(options: TrainOptions, kind: DataKind): Pick<TrainSettings, HeldOut> {
  if (options.validationFraction !== undefined) return {};
  return kind === 'lines'
    ? { validationEvery: defaultValidationEvery }
    : { validationFraction: defaultValidationFraction };
}

function checkTogether(options: TrainOptions, kind: DataKind, file: string): void {
  if (options.validationEvery !== undefined && options.validationFraction !== undefined) {
    throw new UserError('Give one of --validation-every and --validation-fraction, not both.');
  }
  if (kind === 'text' && options.validationEvery !== undefined) {
    throw new UserError(
      `--validation-every holds out lines and "${file}" is read as one text: use --validation-fraction, or --data lines.`,
    );
  }
  if (options.dropout && (options.layers ?? trainDefaults[kind].layers) < 2) {
    throw new UserError('--dropout acts between layers and there is one: add --layers 2, or leave it out.');
  }
}
