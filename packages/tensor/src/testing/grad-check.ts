/**
 * Hand-derived gradients against numerical ones (Wengert's check, as old as back-propagation).
 *
 *   numeric = ( L(θ−2s) − 8 L(θ−s) + 8 L(θ+s) − L(θ+2s) ) / 12s          error O(s⁴) + rounding of L / s
 *
 * in float64, one element at a time. The five-point central difference allows a step s large enough that
 * the rounding of L hardly counts: errors of 1e-9 and below are ordinary, a wrong term shows as 1e-2 or more.
 *
 *   relative error = |analytic − numeric| / max(|analytic|, |numeric|, 1e-3·g, 1e-10)
 *
 * where g is the largest gradient of the same tensor: below a thousandth of it, the numerical gradient itself is noise.
 */
import { DTypeError } from '../errors';
import type { Tensor } from '../tensor';

/** What a check varies: a {@link Parameter}, or an input with the gradient that `backward` left for it. */
export interface CheckedTensor {
  readonly name: string;
  readonly value: Tensor;
  readonly grad: Tensor;
}

/** Arguments of {@link gradCheck}. */
export interface GradCheckOptions {
  /** L as a function of the current values. Must give the same result for the same values. */
  loss: () => number;
  /** Leaves dL/dvalue in `grad` of every entry of `parameters`, starting from zero. */
  backward: () => void;
  /** All float64. */
  parameters: readonly CheckedTensor[];
  /** s. Default 1e-4. */
  step?: number;
}

/** The worst element of one tensor. */
export interface GradCheckRow {
  readonly name: string;
  readonly shape: readonly number[];
  /** Where the error is largest, one number an axis. */
  readonly index: readonly number[];
  readonly analytic: number;
  readonly numeric: number;
  readonly relativeError: number;
}

/**
 * One row a tensor, the worst first.
 *
 * @throws {@link DTypeError} for a tensor that is not float64: differences need the precision.
 *
 * @example
 * ```ts
 * import { Parameter, Tensor } from '@rnnlab/tensor';
 * import { gradCheck } from '@rnnlab/tensor/testing';
 *
 * const w = new Parameter('w', Tensor.from([1, 2], { dtype: 'float64' }));
 * const rows = gradCheck({
 *   loss: () => w.value.data[0] ** 2 * w.value.data[1],
 *   backward: () => w.grad.data.set([2 * w.value.data[0] * w.value.data[1], w.value.data[0] ** 2]),
 *   parameters: [w],
 * });
 * console.log(rows[0].relativeError < 1e-9); // true
 * ```
 */
export function gradCheck({ loss, backward, parameters, step = 1e-4 }: GradCheckOptions): GradCheckRow[] {
  for (const { name, value } of parameters) {
    if (value.dtype !== 'float64') {
      throw new DTypeError(
        `gradCheck: ${name} is ${value.dtype}, expected float64. Build the layer with dtype: 'float64'.`,
      );
    }
  }
  backward();
  const rows = parameters.map((parameter) => worstElement(parameter, parameter.grad.clone(), loss, step));
  return rows.sort((a, b) => b.relativeError - a.relativeError);
}

function worstElement(
  { name, value }: CheckedTensor,
  grad: Tensor,
  loss: () => number,
  step: number,
): GradCheckRow {
  const analytic = Array.from(grad.data);
  const numeric = analytic.map((_, k) => centralDifference(value.data, k, loss, step));
  const largest = [...analytic, ...numeric].reduce((top, g) => (Math.abs(g) > top ? Math.abs(g) : top), 0);
  const errors = analytic.map((g, k) => {
    const error =
      Math.abs(g - numeric[k]) / Math.max(Math.abs(g), Math.abs(numeric[k]), 1e-3 * largest, 1e-10);
    return Number.isNaN(error) ? Infinity : error; // NaN is the worst there is, and must not compare as harmless
  });
  const worst = errors.reduce((top, error, k) => (error > errors[top] ? k : top), 0);
  return {
    name,
    shape: value.shape,
    index: unravel(worst, value.shape),
    analytic: analytic[worst],
    numeric: numeric[worst],
    relativeError: errors[worst] ?? 0,
  };
}

function centralDifference(data: Tensor['data'], k: number, loss: () => number, step: number): number {
  const value = data[k];
  const at = (offset: number): number => {
    data[k] = value + offset * step;
    return loss();
  };
  const difference = (at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * step);
  data[k] = value;
  return difference;
}

function unravel(offset: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index.unshift(offset % shape[axis]);
    offset = Math.floor(offset / shape[axis]);
  }
  return index;
}

/**
 * Throws unless every relative error is at most `tolerance`. The message lists each tensor above it, worst first.
 *
 * @throws Error also for an empty report, which proves nothing.
 */
export function expectGradients(rows: readonly GradCheckRow[], tolerance: number): void {
  if (!rows.length) throw new Error('expectGradients: the report is empty, so nothing was checked.');
  const wrong = rows.filter(({ relativeError }) => !(relativeError <= tolerance));
  if (!wrong.length) return;
  const lines = wrong.map(
    ({ name, index, analytic, numeric, relativeError }) =>
      `  d${name}[${index.join(', ')}]: backward gave ${analytic}, differences gave ${numeric} (relative error ${relativeError.toExponential(1)})`,
  );
  throw new Error(`Gradients differ by more than ${tolerance}:\n${lines.join('\n')}`);
}
