import type { DType } from './dtype';
import type { Tensor } from './tensor';

/** The form of a matrix product. */
export interface GemmOptions {
  /** Use aᵀ: `a` is stored as [k, m]. Default false. */
  transposeA?: boolean;
  /** Use bᵀ: `b` is stored as [n, k]. Default false. */
  transposeB?: boolean;
  /** Add the product to `out` instead of replacing it. Default false. */
  accumulate?: boolean;
}

/**
 * Where tensors live and how the expensive products on them are made. Layers call this small interface and
 * know nothing of how a product is done; a faster backend is one more implementation of it.
 *
 * The methods are the inner, unchecked edge: shapes are checked once by the public function that calls
 * them (see {@link matmul}).
 */
export interface Backend {
  /** Shown in reports, e.g. `'reference'`. */
  readonly name: string;
  /** A zero-filled tensor in this backend's memory. */
  allocate(shape: readonly number[], dtype: DType): Tensor;
  /** out [m, n] = op(a) [m, k] · op(b) [k, n], or `+=` with `accumulate`. `out` must not overlap a or b. */
  gemm(a: Tensor, b: Tensor, out: Tensor, options?: GemmOptions): void;
}
