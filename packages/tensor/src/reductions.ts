/**
 * Reductions. Sums are kept in double precision and rounded once when stored.
 *
 *   sum = Σₖ aₖ      mean = sum / size      norm = √(Σₖ aₖ²)
 *   columnSums: s[j] = Σₙ x[n, j]           x [..., J], s [J]: the derivative of addRowVector
 */
import { ShapeError } from './errors';
import { checkShape, formatShape } from './shape';
import { Tensor } from './tensor';

/** Σ a, 0 for an empty tensor. */
export function sum(a: Tensor): number {
  let total = 0;
  for (let k = 0; k < a.size; k++) total += a.data[k];
  return total;
}

/**
 * Σ a / size.
 *
 * @throws {@link ShapeError} for an empty tensor.
 */
export function mean(a: Tensor): number {
  checkNotEmpty('mean', a);
  return sum(a) / a.size;
}

/**
 * The largest element; NaN when there is one.
 *
 * @throws {@link ShapeError} for an empty tensor.
 */
export function max(a: Tensor): number {
  checkNotEmpty('max', a);
  let largest = -Infinity;
  for (let k = 0; k < a.size; k++) largest = Math.max(largest, a.data[k]);
  return largest;
}

/** √(Σ a²), the Euclidean norm over all elements; scaled, so that squares of huge elements do not overflow. */
export function norm(a: Tensor): number {
  let largest = 0;
  for (let k = 0; k < a.size; k++) largest = Math.max(largest, Math.abs(a.data[k]));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let squares = 0;
  for (let k = 0; k < a.size; k++) squares += (a.data[k] / largest) ** 2;
  return largest * Math.sqrt(squares);
}

/** Σₖ aₖ·bₖ over two tensors of the same shape. */
export function dot(a: Tensor, b: Tensor): number {
  checkShape(
    'dot: b',
    b.shape,
    a.shape.map((d, axis) => [`d${axis}`, d]),
  );
  let total = 0;
  for (let k = 0; k < a.size; k++) total += a.data[k] * b.data[k];
  return total;
}

/**
 * Index of the largest element of every row, the first of equals.
 *
 * @param x [..., J]
 * @returns int32 [...]
 * @throws {@link ShapeError} for a tensor without columns.
 */
export function argMax(x: Tensor): Tensor {
  checkNotEmpty('argMax', x);
  const J = x.shape[x.rank - 1] ?? 1;
  const indices = Tensor.zeros(x.shape.slice(0, -1), 'int32');
  for (let n = 0; n < indices.size; n++) {
    let best = 0;
    for (let j = 1; j < J; j++) if (x.data[n * J + j] > x.data[n * J + best]) best = j;
    indices.data[n] = best;
  }
  return indices;
}

/** Where {@link columnSums} writes. */
export interface ColumnSumsOptions {
  /** [J], a new tensor by default. */
  out?: Tensor;
  /** Add to `out` instead of replacing it. Default false. */
  accumulate?: boolean;
}

/**
 * s[j] = Σₙ x[n, j].
 *
 * @param x [..., J]
 * @throws {@link ShapeError} when `out` is not [J].
 *
 * @example
 * ```ts
 * import { columnSums, Tensor } from '@rnnlab/tensor';
 *
 * console.log(columnSums(Tensor.from([[1, 2], [3, 4]])).toArray()); // [ 4, 6 ]
 * ```
 */
export function columnSums(x: Tensor, options: ColumnSumsOptions = {}): Tensor {
  const J = x.shape[x.rank - 1] ?? 1;
  const { out = Tensor.zeros([J], x.dtype), accumulate = false } = options;
  checkShape('columnSums: out', out.shape, [['columns of x', J]]);
  for (let j = 0; j < J; j++) {
    let total = accumulate ? out.data[j] : 0;
    for (let k = j; k < x.size; k += J) total += x.data[k];
    out.data[j] = total;
  }
  return out;
}

function checkNotEmpty(where: string, a: Tensor): void {
  if (a.size === 0) {
    throw new ShapeError(
      `${where}: the tensor has shape ${formatShape(a.shape)}, expected at least one element.`,
    );
  }
}
