import { describe, expect, it } from 'vitest';
import { expectClose, readGolden } from './golden-fixtures';
import {
  chainedSchedule,
  cosineRestartsSchedule,
  cosineSchedule,
  cyclicSchedule,
  exponentialSchedule,
  inverseTimeSchedule,
  lambdaSchedule,
  linearSchedule,
  multiStepSchedule,
  oneCycleSchedule,
  piecewiseSchedule,
  polynomialSchedule,
  ReduceOnPlateau,
  scheduleFromJSON,
  sequentialSchedule,
  stepSchedule,
  warmupSchedule,
  type Schedule,
} from './index';

type Config = Record<string, any>;

interface ScheduleCase {
  name: string;
  scheduler?: string;
  class?: string;
  baseLr: number;
  config: Config;
  metrics?: number[];
  expected: { lr: number[] };
}

/** PyTorch's schedulers by name, for the base rate lr. */
const torch: Record<string, (lr: number, c: Config) => Schedule> = {
  StepLR: (learningRate, c) => stepSchedule({ learningRate, stepSize: c.step_size, factor: c.gamma ?? 0.1 }),
  MultiStepLR: (learningRate, c) =>
    multiStepSchedule({ learningRate, milestones: c.milestones, factor: c.gamma ?? 0.1 }),
  ConstantLR: (lr, { factor = 1 / 3, total_iters = 5 }) =>
    piecewiseSchedule({ boundaries: [total_iters - 1], values: [lr * factor, lr] }),
  LinearLR: (lr, { start_factor = 1 / 3, end_factor = 1, total_iters = 5 }) =>
    linearSchedule({ from: lr * start_factor, to: lr * end_factor, steps: total_iters }),
  ExponentialLR: (learningRate, { gamma }) => exponentialSchedule({ learningRate, factor: gamma }),
  PolynomialLR: (learningRate, { total_iters = 5, power = 1 }) =>
    polynomialSchedule({ learningRate, decaySteps: total_iters, power }),
  CosineAnnealingLR: (learningRate, { T_max, eta_min = 0 }) =>
    cosineSchedule({ learningRate, decaySteps: T_max, minLearningRate: eta_min, mirror: true }),
  CosineAnnealingWarmRestarts: (learningRate, { T_0, T_mult = 1, eta_min = 0 }) =>
    cosineRestartsSchedule({
      learningRate,
      firstCycleSteps: T_0,
      cycleMultiplier: T_mult,
      minLearningRate: eta_min,
    }),
  OneCycleLR: (_, c) =>
    oneCycleSchedule({
      maxLearningRate: c.max_lr,
      totalSteps: c.total_steps ?? c.epochs * c.steps_per_epoch,
      riseShare: c.pct_start,
      divideBy: c.div_factor,
      finalDivideBy: c.final_div_factor,
      threePhase: c.three_phase,
      linear: c.anneal_strategy === 'linear',
    }),
  CyclicLR: (_, c) =>
    cyclicSchedule({
      minLearningRate: c.base_lr,
      maxLearningRate: c.max_lr,
      stepsUp: c.step_size_up ?? 2000,
      stepsDown: c.step_size_down ?? undefined,
      cycleFactor: c.mode === 'triangular2' ? 0.5 : 1,
      stepFactor: c.mode === 'exp_range' ? c.gamma : 1,
    }),
  LambdaLR: (learningRate, c) => lambdaSchedule({ learningRate, factor: parse(c.lambda), name: 'f' }),
  ChainedScheduler: (lr, c) => {
    const schedules = inner(1, c.chained ?? c.schedulers);
    return chainedSchedule({
      schedules: [piecewiseSchedule({ boundaries: [], values: [lr] }), ...schedules],
    });
  },
  SequentialLR: (lr, c) =>
    sequentialSchedule({ schedules: inner(lr, c.schedulers ?? c.sequential), milestones: c.milestones }),
};

/** The fixture writes a lambda as an expression in t. */
function parse(expression: string): (t: number) => number {
  return new Function(
    't',
    `const { max, min, sqrt, pow, cos, floor, PI: pi } = Math; return ${expression};`,
  ) as never;
}

