import { formatShape, sameShape } from './shape';
import { ShapeError } from './errors';
import { Tensor } from './tensor';

/**
 * A trainable tensor and its gradient, which has the same shape and dtype. Backward passes *add* into
 * `grad`; call `zeroGrad()` (or the optimizer's) before the next one.
 *
 * @example
 * ```ts
 * import { Parameter, Tensor } from '@rnnlab/tensor';
 *
 * const weight = new Parameter('weight', Tensor.from([[0.5, -0.5]]));
 * weight.grad.data[0] += 2;
 * weight.zeroGrad();
 * ```
 */
export class Parameter {
  /** Unique within a model and equal to the key in state dicts and files, e.g. `weight_ih_l0`. */
  readonly name: string;
  readonly value: Tensor;
  readonly grad: Tensor;

  /**
   * @param grad Zeros by default; pass one to place it in a backend's memory.
   * @throws {@link ShapeError} when `grad` has another shape or dtype than `value`.
   */
  constructor(name: string, value: Tensor, grad: Tensor = Tensor.zeros(value.shape, value.dtype)) {
    if (!sameShape(value.shape, grad.shape) || value.dtype !== grad.dtype) {
      throw new ShapeError(
        `Parameter ${name}: grad is ${grad.dtype} ${formatShape(grad.shape)}, expected ${value.dtype} ${formatShape(value.shape)} like value.`,
      );
    }
    this.name = name;
    this.value = value;
    this.grad = grad;
  }

  /** Sets the gradient to zero. */
  zeroGrad(): void {
    this.grad.fill(0);
  }
}
