/**
 * A learning-rate schedule is a pure function of the step, t = 0, 1, 2, …: the rate in force at the (t + 1)-th update.
 * Nothing is remembered between calls, so a run that is resumed needs only its step number. `toJSON` gives what
 * `scheduleFromJSON` turns back into the same function.
 */
import { ConfigError } from './errors';

/** JSON of a schedule: its type and its options. */
export interface ScheduleJSON {
  type: string;
  [option: string]: unknown;
}

/** See the header of this file. */
export interface Schedule {
  /** The learning rate at step t ≥ 0. */
  (step: number): number;
  toJSON(): ScheduleJSON;
}

/** Options that count steps and must be at least 1. */
const atLeastOne =
  /^(decaySteps|steps|stepSize|stepsUp|stepsDown|totalSteps|firstCycleSteps|cycleMultiplier|modelSize)$/;

/** @throws {@link ConfigError} when a number of `options` is negative, not finite, or a step count below 1. */
export function makeSchedule(type: string, options: object, at: (step: number) => number): Schedule {
  for (const [key, value] of Object.entries(options)) {
    for (const number of Array.isArray(value) ? value : [value]) {
      const least = atLeastOne.test(key) ? 1 : 0;
      if (typeof number === 'number' && !(number >= least && number < Infinity)) {
        throw new ConfigError(
          `schedule '${type}': ${key} is ${number}, expected a finite number ≥ ${least}.`,
        );
      }
    }
  }
  return Object.assign((step: number) => at(step), {
    toJSON: () => JSON.parse(JSON.stringify({ type, ...options })),
  });
}
