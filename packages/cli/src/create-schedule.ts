/**
 * `--schedule`: the learning rate of every step. lr is `--lr`, W is `--warmup`, N the last step of the run, t = 0, 1, …
 *
 *   t < W           lr·(t + 1)/(W + 1): a line up to lr, whose first step is not wasted on a rate of 0
 *   t ≥ W           with n = N − W and s = t − W:
 *     constant      lr
 *     linear        lr·(1 − s/n)
 *     cosine        lr·(1 + cos(π·s/n))/2
 *     exponential   lr·0.01^(s/n): down to a hundredth
 *     inverse-sqrt  lr·√((W + 1)/(t + 1))
 *   one-cycle       up to lr in W steps (30 % of N by default) and down to nearly 0, both in cosine arcs
 *
 * N follows from the epochs or steps that the run was told, so a run that is resumed to another end goes on with the
 * curve that belongs to that end. Rprop reads the rate at its first step only: it finds its own step lengths.
 */
import {
  constantSchedule,
  cosineSchedule,
  exponentialSchedule,
  inverseSquareRootSchedule,
  linearSchedule,
  oneCycleSchedule,
  warmupSchedule,
  type Schedule,
} from '@rnnlab/optimizers';
import type { Dataset } from '@rnnlab/train';
import { integer, plural } from './format';
import type { TrainSettings } from './train-settings';
import { UserError } from './user-error';

export const scheduleNames = [
  'constant',
  'linear',
  'cosine',
  'exponential',
  'inverse-sqrt',
  'one-cycle',
] as const;

export type ScheduleName = (typeof scheduleNames)[number];

type Course = Pick<TrainSettings, 'lr' | 'schedule' | 'warmup'>;
type Ends = Pick<TrainSettings, 'epochs' | 'steps' | 'batch' | 'accumulate'>;

/**
 * See the header of this file.
 *
 * @returns `undefined` when the rate never changes.
 * @throws {@link UserError} when the curve needs an end that the run does not know, or the warm-up passes it.
 */
export function createSchedule(settings: Course & Ends, dataset: Dataset): Schedule | undefined {
  const { schedule = 'constant', warmup = 0 } = settings;
  if (schedule === 'constant' && warmup === 0) return undefined;
  const last = lastStep(settings, dataset);
  if (last === undefined && schedule !== 'constant' && schedule !== 'inverse-sqrt') {
    throw new UserError(
      `--schedule ${schedule} ends at the last step, and --minutes does not tell which that is: give --epochs or --steps too.`,
    );
  }
  if (last !== undefined && warmup >= last) {
    throw new UserError(
      `--warmup ${warmup} does not end before the run, which has ${plural(last, 'step')}: give less than ${integer(last)}.`,
    );
  }
  return curve(schedule, settings.lr, warmup, last ?? Infinity);
}

function curve(name: ScheduleName, learningRate: number, warmupSteps: number, last: number): Schedule {
  const n = last - warmupSteps;
  const warm = (schedule: Schedule) =>
    warmupSteps
      ? warmupSchedule({ schedule, warmupSteps, from: learningRate / (warmupSteps + 1) })
      : schedule;
  switch (name) {
    case 'linear':
      return warm(linearSchedule({ from: learningRate, to: 0, steps: n }));
    case 'cosine':
      return warm(cosineSchedule({ learningRate, decaySteps: n }));
    case 'exponential':
      return warm(exponentialSchedule({ learningRate, factor: 0.01, decaySteps: n }));
    case 'inverse-sqrt':
      return inverseSquareRootSchedule({ learningRate, warmupSteps: warmupSteps + 1 });
    case 'one-cycle': {
      const riseShare = warmupSteps ? warmupSteps / last : undefined;
      return oneCycleSchedule({ maxLearningRate: learningRate, totalSteps: last, riseShare });
    }
    default:
      return warm(constantSchedule({ learningRate }));
  }
}

/** Of the whole run, counted from the very beginning; `undefined` when only time ends it. */
function lastStep({ epochs, steps, batch, accumulate = 1 }: Ends, dataset: Dataset): number | undefined {
  const batches = dataset.batchesPerEpoch(batch);
  const perEpoch = batches === undefined ? undefined : Math.ceil(batches / accumulate);
  const byEpochs = epochs === undefined || perEpoch === undefined ? Infinity : epochs * perEpoch;
  const last = Math.min(byEpochs, steps ?? Infinity);
  return Number.isFinite(last) ? last : undefined;
}
