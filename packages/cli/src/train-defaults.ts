/**
 * What `rnnlab train` does when it is not told: the one table. The column follows from the data (`--data`).
 *
 * `lines` is tuned on 1,536 dinosaur names, `text` on a million characters of Shakespeare.
 */
import type { CellType } from '@rnnlab/train';
import type { DataKind } from './detect-data';
import type { OptimizerName } from './create-optimizer';

/** Every setting that has a default. */
export interface TrainDefaults {
  cell: CellType;
  hidden: number;
  layers: number;
  dropout: number;
  optimizer: OptimizerName;
  /** Learning rate. */
  lr: number;
  /** Largest Euclidean norm of the whole gradient; 0 does not clip. */
  clip: number;
  batch: number;
  /** T, for one long text. */
  seqLen: number;
  /** Only when neither `--epochs` nor `--steps` nor `--minutes` is given. */
  epochs: number;
  /** Lower-case the corpus. */
  lowerCase: boolean;
  seed: number;
  /** τ of the samples that are printed at the end. */
  temperature: number;
}

export const trainDefaults: Readonly<Record<DataKind, Readonly<TrainDefaults>>> = {
  lines: {
    cell: 'lstm',
    hidden: 50,
    layers: 1,
    dropout: 0,
    optimizer: 'adam',
    lr: 0.01,
    clip: 5,
    batch: 32,
    seqLen: 64,
    epochs: 20,
    lowerCase: true,
    seed: 1,
    temperature: 0.8,
  },
  text: {
    cell: 'lstm',
    hidden: 128,
    layers: 1,
    dropout: 0,
    optimizer: 'adam',
    lr: 0.002,
    clip: 5,
    batch: 32,
    seqLen: 64,
    epochs: 5,
    lowerCase: false,
    seed: 1,
    temperature: 0.8,
  },
};

/** Every k-th line is validation, unless `--validation-every` or `--validation-fraction` says otherwise. */
export const defaultValidationEvery = 10;

/** The last part of one long text that is validation. */
export const defaultValidationFraction = 0.1;

/** How a default reads in `--help`: `32`, or `50, for a text 128`. */
export function describeDefault(name: keyof TrainDefaults): string {
  const [lines, text] = [trainDefaults.lines[name], trainDefaults.text[name]].map(spell);
  return lines === text ? lines : `${lines} for lines, ${text} for a text`;
}

function spell(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return String(value);
}
