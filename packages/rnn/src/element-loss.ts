/**
 * What the losses that compare number with number have in common: the sum over elements and its derivative.
 *
 *   L = Σ_k ℓ(x_k, y_k) / n            n: the number of elements for 'mean', 1 for 'sum' and 'none'
 *   dx_k = ∂ℓ/∂x(x_k, y_k)·dL / n
 *
 * Shapes: prediction x and target y are the same, any shape. Targets are constants: they get no gradient.
 */
import { Tensor } from '@rnnlab/tensor';
import { checkElementTargets, checkReduction, upstreamOfRows, type Reduction } from './loss-checks';

/** Options of a loss over elements. */
export interface ElementLossOptions {
  /** Default `'mean'`. With `'none'` the upstream gradient has one number an element. */
  reduction?: Reduction;
}

/** What the backward function of a loss over elements needs. */
export interface ElementLossCache {
  readonly prediction: Tensor;
  readonly target: Tensor;
  /** What the sum was divided by; 1 unless `'mean'`. */
  readonly divisor: number;
}

/** Result of a loss over elements. */
export interface ElementLossResult<Cache extends ElementLossCache = ElementLossCache> {
  /** The mean, or the sum for `'sum'` and `'none'`. */
  loss: number;
  /** ℓ of every element, in the shape of the prediction. */
  perElement: Tensor;
  cache: Cache;
}

/** The forward pass, with ℓ as a function of prediction and target. */
export function elementLoss(
  where: string,
  prediction: Tensor,
  target: Tensor,
  { reduction = 'mean' }: ElementLossOptions,
  ell: (x: number, y: number) => number,
): ElementLossResult {
  checkReduction(where, reduction);
  checkElementTargets(where, prediction, target);
  const perElement = Tensor.zeros(prediction.shape, prediction.dtype);
  let total = 0;
  for (let k = 0; k < prediction.size; k++) {
    const loss = ell(prediction.data[k], target.data[k]);
    perElement.data[k] = loss;
    total += loss;
  }
  const divisor = reduction === 'mean' ? prediction.size : 1;
  return { loss: total / divisor, perElement, cache: { prediction, target, divisor } };
}

/** The backward pass, with ∂ℓ/∂x as a function of prediction and target. */
export function elementLossBackward(
  where: string,
  { prediction, target, divisor }: ElementLossCache,
  upstream: number | Tensor,
  derivative: (x: number, y: number) => number,
): Tensor {
  const up = upstreamOfRows(where, upstream, prediction.size);
  const dx = Tensor.zeros(prediction.shape, prediction.dtype);
  for (let k = 0; k < dx.size; k++) {
    dx.data[k] = (up(k) * derivative(prediction.data[k], target.data[k])) / divisor;
  }
  return dx;
}