function inner(lr: number, configs: Config[]): Schedule[] {
  return configs.flatMap((config) => Object.entries(config).map(([name, c]) => torch[name](lr, c as Config)));
}

/** Keras' schedules by class. */
const keras: Record<string, (c: Config) => Schedule> = {
  ExponentialDecay: (c) =>
    exponentialSchedule({ ...common(c), factor: c.decay_rate, staircase: c.staircase }),
  InverseTimeDecay: (c) => inverseTimeSchedule({ ...common(c), rate: c.decay_rate, staircase: c.staircase }),
  PolynomialDecay: (c) =>
    polynomialSchedule({
      ...common(c),
      minLearningRate: c.end_learning_rate ?? 1e-4,
      power: c.power ?? 1,
      cycle: c.cycle ?? false,
    }),
  CosineDecay: (c) => {
    const top = c.warmup_target ?? c.initial_learning_rate;
    const schedule = cosineSchedule({
      learningRate: top,
      decaySteps: c.decay_steps,
      minLearningRate: (c.alpha ?? 0) * top,
    });
    if (c.warmup_target == null) return schedule;
    return warmupSchedule({ schedule, warmupSteps: c.warmup_steps ?? 0, from: c.initial_learning_rate });
  },
  CosineDecayRestarts: (c) =>
    cosineRestartsSchedule({
      learningRate: c.initial_learning_rate,
      firstCycleSteps: c.first_decay_steps,
      cycleMultiplier: c.t_mul ?? 2,
      restartFactor: c.m_mul ?? 1,
      minLearningRate: (c.alpha ?? 0) * c.initial_learning_rate,
    }),
  PiecewiseConstantDecay: (c) => piecewiseSchedule({ boundaries: c.boundaries, values: c.values }),
};

const common = (c: Config) => ({ learningRate: c.initial_learning_rate, decaySteps: c.decay_steps });

describe('schedules of PyTorch', () => {
  const cases = ['optimizers', 'more'].flatMap(
    (folder) => readGolden<ScheduleCase>(`${folder}/schedulers_torch.json`).cases,
  );
  it.each(cases.filter(({ metrics }) => !metrics))('$name', ({ scheduler, baseLr, config, expected }) => {
    const schedule = torch[scheduler!](baseLr, config);
    expectClose(
      'lr',
      expected.lr.map((_, t) => schedule(t)),
      expected.lr,
      1e-15,
      1e-12,
    );
    const functions = { f: config.lambda ? parse(config.lambda) : () => NaN };
    const again = scheduleFromJSON(JSON.parse(JSON.stringify(schedule)), functions);
    for (const t of expected.lr.keys()) expect(again(t)).toBe(schedule(t));
  });

  it.each(cases.filter(({ metrics }) => metrics))('$name', ({ baseLr, config, metrics, expected }) => {
    const options = {
      learningRate: baseLr,
      maximize: config.mode === 'max',
      factor: config.factor,
      patience: config.patience,
      threshold: config.threshold,
      absolute: config.threshold_mode === 'abs',
      cooldown: config.cooldown,
      minLearningRate: config.min_lr,
      epsilon: config.eps,
    } as const;
    let plateau = new ReduceOnPlateau(options);
    const rates = [plateau.learningRate];
    for (const metric of metrics!) {
      const state = JSON.parse(JSON.stringify(plateau.stateDict()));
      plateau = new ReduceOnPlateau(options);
      plateau.loadStateDict(state);
      rates.push(plateau.update(metric));
    }
    expectClose('lr', rates, expected.lr, 1e-15, 1e-12);
  });
});

describe('schedules of Keras', () => {
  it.each(readGolden<ScheduleCase>('keras/schedules.json').cases)(
    '$name',
    ({ class: name, config, expected }) => {
      const schedule = keras[name!](config);
      expectClose(
        'lr',
        expected.lr.map((_, t) => schedule(t)),
        expected.lr,
        1e-9,
        1e-6,
      );
      const again = scheduleFromJSON(JSON.parse(JSON.stringify(schedule)));
      for (const t of expected.lr.keys()) expect(again(t)).toBe(schedule(t));
    },
  );
});
