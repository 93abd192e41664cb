/**
 * Cross-entropy of yes-or-no questions: from a probability, or from a score, which is more accurate.
 *
 *   binaryCrossEntropy             ℓ = −y·ln x − (1 − y)·ln(1 − x)         ∂ℓ/∂x = (x − y) / x(1 − x)
 *   binaryCrossEntropyWithLogits   p = σ(z)
 *                                  ℓ = max(z, 0) − y·z + ln(1 + e^−|z|)    ∂ℓ/∂z = p − y
 *
 * The second is the first at x = σ(z), rearranged so that nothing overflows. A target y is 0, 1 or any number
 * between. Near x = 0 and x = 1 the first is bounded as PyTorch's: ln ≥ −100, and a denominator ≥ 1e−12.
 */
import { ShapeError, sigmoid, type Tensor } from '@rnnlab/tensor';
import {
  elementLoss,
  elementLossBackward,
  type ElementLossCache,
  type ElementLossOptions,
  type ElementLossResult,
} from './element-loss';

/**
 * @param prediction x, probabilities in any shape, each from 0 to 1.
 * @param target y, like x.
 * @throws {@link ShapeError} or {@link DTypeError} when they do not fit each other, {@link ShapeError} for an x that is no probability.
 *
 * @example
 * ```ts
 * import { binaryCrossEntropy, binaryCrossEntropyBackward } from '@rnnlab/rnn';
 * import { Tensor } from '@rnnlab/tensor';
 *
 * const { loss, cache } = binaryCrossEntropy(Tensor.from([0.5, 0.25]), Tensor.from([1, 0]));
 * console.log(loss.toFixed(4)); // 0.4904
 * console.log(binaryCrossEntropyBackward(cache).at(0)); // -1
 * ```
 */
export function binaryCrossEntropy(
  prediction: Tensor,
  target: Tensor,
  options: ElementLossOptions = {},
): ElementLossResult {
  const wrong = prediction.data.findIndex((x) => x < 0 || x > 1);
  if (wrong >= 0) {
    throw new ShapeError(
      `binaryCrossEntropy: prediction holds ${prediction.data[wrong]}, expected probabilities from 0 to 1. For scores use binaryCrossEntropyWithLogits.`,
    );
  }
  const ln = (x: number) => Math.max(-100, Math.log(x));
  return elementLoss(
    'binaryCrossEntropy',
    prediction,
    target,
    options,
    (x, y) => -(y * ln(x) + (1 - y) * ln(1 - x)),
  );
}

/**
 * @param upstream dL/d(loss): a number, or one number an element with `reduction: 'none'`. Default 1.
 * @returns dL/d(prediction).
 * @throws {@link ShapeError} when the upstream gradient has not one number an element.
 */
export function binaryCrossEntropyBackward(cache: ElementLossCache, upstream: number | Tensor = 1): Tensor {
  return elementLossBackward(
    'binaryCrossEntropyBackward',
    cache,
    upstream,
    (x, y) => (x - y) / Math.max(x * (1 - x), 1e-12),
  );
}

/**
 * @param logits z, scores in any shape.
 * @param target y, like z.
 * @throws {@link ShapeError} or {@link DTypeError} when they do not fit each other.
 *
 * @example
 * ```ts
 * import { binaryCrossEntropyWithLogits, binaryCrossEntropyWithLogitsBackward } from '@rnnlab/rnn';
 * import { Tensor } from '@rnnlab/tensor';
 *
 * const { loss, cache } = binaryCrossEntropyWithLogits(Tensor.from([0, 1000]), Tensor.from([1, 1]));
 * console.log(loss.toFixed(4)); // 0.3466
 * console.log(binaryCrossEntropyWithLogitsBackward(cache).toArray()); // [ -0.25, 0 ]
 * ```
 */
export function binaryCrossEntropyWithLogits(
  logits: Tensor,
  target: Tensor,
  options: ElementLossOptions = {},
): ElementLossResult {
  return elementLoss(
    'binaryCrossEntropyWithLogits',
    logits,
    target,
    options,
    (z, y) => Math.max(z, 0) - y * z + Math.log1p(Math.exp(-Math.abs(z))),
  );
}

/**
 * @param upstream dL/d(loss): a number, or one number an element with `reduction: 'none'`. Default 1.
 * @returns dL/d(logits).
 * @throws {@link ShapeError} when the upstream gradient has not one number an element.
 */
export function binaryCrossEntropyWithLogitsBackward(
  cache: ElementLossCache,
  upstream: number | Tensor = 1,
): Tensor {
  return elementLossBackward(
    'binaryCrossEntropyWithLogitsBackward',
    cache,
    upstream,
    (z, y) => sigmoid.forward(z) - y,
  );
}
