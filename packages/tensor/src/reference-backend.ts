/**
 * The reference backend: the specification that every faster backend is tested against.
 *
 * out[i, j] = Σₚ op(a)[i, p] · op(b)[p, j]          i < m, j < n, p < k
 *
 * One loop serves all four transpose forms: op(a)[i, p] is a.data[i·aRow + p·aColumn], and a transposed
 * operand only swaps its two strides. Sums are kept in double precision and rounded once when stored.
 */
import type { Backend, GemmOptions } from './backend';
import { Tensor } from './tensor';

function gemm(a: Tensor, b: Tensor, out: Tensor, options: GemmOptions = {}): void {
  const { transposeA = false, transposeB = false, accumulate = false } = options;
  const [m, n] = out.shape;
  const k = a.shape[transposeA ? 0 : 1];
  const [aRow, aColumn] = transposeA ? [1, m] : [k, 1];
  const [bRow, bColumn] = transposeB ? [1, k] : [n, 1];
  const [A, B, C] = [a.data, b.data, out.data];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = accumulate ? C[i * n + j] : 0;
      for (let p = 0; p < k; p++) sum += A[i * aRow + p * aColumn] * B[p * bRow + j * bColumn];
      C[i * n + j] = sum;
    }
  }
}

/** Plain TypeScript loops in float32 and float64: the specification, and the lesson. */
export const referenceBackend: Backend = {
  name: 'reference',
  workspace: undefined,
  allocate: (shape, dtype) => Tensor.zeros(shape, dtype),
  release: () => {},
  temporary: (shape, dtype, options) =>
    referenceBackend.workspace?.temporary(shape, dtype, options) ?? Tensor.zeros(shape, dtype),
  gemm,
  pack: (source, _rows, { transposed = false } = {}) => ({ source, transposed }),
  gemmPacked: (a, { source, transposed }, out, { accumulate } = {}) =>
    gemm(a, source, out, { transposeB: transposed, accumulate }),
  rowwise: (_rows, _work, task) => task(),
  load: (set) => set.reference,
};
