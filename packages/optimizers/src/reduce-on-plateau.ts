/**
 * Reduce the learning rate when a metric stops improving: the one schedule that is no function of the step, since it
 * depends on what happened. Its state is a handful of numbers.
 *
 *   better(m)  = m < best·(1 − threshold)      or, absolute: m < best − threshold; maximize mirrors both
 *   after `patience` values in a row that are not better:  lr ← max(lr·factor, minLearningRate)
 *
 * Then `cooldown` values are not counted as bad. A reduction of less than `epsilon` is left out.
 *
 * - PyTorch (ReduceLROnPlateau): as above. Keras' callback is `absolute` with factor 0.1 and reduces at
 *   the patience-th bad value, not the one after it.
 */
import { mergeOptions } from './rule';

/** Options of {@link ReduceOnPlateau}. */
export interface ReduceOnPlateauOptions {
  /** Where it starts. Default 0.001. */
  learningRate?: number;
  /** Whether a better metric is higher, as an accuracy. Default false. */
  maximize?: boolean;
  /** In [0, 1). Default 0.1. */
  factor?: number;
  /** Bad values that are put up with. Default 10. */
  patience?: number;
  /** By how much a better metric is better at least. Default 1e-4. */
  threshold?: number;
  /** `threshold` is in the units of the metric, not a share of the best. Default false. */
  absolute?: boolean;
  /** Values after a reduction that never count as bad. Default 0. */
  cooldown?: number;
  /** Default 0. */
  minLearningRate?: number;
  /** Default 1e-8. */
  epsilon?: number;
}

/** JSON-able. */
export interface ReduceOnPlateauState {
  learningRate: number;
  /** `null` before the first value. */
  best: number | null;
  bad: number;
  cooldownLeft: number;
}

const defaults = {
  learningRate: 1e-3,
  maximize: false,
  factor: 0.1,
  patience: 10,
  threshold: 1e-4,
  absolute: false,
  cooldown: 0,
  minLearningRate: 0,
  epsilon: 1e-8,
};

/**
 * See the header of this file.
 *
 * @example
 * ```ts
 * import { ReduceOnPlateau } from '@rnnlab/optimizers';
 *
 * const plateau = new ReduceOnPlateau({ learningRate: 1, factor: 0.5, patience: 1 });
 * console.log([2, 1.5, 1.6, 1.7, 1.4].map((loss) => plateau.update(loss))); // [ 1, 1, 1, 0.5, 0.5 ]
 * ```
 */
export class ReduceOnPlateau {
  readonly options: Required<ReduceOnPlateauOptions>;
  #state: ReduceOnPlateauState;

  /** @throws {@link ConfigError} for an unknown option or an impossible value. */
  constructor(options: ReduceOnPlateauOptions) {
    this.options = mergeOptions('ReduceOnPlateau', defaults, options);
    this.#state = { learningRate: this.options.learningRate, best: null, bad: 0, cooldownLeft: 0 };
  }

  /** The rate in force. */
  get learningRate(): number {
    return this.#state.learningRate;
  }

  /** Takes the next value of the metric. NaN is never better. @returns The rate from now on. */
  update(metric: number): number {
    const { factor, patience, threshold, absolute, cooldown, minLearningRate, epsilon } = this.options;
    const s = this.#state;
    const sign = this.options.maximize ? -1 : 1; // of sign·metric, less is better
    const bar = s.best === null ? Infinity : sign * s.best - threshold * (absolute ? 1 : s.best);
    s.bad++;
    if (sign * metric < bar) {
      s.best = metric;
      s.bad = 0;
    }
    if (s.cooldownLeft > 0) {
      s.cooldownLeft--;
      s.bad = 0;
    }
    if (s.bad > patience) {
      const reduced = Math.max(s.learningRate * factor, minLearningRate);
      if (s.learningRate - reduced > epsilon) s.learningRate = reduced;
      s.cooldownLeft = cooldown;
      s.bad = 0;
    }
    return s.learningRate;
  }

  stateDict(): ReduceOnPlateauState {
    return { ...this.#state };
  }

  loadStateDict(state: ReduceOnPlateauState): void {
    this.#state = { ...state };
  }
}
