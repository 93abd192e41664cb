/**
 * Absolute error: outliers pull with the same force as everything else (Laplace 1774).
 *
 *   ℓ = |x − y|,   ∂ℓ/∂x = sign(x − y), 0 at the kink
 */
import type { Tensor } from '@rnnlab/tensor';
import {
  elementLoss,
  elementLossBackward,
  type ElementLossCache,
  type ElementLossOptions,
  type ElementLossResult,
} from './element-loss';

/**
 * @param prediction x, any shape.
 * @param target y, like x.
 * @throws {@link ShapeError} or {@link DTypeError} when they do not fit each other.
 *
 * @example
 * ```ts
 * import { l1, l1Backward } from '@rnnlab/rnn';
 * import { Tensor } from '@rnnlab/tensor';
 *
 * const { loss, cache } = l1(Tensor.from([1, 2]), Tensor.from([1, 5]));
 * console.log(loss, l1Backward(cache).toArray()); // 1.5 [ 0, -0.5 ]
 * ```
 */
export function l1(prediction: Tensor, target: Tensor, options: ElementLossOptions = {}): ElementLossResult {
  return elementLoss('l1', prediction, target, options, (x, y) => Math.abs(x - y));
}

/**
 * @param upstream dL/d(loss): a number, or one number an element with `reduction: 'none'`. Default 1.
 * @returns dL/d(prediction).
 * @throws {@link ShapeError} when the upstream gradient has not one number an element.
 */
export function l1Backward(cache: ElementLossCache, upstream: number | Tensor = 1): Tensor {
  return elementLossBackward('l1Backward', cache, upstream, (x, y) => Math.sign(x - y));
}
