/**
 * Where tensors live and how the expensive operations on them are made. Layers call this small interface and know
 * nothing of how a product is done; a faster backend is one more implementation of it.
 *
 * The methods are the inner, unchecked edge: shapes are checked once by the public function that calls them
 * (see {@link matmul}). Every backend takes every tensor, wherever it lives: one that is not in the backend's own
 * memory is only slower.
 */
import type { DType } from './dtype';
import type { Tensor } from './tensor';
import type { Workspace } from './workspace';

/** The form of a matrix product. */
export interface GemmOptions {
  /** Use aᵀ: `a` is stored as [k, m]. Default false. */
  transposeA?: boolean;
  /** Use bᵀ: `b` is stored as [n, k]. Default false. */
  transposeB?: boolean;
  /** Add the product to `out` instead of replacing it. Default false. */
  accumulate?: boolean;
}

/** A matrix that many products have as their right operand, as {@link Backend.pack} returns it. */
export interface PackedMatrix {
  /** The matrix itself, [k, n] or, transposed, [n, k]. */
  readonly source: Tensor;
  readonly transposed: boolean;
  /** The same numbers in the order in which the backend reads them. */
  readonly panels?: Tensor;
}

/** What a kernel takes: tensors, sizes, and `undefined` for a tensor that is absent, such as a bias. */
export type KernelArgument = Tensor | number | undefined;

/** Kernels by name. */
export type Kernels = Readonly<Record<string, (...args: never[]) => void>>;

/**
 * Loops that a package brings for its own mathematics: in TypeScript, which is the specification, and compiled to
 * a wasm module that exports a function of the same name for each, on float32. Its first two arguments are the part
 * [begin, end) of the work, the others those of the specification.
 */
export interface KernelSet<K extends Kernels> {
  readonly reference: K;
  /**
   * Which argument counts what can be computed apart, and so be divided among threads, by name of the kernel. Default
   * 0: the first one, usually the rows. Parts begin at multiples of 4, a vector.
   */
  readonly divided?: Partial<Record<keyof K, number>>;
  /** The module as base64, see `scripts/build-kernels.mjs`. */
  readonly wasm: string;
}

/** See the header of this file. */
export interface Backend {
  /** Shown in reports, e.g. `'reference'`. */
  readonly name: string;
  /** The workspace that `temporary` takes from, set by {@link Workspace.run}. */
  workspace: Workspace | undefined;
  /** A zero-filled tensor for what lives as long as a model: parameters, optimizer slots, carried state. */
  allocate(shape: readonly number[], dtype: DType): Tensor;
  /**
   * Takes back at once the memory of a tensor that `allocate` returned: neither it nor a view of it may be used any more.
   * Without this, memory comes back some time after the last of them is garbage.
   */
  release(tensor: Tensor): void;
  /**
   * A tensor for one pass: from the workspace inside `Workspace.run`, else left to the garbage collector. Zero-filled, or with
   * `zeros: false` of any numbers, for what is written as a whole before it is read.
   */
  temporary(shape: readonly number[], dtype: DType, options?: { zeros?: boolean }): Tensor;
  /** out [m, n] = op(a) [m, k] · op(b) [k, n], or `+=` with `accumulate`. `out` must not overlap a or b. */
  gemm(a: Tensor, b: Tensor, out: Tensor, options?: GemmOptions): void;
  /**
   * Prepares b for many products of at least `rows` rows each, such as one a time step. Holds as long as the numbers
   * of b stay the same, and no longer than a `temporary`.
   */
  pack(b: Tensor, rows: number, options?: { transposed?: boolean }): PackedMatrix;
  /** out [m, n] = a [m, k] · op(b) [k, n], or `+=`: the same numbers as `gemm`. */
  gemmPacked(a: Tensor, b: PackedMatrix, out: Tensor, options?: { accumulate?: boolean }): void;
  /**
   * Runs `task`, in which every operation treats the rows of its tensors apart, and row b needs no other row: `gemmPacked` with
   * `rows` rows, and kernels whose first argument is `rows`. A backend with threads gives each its own rows and has them meet
   * at the end instead of after every operation. Other operations are allowed and cost a meeting. Until the end, nothing but
   * operations may touch the numbers.
   *
   * @param work Multiplications of the largest product.
   */
  rowwise(rows: number, work: number, task: () => void): void;
  /** The kernels in the form this backend runs. Calling it again with the same set is cheap. */
  load<K extends Kernels>(set: KernelSet<K>): K;
}
