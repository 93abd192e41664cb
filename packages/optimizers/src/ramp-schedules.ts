/**
 * Schedules between two rates: linear, polynomial, cosine with and without restarts, cycles, one cycle, and a warm-up
 * before any other schedule.
 */
import { makeSchedule, type Schedule } from './schedule';

/** from + (to − from)·t/steps, then `to` (PyTorch's LinearLR with `from` and `to` as rates). */
export function linearSchedule(options: { from: number; to: number; steps: number }): Schedule {
  const { from, to, steps } = options;
  return makeSchedule('linear', options, (t) => from + (to - from) * Math.min(t / steps, 1));
}

/**
 * `from` (0 by default) to `schedule(0)` in a straight line over `warmupSteps` steps, then `schedule` from its beginning.
 *
 * @example
 * ```ts
 * import { cosineSchedule, warmupSchedule } from '@rnnlab/optimizers';
 *
 * const schedule = cosineSchedule({ learningRate: 0.1, decaySteps: 100 });
 * const rate = warmupSchedule({ schedule, warmupSteps: 10 });
 * console.log(rate(0), rate(5), rate(10), rate(60), rate(110)); // 0 0.05 0.1 0.05 0
 * ```
 */
export function warmupSchedule(options: {
  schedule: Schedule;
  warmupSteps: number;
  from?: number;
}): Schedule {
  const { schedule, warmupSteps, from = 0 } = options;
  return makeSchedule('warmup', options, (t) =>
    t < warmupSteps ? from + ((schedule(0) - from) * t) / warmupSteps : schedule(t - warmupSteps),
  );
}

/**
 * end + (lr − end)·(1 − t/n)^power, n = decaySteps, end = minLearningRate = 0, power = 1 by default. After n steps it
 * stays, or, with `cycle` (Keras), n grows to the next multiple of decaySteps that is ≥ t.
 */
export function polynomialSchedule(options: {
  learningRate: number;
  decaySteps: number;
  minLearningRate?: number;
  power?: number;
  cycle?: boolean;
}): Schedule {
  const { learningRate, decaySteps, minLearningRate: end = 0, power = 1, cycle } = options;
  return makeSchedule('polynomial', options, (t) => {
    const n = cycle ? decaySteps * Math.max(Math.ceil(t / decaySteps), 1) : decaySteps;
    return end + (learningRate - end) * (1 - Math.min(t / n, 1)) ** power;
  });
}

/** 1 at 0, ½ at ½, 0 at 1 */
const halfCosine = (part: number): number => (1 + Math.cos(Math.PI * part)) / 2;

/**
 * min + (lr − min)·(1 + cos(π·t/decaySteps))/2, min = minLearningRate = 0 by default (Loshchilov & Hutter 2017). After
 * decaySteps it stays, or, with `mirror` (PyTorch's CosineAnnealingLR), it climbs again.
 */
export function cosineSchedule(options: {
  learningRate: number;
  decaySteps: number;
  minLearningRate?: number;
  mirror?: boolean;
}): Schedule {
  const { learningRate, decaySteps, minLearningRate: min = 0, mirror } = options;
  return makeSchedule('cosine', options, (t) => {
    const part = t / decaySteps;
    return min + (learningRate - min) * halfCosine(mirror ? part : Math.min(part, 1));
  });
}

/**
 * Cosine that jumps back up (SGDR, Loshchilov & Hutter 2017): cycle k has firstCycleSteps·cycleMultiplierᵏ steps and
 * starts at min + (lr − min)·restartFactorᵏ. Both multipliers are 1 by default.
 */
export function cosineRestartsSchedule(options: {
  learningRate: number;
  firstCycleSteps: number;
  cycleMultiplier?: number;
  restartFactor?: number;
  minLearningRate?: number;
}): Schedule {
  const {
    learningRate,
    firstCycleSteps,
    cycleMultiplier = 1,
    restartFactor = 1,
    minLearningRate: min = 0,
  } = options;
  return makeSchedule('cosineRestarts', options, (t) => {
    let start = 0;
    let length = firstCycleSteps;
    let height = learningRate - min;
    if (cycleMultiplier === 1) {
      const k = Math.floor(t / length);
      start = k * length;
      height *= restartFactor ** k;
    }
    while (t >= start + length) {
      start += length;
      length *= cycleMultiplier;
      height *= restartFactor;
    }
    return min + height * halfCosine((t - start) / length);
  });
}

/**
 * A saw between minLearningRate and maxLearningRate (Smith 2017): up in stepsUp steps, down in stepsDown (as many by
 * default). At step t, in cycle k, the height is multiplied by cycleFactorᵏ (½: "triangular2") and stepFactorᵗ ("exp_range"),
 * which are 1 by default.
 */
export function cyclicSchedule(options: {
  minLearningRate: number;
  maxLearningRate: number;
  stepsUp: number;
  stepsDown?: number;
  cycleFactor?: number;
  stepFactor?: number;
}): Schedule {
  const {
    minLearningRate: min,
    maxLearningRate: max,
    stepsUp,
    stepsDown = stepsUp,
    cycleFactor = 1,
    stepFactor = 1,
  } = options;
  return makeSchedule('cyclic', options, (t) => {
    const length = stepsUp + stepsDown;
    const k = Math.floor(t / length);
    const position = t - k * length;
    const height = position <= stepsUp ? position / stepsUp : 1 - (position - stepsUp) / stepsDown;
    return min + (max - min) * height * cycleFactor ** k * stepFactor ** t;
  });
}

/**
 * One rise and one long fall (Smith & Topin 2019), PyTorch's OneCycleLR: from max/divideBy up to max in
 * riseShare·totalSteps steps, then down to max/divideBy/finalDivideBy at the last. With `threePhase` the fall mirrors
 * the rise first and the rest goes on down from max/divideBy. Defaults: riseShare 0.3, divideBy 25, finalDivideBy 1e4,
 * cosine arcs (`linear: false`).
 */
export function oneCycleSchedule(options: {
  maxLearningRate: number;
  totalSteps: number;
  riseShare?: number;
  divideBy?: number;
  finalDivideBy?: number;
  threePhase?: boolean;
  linear?: boolean;
}): Schedule {
  const {
    maxLearningRate: max,
    totalSteps,
    riseShare = 0.3,
    divideBy = 25,
    finalDivideBy = 1e4,
    linear,
  } = options;
  const first = max / divideBy;
  const last = first / finalDivideBy;
  const top = riseShare * totalSteps - 1;
  const end = totalSteps - 1;
  const middle = options.threePhase ? [[2 * top, first]] : [];
  const points = [[0, first], [top, max], ...middle, [end, last]]; // biome-ignore format: one point a pair
  return makeSchedule('oneCycle', options, (t) => {
    let i = 1;
    while (i < points.length - 1 && t > points[i][0]) i++;
    const [start, from] = points[i - 1];
    const [stop, to] = points[i];
    const part = Math.min((t - start) / (stop - start), 1);
    return to + (from - to) * (linear ? 1 - part : halfCosine(part));
  });
}
