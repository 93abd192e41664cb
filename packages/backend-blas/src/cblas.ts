/**
 * C's interface to BLAS, by rows. Typed arrays are passed as `void *`: koffi hands over the address of their first
 * element and copies nothing, so memory of WebAssembly, shared or not, is as good as any. A call costs about 0.2 µs.
 */
import type { BlasCalls } from './blas-calls';
import type { FindFunction } from './find-blas';

const [ROW_MAJOR, NO_TRANSPOSE, TRANSPOSE] = [101, 111, 112];

/** The calls of a dtype, or `undefined` where the library lacks `cblas_?gemm`. */
export function cblas(find: FindFunction, letter: 's' | 'd'): BlasCalls | undefined {
  const real = letter === 's' ? 'float' : 'double';
  const ints = (count: number) => Array<string>(count).fill('int');
  const gemm = find(`cblas_${letter}gemm`, 'void', [
    ...[...ints(6), real, 'void *', 'int', 'void *', 'int', real, 'void *', 'int'],
  ]);
  if (!gemm) return undefined;
  const gemv = find(`cblas_${letter}gemv`, 'void', [
    ...[...ints(4), real, 'void *', 'int', 'void *', 'int', real, 'void *', 'int'],
  ]);
  const omatcopy = find(`cblas_${letter}omatcopy`, 'void', [
    ...[...ints(4), real, 'void *', 'int', 'void *', 'int'],
  ]);
  const op = (transposed: boolean) => (transposed ? TRANSPOSE : NO_TRANSPOSE);
  return {
    gemm: (ta, tb, m, n, k, a, b, beta, c) =>
      gemm(ROW_MAJOR, op(ta), op(tb), m, n, k, 1, a, ta ? m : k, b, tb ? k : n, beta, c, n),
    // y = op(B)ᵀ·x, and B is stored [n, k] when it is transposed
    gemv:
      gemv &&
      ((tb, n, k, x, step, b, beta, y) =>
        gemv(ROW_MAJOR, op(!tb), tb ? n : k, tb ? k : n, 1, b, tb ? k : n, x, step, beta, y, 1)),
    copy:
      omatcopy &&
      ((transposed, rows, columns, a, lda, b, ldb) =>
        omatcopy(ROW_MAJOR, op(transposed), rows, columns, 1, a, lda, b, ldb)),
  };
}
