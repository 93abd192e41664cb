/**
 * Fortran's interface to BLAS, for libraries without C's. It knows matrices by columns only; Cᵀ = op(B)ᵀ·op(A)ᵀ by columns
 * is the same memory as C = op(A)·op(B) by rows, so the operands change places.
 *
 * Every argument is an address, and the lengths of the two strings follow at the end.
 */
import type { BlasCalls } from './blas-calls';
import type { FindFunction } from './find-blas';

const [N, T] = ['N', 'T'].map((letter) => Uint8Array.of(letter.charCodeAt(0)));

/** The calls of a dtype, or `undefined` where the library lacks `?gemm_` too. */
export function fortranBlas(find: FindFunction, letter: 's' | 'd'): BlasCalls | undefined {
  const parameters = [...Array<string>(13).fill('void *'), 'size_t', 'size_t'];
  const gemm = find(`${letter}gemm_`, 'void', parameters) ?? find(`${letter}gemm`, 'void', parameters);
  if (!gemm) return undefined;
  const Real = letter === 's' ? Float32Array : Float64Array;
  const [one, zero] = [Real.of(1), Real.of(0)];
  const [n1, n2, n3, lda, ldb, ldc] = Array.from({ length: 6 }, () => new Int32Array(1));
  const op = (transposed: boolean) => (transposed ? T : N);
  return {
    gemm: (ta, tb, m, n, k, a, b, beta, c) => {
      [n1[0], n2[0], n3[0], lda[0], ldb[0], ldc[0]] = [n, m, k, ta ? m : k, tb ? k : n, n];
      gemm(op(tb), op(ta), n1, n2, n3, one, b, ldb, a, lda, beta ? one : zero, c, ldc, 1, 1);
    },
  };
}
