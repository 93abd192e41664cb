/**
 * A learning-rate schedule is a pure function of the step, t = 0, 1, 2, …: the rate in force at the (t + 1)-th update.
 * Nothing is remembered between calls, so a run that is resumed needs only its step number. `toJSON` gives what
 * `scheduleFromJSON` turns back into the same function.
 */
import { expectOption } from './expectations';

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

/** Options that divide, or that a loop goes on by, are at least 1: all that count but a warm-up, which may be none. */
const atLeastOne = /^(?!warmup).*(steps|size|multiplier)/i;

/** @throws {@link ConfigError} when a number of `options` is negative, not finite, or a step count below 1. */
export function makeSchedule(type: string, options: object, at: (step: number) => number): Schedule {
  for (const [key, value] of Object.entries(options)) {
    for (const number of Array.isArray(value) ? value : [value]) {
      const least = atLeastOne.test(key) ? 1 : 0;
      expectOption(
        typeof number !== 'number' || (number >= least && number < Infinity),
        `schedule '${type}': ${key}`,
        number,
        `a finite number ≥ ${least}`,
      );
    }
  }
  return Object.assign(at, { toJSON: () => JSON.parse(JSON.stringify({ type, ...options })) });
}
