/**
 * Squared error, the loss of regression (Gauss 1809).
 *
 *   ℓ = (x − y)²,   ∂ℓ/∂x = 2(x − y)
 *
 * Without the factor ½ of some textbooks, as in PyTorch and Keras.
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
 * import { mse, mseBackward } from '@rnnlab/rnn';
 * import { Tensor } from '@rnnlab/tensor';
 *
 * const { loss, cache } = mse(Tensor.from([1, 2]), Tensor.from([1, 5]));
 * console.log(loss, mseBackward(cache).toArray()); // 4.5 [ 0, -3 ]
 * ```
 */
export function mse(prediction: Tensor, target: Tensor, options: ElementLossOptions = {}): ElementLossResult {
  return elementLoss('mse', prediction, target, options, (x, y) => (x - y) ** 2);
}

/**
 * @param upstream dL/d(loss): a number, or one number an element with `reduction: 'none'`. Default 1.
 * @returns dL/d(prediction).
 * @throws {@link ShapeError} when the upstream gradient has not one number an element.
 */
export function mseBackward(cache: ElementLossCache, upstream: number | Tensor = 1): Tensor {
  return elementLossBackward('mseBackward', cache, upstream, (x, y) => 2 * (x - y));
}
