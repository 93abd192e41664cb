/**
 * A bias-corrected exponential moving average (the correction of Kingma & Ba 2015).
 *
 *   s ← β·s + (1 − β)·loss        n ← n + 1        value = s / (1 − βⁿ)
 *
 * s starts at 0; dividing by 1 − βⁿ, the sum of the weights so far, makes the value a weighted mean of the losses
 * seen: the first value is the first loss, not a tenth of it.
 */
import { ConfigError } from '@rnnlab/tensor';

/** JSON form of a {@link SmoothedLoss}. */
export interface SmoothedLossState {
  sum: number;
  count: number;
}

/**
 * @example
 * ```ts
 * import { SmoothedLoss } from '@rnnlab/train';
 *
 * const smoothed = new SmoothedLoss(0.9);
 * console.log(smoothed.add(3).toFixed(2), smoothed.add(2).toFixed(2)); // 3.00 2.47
 * ```
 */
export class SmoothedLoss {
  readonly beta: number;
  #sum = 0;
  #count = 0;

  /** @param beta β in [0, 1). The average reaches back about 1/(1 − β) losses. */
  constructor(beta = 0.98) {
    if (!(beta >= 0 && beta < 1)) {
      throw new ConfigError(`SmoothedLoss: beta is ${beta}, expected a number from 0 to below 1.`);
    }
    this.beta = beta;
  }

  /** Adds a loss and returns the new value. */
  add(loss: number): number {
    this.#sum = this.beta * this.#sum + (1 - this.beta) * loss;
    this.#count++;
    return this.value;
  }

  /** NaN before the first loss. */
  get value(): number {
    return this.#count ? this.#sum / (1 - this.beta ** this.#count) : NaN;
  }

  get state(): SmoothedLossState {
    return { sum: this.#sum, count: this.#count };
  }

  set state({ sum, count }: SmoothedLossState) {
    this.#sum = sum;
    this.#count = count;
  }
}
