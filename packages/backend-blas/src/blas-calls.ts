/**
 * What rnnlab asks of a BLAS (Dongarra et al. 1990), on matrices stored row by row without gaps:
 *
 *   gemm        C [m, n] = op(A) [m, k]·op(B) [k, n] + β·C
 *   gemv        y [n]    = x [k]·op(B) [k, n] + β·y
 *   copy        B = A or Aᵀ, A [rows, columns]: an extension that OpenBLAS has
 */

/** Numbers of a matrix. */
export type Numbers = Float32Array | Float64Array;

/** Calls for one dtype; β is 0 or 1. */
export interface BlasCalls {
  gemm(
    transposeA: boolean,
    transposeB: boolean,
    m: number,
    n: number,
    k: number,
    a: Numbers,
    b: Numbers,
    beta: number,
    c: Numbers,
  ): void;
  /** Absent where the library has only Fortran's interface. `step`: distance of the numbers of x. */
  gemv?(
    transposeB: boolean,
    n: number,
    k: number,
    x: Numbers,
    step: number,
    b: Numbers,
    beta: number,
    y: Numbers,
  ): void;
  /** `lda`, `ldb`: numbers from one row to the next. */
  copy?(
    transposed: boolean,
    rows: number,
    columns: number,
    a: Numbers,
    lda: number,
    b: Numbers,
    ldb: number,
  ): void;
}
