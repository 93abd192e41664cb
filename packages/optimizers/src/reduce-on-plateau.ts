/**
 * Reduce the learning rate when a metric stops improving: the one schedule that is no function of the step, since it
 * depends on what happened. Its state is a handful of numbers.
 *
 *   better(m)  = m < best·(1 − threshold)      or, absolute: m < best − threshold; mode 'max' mirrors both
 *   after `patience` values in a row that are not better:  lr ← max(lr·factor, minLearningRate)
 *
 * Then `cooldown` values are not counted as bad. A reduction of less than `epsilon` is left out.
 *
 * - PyTorch (ReduceLROnPlateau): as above. Keras' callback is `thresholdMode: 'absolute'` with factor 0.1 and reduces at
 *   the patience-th bad value, not the one after it.
 */
import { ConfigError } from './errors';
import { mergeOptions } from './rule';

/** Options of {@link ReduceOnPlateau}. */
export interface ReduceOnPlateauOptions {
  /** Where it starts. Default 0.001. */
  learningRate?: number;
  /** Whether a better metric is lower or higher. Default `'min'`. */
  mode?: 'min' | 'max';
  /** In (0, 1). Default 0.1. */
  factor?: number;
  /** Bad values that are put up with. Default 10. */
  patience?: number;
  /** Default 1e-4. */
  threshold?: number;
  /** Default `'relative'`. */
  thresholdMode?: 'relative' | 'absolute';
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
  factor: 0.1,
  patience: 10,
  threshold: 1e-4,
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
    const { mode = 'min', thresholdMode = 'relative', ...numbers } = options;
    const { factor, learningRate } = (this.options = {
      mode,
      thresholdMode,
      ...mergeOptions('ReduceOnPlateau', defaults, numbers),
    });
    if (!(factor > 0 && factor < 1)) {
      throw new ConfigError(`ReduceOnPlateau: factor is ${factor}, expected a number in (0, 1).`);
    }
    if (!/^(min|max)$/.test(mode) || !/^(relative|absolute)$/.test(thresholdMode)) {
      throw new ConfigError(
        `ReduceOnPlateau: mode is '${mode}' and thresholdMode '${thresholdMode}', expected 'min' or 'max' and 'relative' or 'absolute'.`,
      );
    }
    this.#state = { learningRate, best: null, bad: 0, cooldownLeft: 0 };
  }

  /** The rate in force. */
  get learningRate(): number {
    return this.#state.learningRate;
  }

  /** Takes the next value of the metric. NaN is never better. @returns The rate from now on. */
  update(metric: number): number {
    const { factor, patience, cooldown, minLearningRate, epsilon } = this.options;
    const s = this.#state;
    if (this.#isBetter(metric)) {
      s.best = metric;
      s.bad = 0;
    } else s.bad++;
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

  #isBetter(metric: number): boolean {
    const { mode, threshold, thresholdMode } = this.options;
    const { best } = this.#state;
    if (best === null) return !Number.isNaN(metric);
    const direction = mode === 'min' ? 1 : -1;
    const margin = thresholdMode === 'relative' ? best * threshold : direction * threshold;
    const bar = thresholdMode === 'relative' ? best - direction * margin : best - margin;
    return direction * metric < direction * bar;
  }
}
