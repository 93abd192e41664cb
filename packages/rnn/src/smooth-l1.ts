/**
 * Absolute error with a round bottom (Huber 1964; in this scaling Girshick 2015).
 *
 *   d = x − y
 *   ℓ = d²/2β        ∂ℓ/∂x = d/β           where |d| < β
 *   ℓ = |d| − β/2    ∂ℓ/∂x = sign d        elsewhere
 *
 * The same as PyTorch's `smooth_l1_loss`; times β it is the Huber loss of Keras. β = 0 is {@link l1}.
 */
import { ConfigError, type Tensor } from '@rnnlab/tensor';
import {
  elementLoss,
  elementLossBackward,
  type ElementLossCache,
  type ElementLossOptions,
  type ElementLossResult,
} from './element-loss';

/** Options of {@link smoothL1}. */
export interface SmoothL1Options extends ElementLossOptions {
  /** β ≥ 0, where the square becomes a line. Default 1. */
  beta?: number;
}

/** What {@link smoothL1Backward} needs. */
export interface SmoothL1Cache extends ElementLossCache {
  readonly beta: number;
}

/**
 * @param prediction x, any shape.
 * @param target y, like x.
 * @throws {@link ShapeError} or {@link DTypeError} when they do not fit each other, {@link ConfigError} for a negative β.
 *
 * @example
 * ```ts
 * import { smoothL1, smoothL1Backward } from '@rnnlab/rnn';
 * import { Tensor } from '@rnnlab/tensor';
 *
 * const { loss, cache } = smoothL1(Tensor.from([1.5, 2]), Tensor.from([1, 5]), { reduction: 'sum' });
 * console.log(loss, smoothL1Backward(cache).toArray()); // 2.625 [ 0.5, -1 ]
 * ```
 */
export function smoothL1(
  prediction: Tensor,
  target: Tensor,
  options: SmoothL1Options = {},
): ElementLossResult<SmoothL1Cache> {
  const { beta = 1 } = options;
  if (!(beta >= 0 && beta < Infinity)) {
    throw new ConfigError(`smoothL1: beta is ${beta}, expected a number ≥ 0.`);
  }
  const result = elementLoss('smoothL1', prediction, target, options, (x, y) => {
    const d = Math.abs(x - y);
    return d < beta ? (d * d) / (2 * beta) : d - beta / 2;
  });
  return { ...result, cache: { ...result.cache, beta } };
}

/**
 * @param upstream dL/d(loss): a number, or one number an element with `reduction: 'none'`. Default 1.
 * @returns dL/d(prediction).
 * @throws {@link ShapeError} when the upstream gradient has not one number an element.
 */
export function smoothL1Backward(cache: SmoothL1Cache, upstream: number | Tensor = 1): Tensor {
  const { beta } = cache;
  return elementLossBackward('smoothL1Backward', cache, upstream, (x, y) => {
    const d = x - y;
    return Math.abs(d) < beta ? d / beta : Math.sign(d);
  });
}
