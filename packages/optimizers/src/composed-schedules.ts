/** Schedules made of others, or of a function. */
import { expectOption } from './expectations';
import { makeSchedule, type Schedule } from './schedule';

/**
 * lr·factor(t) for any function.
 *
 * @param options JSON cannot hold a function: give it a `name` and `scheduleFromJSON` finds it under that name.
 */
export function lambdaSchedule(options: {
  learningRate: number;
  factor: (step: number) => number;
  name?: string;
}): Schedule {
  const { learningRate, factor, name } = options;
  return makeSchedule('lambda', { learningRate, name }, (t) => learningRate * factor(t));
}

/**
 * The product of all (PyTorch's ChainedScheduler): give one of them the learning rate, and 1 to the others.
 *
 * @example
 * ```ts
 * import { chainedSchedule, exponentialSchedule, linearSchedule } from '@rnnlab/optimizers';
 *
 * const warmup = linearSchedule({ from: 0.1, to: 1, steps: 4 });
 * const rate = chainedSchedule({ schedules: [warmup, exponentialSchedule({ learningRate: 0.1, factor: 0.9 })] });
 * console.log(rate(0).toFixed(4), rate(4).toFixed(4)); // 0.0100 0.0656
 * ```
 */
export function chainedSchedule(options: { schedules: readonly Schedule[] }): Schedule {
  return makeSchedule('chained', options, (t) =>
    options.schedules.reduce((rate, schedule) => rate * schedule(t), 1),
  );
}

/**
 * One after the other: `schedules[i]` from `milestones[i − 1]` on, where its own step is 0 again (PyTorch's SequentialLR).
 *
 * @throws {@link ConfigError} when there is not one milestone less than schedules, or they do not rise.
 */
export function sequentialSchedule(options: {
  schedules: readonly Schedule[];
  milestones: readonly number[];
}): Schedule {
  const { schedules, milestones } = options;
  const count = schedules.length - 1;
  expectOption(
    milestones.length === count && milestones.every((m, i) => !i || m > milestones[i - 1]),
    "schedule 'sequential': milestones",
    `[${milestones}]`,
    `${count} numbers that rise`,
  );
  return makeSchedule('sequential', options, (t) => {
    const i = milestones.filter((milestone) => t >= milestone).length;
    return schedules[i](t - (i ? milestones[i - 1] : 0));
  });
}
