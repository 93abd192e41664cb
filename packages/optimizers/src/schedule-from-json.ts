/** From JSON back to schedules: the one file that knows all of them, so import it only where they are loaded. */
import { chainedSchedule, lambdaSchedule, sequentialSchedule } from './composed-schedules';
import {
  constantSchedule,
  exponentialSchedule,
  inverseSquareRootSchedule,
  inverseTimeSchedule,
  multiStepSchedule,
  noamSchedule,
  piecewiseSchedule,
  stepSchedule,
} from './decay-schedules';
import { expectOption } from './expectations';
import {
  cosineRestartsSchedule,
  cosineSchedule,
  cyclicSchedule,
  linearSchedule,
  oneCycleSchedule,
  polynomialSchedule,
  warmupSchedule,
} from './ramp-schedules';
import { checkKnown } from './rule';
import type { Schedule, ScheduleJSON } from './schedule';

/**
 * @param json What `schedule.toJSON()` or `JSON.parse(JSON.stringify(schedule))` gave.
 * @param functions The factors of lambda schedules by name.
 * @throws {@link ConfigError} for an unknown type or an option that does not fit.
 *
 * @example
 * ```ts
 * import { cosineSchedule, scheduleFromJSON } from '@rnnlab/optimizers';
 *
 * const text = JSON.stringify(cosineSchedule({ learningRate: 0.1, decaySteps: 100 }));
 * console.log(scheduleFromJSON(JSON.parse(text))(50)); // 0.05
 * ```
 */
export function scheduleFromJSON(
  json: ScheduleJSON,
  functions: Record<string, (step: number) => number> = {},
): Schedule {
  const makers: Record<string, (options: never) => Schedule> = {
    constant: constantSchedule,
    piecewise: piecewiseSchedule,
    step: stepSchedule,
    multiStep: multiStepSchedule,
    exponential: exponentialSchedule,
    inverseTime: inverseTimeSchedule,
    inverseSquareRoot: inverseSquareRootSchedule,
    noam: noamSchedule,
    linear: linearSchedule,
    polynomial: polynomialSchedule,
    warmup: warmupSchedule,
    cosine: cosineSchedule,
    cosineRestarts: cosineRestartsSchedule,
    cyclic: cyclicSchedule,
    oneCycle: oneCycleSchedule,
    lambda: lambdaSchedule,
    chained: chainedSchedule,
    sequential: sequentialSchedule,
  };
  const { type, ...options } = json;
  checkKnown('scheduleFromJSON: type', type, makers);
  const inner = (value: unknown): Schedule => scheduleFromJSON(value as ScheduleJSON, functions);
  if (options.schedule) options.schedule = inner(options.schedule);
  if (Array.isArray(options.schedules)) options.schedules = options.schedules.map(inner);
  if (type === 'lambda') {
    const name = String(options.name);
    const has = Object.hasOwn(functions, name);
    expectOption(has, `scheduleFromJSON: functions['${name}']`, 'missing', 'the factor of a lambda schedule');
    options.factor = functions[name];
  }
  return makers[type](options as never);
}
