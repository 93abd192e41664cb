import { describe, expect, it } from 'vitest';
import {
  chainedSchedule,
  constantSchedule,
  cosineRestartsSchedule,
  cosineSchedule,
  exponentialSchedule,
  inverseSquareRootSchedule,
  lambdaSchedule,
  LearningRateScheduler,
  linearSchedule,
  noamSchedule,
  oneCycleSchedule,
  polynomialSchedule,
  ReduceOnPlateau,
  scheduleFromJSON,
  sequentialSchedule,
  SGD,
  warmupSchedule,
  type Schedule,
} from './index';

const rates = (schedule: Schedule, steps: number): number[] =>
  Array.from({ length: steps }, (_, t) => schedule(t));

/** What the golden vectors of the frameworks do not cover. */
describe('values', () => {
  it('constant', () => expect(rates(constantSchedule({ learningRate: 0.1 }), 3)).toEqual([0.1, 0.1, 0.1]));

  it('Noam: the formula of the paper', () => {
    const schedule = noamSchedule({ modelSize: 512, warmupSteps: 4000, factor: 2 });
    for (const t of [1, 100, 4000, 4001, 100_000]) {
      const expected = 2 * 512 ** -0.5 * Math.min(t ** -0.5, t * 4000 ** -1.5);
      expect(schedule(t - 1) / expected).toBeCloseTo(1, 12);
    }
  });

  it('inverse square root: the peak is the learning rate', () => {
    const schedule = inverseSquareRootSchedule({ learningRate: 0.5, warmupSteps: 10 });
    expect(Math.max(...rates(schedule, 100))).toBe(0.5);
    expect(schedule(39)).toBeCloseTo(0.25, 12);
  });

  it('sequential: each part from its own beginning', () => {
    const schedule = sequentialSchedule({
      schedules: [
        linearSchedule({ from: 0, to: 1, steps: 2 }),
        exponentialSchedule({ learningRate: 1, factor: 0.5 }),
      ],
      milestones: [2],
    });
    expect(rates(schedule, 5)).toEqual([0, 0.5, 1, 0.5, 0.25]);
  });

  it('restarts with a warm-up, and with a shrinking height', () => {
    const schedule = cosineRestartsSchedule({ learningRate: 1, firstCycleSteps: 2, restartFactor: 0.5 });
    const warm = warmupSchedule({ schedule, warmupSteps: 2, from: 0.5 });
    const expected = [0.5, 0.75, 1, 0.5, 0.5, 0.25, 0.25];
    for (const [t, rate] of rates(warm, 7).entries()) expect(rate).toBeCloseTo(expected[t], 12);
  });

  it('one cycle in two phases: the top at its share, the bottom at the last step', () => {
    const schedule = oneCycleSchedule({ maxLearningRate: 1, totalSteps: 100 });
    expect(schedule(0)).toBeCloseTo(1 / 25, 12);
    expect(schedule(29)).toBeCloseTo(1, 12);
    expect(schedule(99)).toBeCloseTo(1 / 25 / 1e4, 12);
    expect(schedule(500)).toBe(schedule(99));
  });

  it('polynomial without a power is a line', () =>
    expect(polynomialSchedule({ learningRate: 1, decaySteps: 4 })(1)).toBe(0.75));
});

describe('JSON', () => {
  it('holds nested schedules as data', () => {
    const schedule = chainedSchedule({
      schedules: [
        warmupSchedule({ schedule: cosineSchedule({ learningRate: 1, decaySteps: 9 }), warmupSteps: 3 }),
      ],
    });
    const json = schedule.toJSON();
    expect(structuredClone(json)).toEqual(json);
    expect(rates(scheduleFromJSON(json), 12)).toEqual(rates(schedule, 12));
  });

  it('finds functions by name', () => {
    const schedule = lambdaSchedule({ learningRate: 2, factor: (t) => 1 / (t + 1), name: 'harmonic' });
    const json = JSON.parse(JSON.stringify(schedule));
    expect(scheduleFromJSON(json, { harmonic: (t) => 1 / (t + 1) })(3)).toBe(0.5);
    expect(() => scheduleFromJSON(json)).toThrow(
      "scheduleFromJSON: functions['harmonic'] is missing, expected the factor of a lambda schedule.",
    );
  });

  it('of an unknown type is refused', () => {
    expect(() => scheduleFromJSON({ type: 'toString' })).toThrow(
      "scheduleFromJSON: type 'toString' is unknown, expected one of constant,piecewise,step,",
    );
  });
});

describe('refusals', () => {
  it.each<[() => unknown, string]>([
    [
      () => cosineSchedule({ learningRate: 1, decaySteps: 0 }),
      "schedule 'cosine': decaySteps is 0, expected a finite number ≥ 1.",
    ],
    [
      () => constantSchedule({ learningRate: NaN }),
      "schedule 'constant': learningRate is NaN, expected a finite number ≥ 0.",
    ],
    [
      () => sequentialSchedule({ schedules: [constantSchedule({ learningRate: 1 })], milestones: [3] }),
      "schedule 'sequential': milestones is [3], expected 0 numbers that rise.",
    ],
    [() => new ReduceOnPlateau({ factor: 1 }), 'ReduceOnPlateau: factor is 1, expected a number in [0, 1).'],
    [
      () => new ReduceOnPlateau({ mode: 'max' } as object),
      "ReduceOnPlateau: option 'mode' is unknown, expected one of learningRate,maximize,",
    ],
    [
      () => new ReduceOnPlateau({ patience: -1 }),
      'ReduceOnPlateau: patience is -1, expected a number in [0, Infinity).',
    ],
    [
      () => new LearningRateScheduler(new SGD([]), []),
      'LearningRateScheduler: number of schedules is 0, expected one, or one for each group: 1.',
    ],
  ])('%#', (make, message) => expect(make).toThrow(message));
});

describe('ReduceOnPlateau', () => {
  it('maximizes, cools down and keeps its floor', () => {
    const plateau = new ReduceOnPlateau({
      learningRate: 1,
      maximize: true,
      factor: 0.5,
      patience: 0,
      cooldown: 1,
      minLearningRate: 0.4,
    });
    expect([1, 2, 2, 2, 2, 1, 1].map((metric) => plateau.update(metric))).toEqual([
      1, 1, 0.5, 0.5, 0.4, 0.4, 0.4,
    ]);
  });

  it('takes NaN for no improvement', () => {
    const plateau = new ReduceOnPlateau({ learningRate: 1, factor: 0.5, patience: 0 });
    expect([NaN, 3, NaN].map((metric) => plateau.update(metric))).toEqual([0.5, 0.5, 0.25]);
    expect(plateau.stateDict()).toEqual({ learningRate: 0.25, best: 3, bad: 0, cooldownLeft: 0 });
  });
});

it('a scheduler drives each group by its own schedule', () => {
  const p = () => ({ value: new Float64Array(1), grad: new Float64Array(1) });
  const optimizer = new SGD([{ parameters: [p()] }, { parameters: [p()] }]);
  const scheduler = new LearningRateScheduler(optimizer, [
    constantSchedule({ learningRate: 3 }),
    linearSchedule({ from: 0, to: 1, steps: 4 }),
  ]);
  scheduler.step();
  expect(optimizer.groups.map(({ options }) => options.learningRate)).toEqual([3, 0.25]);
});
