/**
 * The checked edge of {@link Backend.gemm}: matrix products in all four transpose forms.
 *
 *   out[i, j] (+)= Σₚ op(a)[i, p] · op(b)[p, j]         op(a) = a or aᵀ,  op(b) = b or bᵀ
 */
import type { Backend, GemmOptions } from './backend';
import { DTypeError, ShapeError } from './errors';
import { referenceBackend } from './reference-backend';
import { checkShape, formatShape } from './shape';
import type { Tensor } from './tensor';

/** Options of {@link matmul}. */
export interface MatmulOptions extends GemmOptions {
  /** [m, n], a new tensor of zeros by default. Must not share memory with a or b. */
  out?: Tensor;
  /** Default: the reference backend. */
  backend?: Backend;
}

/**
 * The product of two matrices.
 *
 * @param a [m, k], or [k, m] with `transposeA`.
 * @param b [k, n], or [n, k] with `transposeB`.
 * @returns `out` [m, n].
 * @throws {@link ShapeError} when a or b is no matrix, the inner sizes differ or `out` does not fit;
 *   {@link DTypeError} when dtypes differ or are int32.
 *
 * @example
 * ```ts
 * import { matmul, Tensor } from '@rnnlab/tensor';
 *
 * const a = Tensor.from([[1, 2], [3, 4]]);
 * const b = Tensor.from([[5, 6], [7, 8]]);
 * console.log(matmul(a, b).toArray()); // [ [ 19, 22 ], [ 43, 50 ] ]
 * console.log(matmul(a, b, { transposeB: true }).toArray()); // [ [ 17, 23 ], [ 39, 53 ] ]
 * ```
 */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false, backend = referenceBackend } = options;
  checkShape('matmul: a', a.shape, [
    [transposeA ? 'k' : 'm', undefined],
    [transposeA ? 'm' : 'k', undefined],
  ]); // prettier-ignore
  checkShape('matmul: b', b.shape, [
    [transposeB ? 'n' : 'k', undefined],
    [transposeB ? 'k' : 'n', undefined],
  ]); // prettier-ignore
  const [m, inner] = transposeA ? [a.shape[1], a.shape[0]] : a.shape;
  const [innerB, n] = transposeB ? [b.shape[1], b.shape[0]] : b.shape;
  if (inner !== innerB) {
    const form = (name: string, shape: readonly number[], transposed: boolean) =>
      `${name}${transposed ? 'ᵀ of' : ''} ${formatShape(shape)}`;
    throw new ShapeError(
      `matmul: ${form('a', a.shape, transposeA)} has inner size k=${inner}, ${form('b', b.shape, transposeB)} has k=${innerB}. Did you forget a transpose?`,
    );
  }
  const { out = backend.allocate([m, n], a.dtype) } = options;
  checkShape('matmul: out', out.shape, [
    ['m', m],
    ['n', n],
  ]); // prettier-ignore
  if (a.dtype === 'int32' || b.dtype !== a.dtype || out.dtype !== a.dtype) {
    throw new DTypeError(
      `matmul: a is ${a.dtype}, b ${b.dtype}, out ${out.dtype}, expected float32 or float64 for all. Convert with clone('float32').`,
    );
  }
  backend.gemm(a, b, out, options);
  return out;
}
