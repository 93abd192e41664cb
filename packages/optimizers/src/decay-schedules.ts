/**
 * Schedules that only fall: constant, piecewise, step, multi-step, exponential, inverse time, inverse square root.
 * lr is `learningRate`, t the step.
 */
import { makeSchedule, type Schedule } from './schedule';

/** lr */
export function constantSchedule(options: { learningRate: number }): Schedule {
  return makeSchedule('constant', options, () => options.learningRate);
}

/**
 * `values[0]` up to and including step `boundaries[0]`, then `values[1]`, … (Keras' PiecewiseConstantDecay; PyTorch's
 * ConstantLR with total_iters n has the boundary n − 1).
 *
 * @param options `values` has one number more than `boundaries`, which rise.
 */
export function piecewiseSchedule(options: {
  boundaries: readonly number[];
  values: readonly number[];
}): Schedule {
  const { boundaries, values } = options;
  return makeSchedule(
    'piecewise',
    options,
    (t) => values[boundaries.filter((boundary) => t > boundary).length],
  );
}

/** lr·factor^⌊t/stepSize⌋ */
export function stepSchedule(options: { learningRate: number; stepSize: number; factor: number }): Schedule {
  const { learningRate, stepSize, factor } = options;
  return makeSchedule('step', options, (t) => learningRate * factor ** Math.floor(t / stepSize));
}

/** lr·factorᵏ, k the number of milestones ≤ t; one that is listed twice counts twice. */
export function multiStepSchedule(options: {
  learningRate: number;
  milestones: readonly number[];
  factor: number;
}): Schedule {
  const { learningRate, milestones, factor } = options;
  return makeSchedule(
    'multiStep',
    options,
    (t) => learningRate * factor ** milestones.filter((milestone) => t >= milestone).length,
  );
}

/** lr·factor^(t/decaySteps), decaySteps 1 by default; with `staircase` the exponent is rounded down. */
export function exponentialSchedule(options: {
  learningRate: number;
  factor: number;
  decaySteps?: number;
  staircase?: boolean;
}): Schedule {
  const { learningRate, factor, decaySteps = 1, staircase } = options;
  return makeSchedule('exponential', options, (t) => {
    const exponent = t / decaySteps;
    return learningRate * factor ** (staircase ? Math.floor(exponent) : exponent);
  });
}

/** lr/(1 + rate·t/decaySteps), decaySteps 1 by default; with `staircase` t/decaySteps is rounded down. */
export function inverseTimeSchedule(options: {
  learningRate: number;
  rate: number;
  decaySteps?: number;
  staircase?: boolean;
}): Schedule {
  const { learningRate, rate, decaySteps = 1, staircase } = options;
  return makeSchedule('inverseTime', options, (t) => {
    const time = t / decaySteps;
    return learningRate / (1 + rate * (staircase ? Math.floor(time) : time));
  });
}

/**
 * lr·min((t + 1)/w, √(w/(t + 1))): up to lr in w = warmupSteps ≥ 1 steps, then down with the inverse square root.
 *
 * @example
 * ```ts
 * import { inverseSquareRootSchedule } from '@rnnlab/optimizers';
 *
 * const rate = inverseSquareRootSchedule({ learningRate: 0.01, warmupSteps: 100 });
 * console.log(rate(49), rate(99), rate(399)); // 0.005 0.01 0.005
 * ```
 */
export function inverseSquareRootSchedule(options: { learningRate: number; warmupSteps: number }): Schedule {
  const { learningRate, warmupSteps } = options;
  const w = Math.max(warmupSteps, 1);
  return makeSchedule(
    'inverseSquareRoot',
    options,
    (t) => learningRate * Math.min((t + 1) / w, Math.sqrt(w / (t + 1))),
  );
}

/**
 * The same with the peak factor/√(modelSize·warmupSteps), factor 1 by default ("Noam", Vaswani et al. 2017):
 * factor·modelSize^(−½)·min((t + 1)^(−½), (t + 1)·warmupSteps^(−3/2)).
 */
export function noamSchedule(options: { modelSize: number; warmupSteps: number; factor?: number }): Schedule {
  const { modelSize, warmupSteps, factor } = options;
  const w = Math.max(warmupSteps, 1);
  const learningRate = (factor ?? 1) / Math.sqrt(modelSize * w);
  const at = inverseSquareRootSchedule({ learningRate, warmupSteps: w });
  return makeSchedule('noam', options, at);
}
