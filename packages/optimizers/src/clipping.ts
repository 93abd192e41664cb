/**
 * Gradient clipping, in place (Pascanu, Mikolov & Bengio 2013).
 *
 *   norm  = ‖g‖_p over all gradients together, p = ∞ the largest |gᵢ|
 *   g ← g·min(1, maxNorm / (norm + ε))
 *
 * Where Σ g² is no ordinary number, the norm is taken of g/max|g|, so that neither squares of 1e200 overflow nor
 * those of 1e-200 vanish. A norm that is NaN or infinite is reported and nothing is scaled: one bad element does not
 * spread into all others. The caller decides, usually by leaving out the step.
 *
 * - PyTorch: as above with ε = 1e-6, but it multiplies by a coefficient made from a non-finite norm.
 * - Keras, optax, TensorFlow: maxNorm / max(norm, maxNorm), which is `epsilon: 0`. Keras rounds the norm (`clipnorm`,
 *   here `clipEachGradNorm`) or the coefficient (`global_clipnorm`) to float32 even when the gradients are float64.
 */
import { assign, dot, largestSize, type Blocks } from './blocks';
import { NonFiniteError } from './errors';
import { expectOption } from './expectations';
import { dataOf, type OptimizerParameter } from './parameter';
import type { UpdateKernels } from './rule';

/** Options of {@link clipGradNorm} and {@link clipEachGradNorm}. */
export interface ClipNormOptions {
  /** p > 0, or Infinity. Default 2. */
  normType?: number;
  /** ε ≥ 0. Default 1e-6, PyTorch's; 0 is the others'. */
  epsilon?: number;
  /** Throw instead of reporting a non-finite norm. Default false. */
  errorIfNonFinite?: boolean;
  /** Those of the optimizer; for p = 2. Default: loops in TypeScript. */
  kernels?: UpdateKernels;
}

/** ‖g‖_p over `arrays` together; NaN or infinite when an element is. */
function norm(arrays: Blocks, p: number, kernels?: UpdateKernels): number {
  if (p === 2) {
    const squares = kernels?.sumOfSquares(arrays) ?? dot(arrays, arrays);
    if (squares > 1e-280 && squares < Infinity) return Math.sqrt(squares);
  }
  const max = largestSize(arrays);
  if (p === Infinity || max === 0 || !Number.isFinite(max)) return max;
  let sum = 0;
  for (const array of arrays) {
    for (let i = 0; i < array.length; i++) {
      sum += (Math.abs(array[i]) / max) ** p;
    }
  }
  return max * sum ** (1 / p);
}

/** Scales `arrays` as one and returns their norm before. */
function clip(where: string, arrays: Blocks, maxNorm: number, options: ClipNormOptions): number {
  const { normType = 2, epsilon = 1e-6, errorIfNonFinite, kernels } = options;
  expectOption(maxNorm >= 0, `${where}: maxNorm`, maxNorm, 'a number ≥ 0');
  expectOption(epsilon >= 0, `${where}: epsilon`, epsilon, 'a number ≥ 0');
  expectOption(normType > 0, `${where}: normType`, normType, 'a number > 0');
  const total = norm(arrays, normType, kernels);
  if (Number.isFinite(total)) {
    const scale = maxNorm / (total + epsilon);
    if (scale < 1) {
      if (kernels) kernels.scale(arrays, scale);
      else assign(arrays, arrays, scale);
    }
  } else if (errorIfNonFinite) {
    throw new NonFiniteError(
      `${where}: the gradient norm is ${total}. Skip the step, lower the learning rate, or look for the first NaN in the loss.`,
    );
  }
  return total;
}

/**
 * Clips all gradients by their common norm.
 *
 * @param maxNorm ≥ 0, in the units of the gradient.
 * @returns The norm before; when it is not finite, the gradients are as they were.
 * @throws {@link NonFiniteError} with `errorIfNonFinite`.
 *
 * @example
 * ```ts
 * import { clipGradNorm } from '@rnnlab/optimizers';
 *
 * const w = { value: new Float64Array(2), grad: Float64Array.of(3, 4) };
 * console.log(clipGradNorm([w], 1)); // 5
 * console.log(w.grad[0].toFixed(3), w.grad[1].toFixed(3)); // 0.600 0.800
 * ```
 */
export function clipGradNorm(
  parameters: Iterable<OptimizerParameter>,
  maxNorm: number,
  options: ClipNormOptions = {},
): number {
  const arrays = Array.from(parameters, ({ grad }) => dataOf(grad));
  return clip('clipGradNorm', arrays, maxNorm, options);
}

/**
 * Clips every parameter's gradient by its own norm (Keras' `clipnorm`).
 *
 * @returns The norms before, by name; a parameter whose norm is not finite is left as it was.
 */
export function clipEachGradNorm(
  parameters: Iterable<OptimizerParameter>,
  maxNorm: number,
  options: ClipNormOptions = {},
): Map<string, number> {
  const norms = new Map<string, number>();
  for (const parameter of parameters) {
    const name = parameter.name ?? `${norms.size}`;
    norms.set(name, clip(`clipEachGradNorm: ${name}`, [dataOf(parameter.grad)], maxNorm, options));
  }
  return norms;
}

/**
 * Brings every element into [−limit, limit]. NaN stays NaN.
 *
 * @param limit ≥ 0.
 * @returns The largest |gᵢ| before.
 */
export function clipGradValue(parameters: Iterable<OptimizerParameter>, limit: number): number {
  expectOption(limit >= 0, 'clipGradValue: limit', limit, 'a number ≥ 0');
  const arrays = Array.from(parameters, ({ grad }) => dataOf(grad));
  const largest = largestSize(arrays);
  for (const array of arrays) {
    for (let i = 0; i < array.length; i++) array[i] = Math.min(Math.max(array[i], -limit), limit);
  }
  return largest;
}
