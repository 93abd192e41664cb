/**
 * Element-by-element operations. Each writes into `out` (a new tensor by default, or one of its operands to work
 * in place) and returns it. Operands have the same shape; the only broadcast is the one that biases need:
 *
 *   addRowVector:   y[n, j] = x[n, j] + v[j]        x [..., J], v [J]
 */
import { DTypeError } from './errors';
import { checkShape } from './shape';
import { Tensor } from './tensor';

/**
 * a + b.
 *
 * @throws {@link ShapeError} or {@link DTypeError} when shapes or dtypes differ.
 */
export function add(a: Tensor, b: Tensor, out: Tensor = likeOf(a)): Tensor {
  checkSame('add', a, b, out);
  for (let k = 0; k < a.size; k++) out.data[k] = a.data[k] + b.data[k];
  return out;
}

/**
 * a − b.
 *
 * @throws {@link ShapeError} or {@link DTypeError} when shapes or dtypes differ.
 */
export function subtract(a: Tensor, b: Tensor, out: Tensor = likeOf(a)): Tensor {
  checkSame('subtract', a, b, out);
  for (let k = 0; k < a.size; k++) out.data[k] = a.data[k] - b.data[k];
  return out;
}

/**
 * a ⊙ b, the Hadamard product.
 *
 * @throws {@link ShapeError} or {@link DTypeError} when shapes or dtypes differ.
 *
 * @example
 * ```ts
 * import { multiply, Tensor } from '@rnnlab/tensor';
 *
 * console.log(multiply(Tensor.from([1, 2, 3]), Tensor.from([4, 5, 6])).toArray()); // [ 4, 10, 18 ]
 * ```
 */
export function multiply(a: Tensor, b: Tensor, out: Tensor = likeOf(a)): Tensor {
  checkSame('multiply', a, b, out);
  for (let k = 0; k < a.size; k++) out.data[k] = a.data[k] * b.data[k];
  return out;
}

/**
 * factor · a.
 *
 * @throws {@link ShapeError} or {@link DTypeError} when `out` has another shape or dtype than `a`.
 */
export function scale(a: Tensor, factor: number, out: Tensor = likeOf(a)): Tensor {
  checkSame('scale', a, out);
  for (let k = 0; k < a.size; k++) out.data[k] = factor * a.data[k];
  return out;
}

/**
 * φ(a) for any function of one number, e.g. `map(x, tanh.forward)`.
 *
 * @throws {@link ShapeError} or {@link DTypeError} when `out` has another shape or dtype than `a`.
 */
export function map(a: Tensor, phi: (x: number) => number, out: Tensor = likeOf(a)): Tensor {
  checkSame('map', a, out);
  for (let k = 0; k < a.size; k++) out.data[k] = phi(a.data[k]);
  return out;
}

/**
 * x + v in every row; its derivative with respect to v is `columnSums` of dy.
 *
 * @param x [..., J]
 * @param v [J]
 * @throws {@link ShapeError} or {@link DTypeError} when they do not fit.
 */
export function addRowVector(x: Tensor, v: Tensor, out: Tensor = likeOf(x)): Tensor {
  const J = x.shape[x.rank - 1] ?? 1;
  checkShape('addRowVector: v', v.shape, [['columns of x', J]]);
  checkSame('addRowVector', x, out);
  checkDType('addRowVector', x, v);
  for (let k = 0; k < x.size; k += J) {
    for (let j = 0; j < J; j++) out.data[k + j] = x.data[k + j] + v.data[j];
  }
  return out;
}

const likeOf = (a: Tensor): Tensor => Tensor.zeros(a.shape, a.dtype);

function checkSame(where: string, a: Tensor, ...others: Tensor[]): void {
  for (const other of others) {
    checkShape(
      `${where}: operand`,
      other.shape,
      a.shape.map((d, axis) => [`d${axis}`, d]),
    );
    checkDType(where, a, other);
  }
}

function checkDType(where: string, a: Tensor, b: Tensor): void {
  if (a.dtype === b.dtype) return;
  throw new DTypeError(
    `${where}: one operand is ${a.dtype} and one ${b.dtype}. Convert one with clone('${a.dtype}').`,
  );
}
