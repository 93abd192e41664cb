/**
 * The BLAS backend: the memory and the kernels of the wasm backend, with the matrix products of the system's BLAS in
 * float32 and float64. It equals the reference up to the order of additions, which is the library's own: unlike
 * the other backends, its last bits depend on the library, its version, the processor and the number of threads.
 *
 * Everything but products is `wasmBackend`, by composition. Tensors that live elsewhere are multiplied where they are.
 *
 *   gemm         one call, or one a row where that is faster (see FEW_ROWS)
 *   pack         cuts op(b) into small products where that is faster (see `tiles.ts`); else op(b) = bᵀ is transposed once,
 *                as libraries read b [k, n] up to 1.5 times as fast as [n, k]
 */
import {
  ConfigError,
  referenceBackend,
  type Tensor,
  wasmBackend,
  type Backend,
  type DType,
  type GemmOptions,
  type Kernels,
  type KernelSet,
  type PackedMatrix,
  type WasmBackend,
  type Workspace,
} from '@rnnlab/tensor';
import type { Numbers } from './blas-calls';
import { bindBlas, type BlasLibrary } from './blas-library';
import { openBlas } from './find-blas';
import { nativeProducts } from './native-products';
import { packTiles, tileFor, type Tile } from './tiles';

/** Options of {@link blasBackend}. */
export interface BlasBackendOptions {
  /** Path or name of the library. Default: the environment variable `RNNLAB_BLAS`, else what is found first. */
  library?: string;
  /**
   * Threads that share the work of kernels and products, 1 to 64; `'auto'`: as many as there are cores, at most 8. Default 1.
   * Products of Accelerate, which decides itself, and of an OpenBLAS that was built for one thread are not shared.
   */
  threads?: number | 'auto';
  /** Memory to reserve; only what is used is taken. From 64 to 4095, default 1024. */
  memoryMiB?: number;
}

/** What {@link blasBackend} returns. */
export interface BlasBackend extends Backend {
  /** What was loaded: a name that the system's loader found, or a path. */
  readonly library: string;
  /** Threads that it was made with. */
  readonly threads: number;
  /** Those that run by now: the others need some milliseconds to start. */
  readonly threadsRunning: number;
  /** Ends the threads and lets go of the memory. The backend cannot be used afterwards; the library stays loaded. */
  dispose(): void;
}

/**
 * A backend whose products are the system's BLAS.
 *
 * @throws {@link ConfigError} when no library is found, the one that was named cannot be used, or an option is out of range.
 *
 * @example
 * ```ts
 * import { blasBackend } from '@rnnlab/backend-blas';
 * import { defaultBackend, type Backend } from '@rnnlab/tensor';
 *
 * let backend: Backend;
 * try {
 *   backend = blasBackend({ threads: 2 });
 * } catch (error) {
 *   console.log((error as Error).message); // blasBackend: no BLAS was found; looked for …
 *   backend = defaultBackend();
 * }
 * console.log(backend.name); // e.g. blas (OpenBLAS 0.3.21), 2 threads
 * ```
 */
export function blasBackend(options: BlasBackendOptions = {}): BlasBackend {
  const { threads = 1 } = options;
  if (threads !== 'auto' && !(Number.isInteger(threads) && threads >= 1 && threads <= 64)) {
    throw new ConfigError(`blasBackend: threads is ${threads}, expected an integer from 1 to 64, or 'auto'.`);
  }
  const library = bindBlas(openBlas(options.library));
  return new SystemBlasBackend(library, wasmBackend({ memoryMiB: options.memoryMiB, threads }));
}

/**
 * Up to so many rows, a library spends more on packing b than on the product, unless all of it is tiny: row by row
 * it only reads b. Measured with OpenBLAS 0.3.21 on AVX-512; at 4 × 1024 × 256: 52 to 64 µs against 70 to 136.
 */
const FEW_ROWS = 4;
const TINY = 1 << 18;

/** Multiplications that are worth a further thread: some microseconds. */
const WORK_PER_THREAD = 1 << 18;

/** Parts begin at cache lines of float32: no two threads write into one. */
const LINE = 16;

/** What `pack` makes: `panels` hold op(b) [k, n], row by row or in tiles. */
interface BlasMatrix extends PackedMatrix {
  readonly tile?: Tile;
}

class SystemBlasBackend implements BlasBackend {
  readonly name: string;
  readonly threads: number;
  readonly #blas: BlasLibrary;
  readonly #wasm: WasmBackend;
  /** Products of what lies in the memory, on all threads. */
  readonly #native?: ReturnType<typeof nativeProducts>;
  readonly #buffer: ArrayBufferLike;

  constructor(blas: BlasLibrary, wasm: WasmBackend) {
    this.#blas = blas;
    this.#wasm = wasm;
    this.threads = wasm.threads;
    this.name = `blas (${blas.name})${this.threads > 1 ? `, ${this.threads} threads` : ''}`;
    this.#buffer = wasm.allocate([1], 'float32').data.buffer;
    // The script of each thread asks for modules in the way that Node 20.16 brought.
    const scripts = typeof process.getBuiltinModule === 'function';
    if (blas.cInterface && scripts) this.#native = nativeProducts(wasm, blas.path);
  }

  get library(): string {
    return this.#blas.path;
  }

  get threadsRunning(): number {
    return this.#wasm.threadsRunning;
  }

  get workspace(): Workspace | undefined {
    return this.#wasm.workspace;
  }

  set workspace(workspace: Workspace | undefined) {
    this.#wasm.workspace = workspace;
  }

  allocate(shape: readonly number[], dtype: DType): Tensor {
    return this.#wasm.allocate(shape, dtype);
  }

  release(tensor: Tensor): void {
    this.#wasm.release(tensor);
  }

  temporary(shape: readonly number[], dtype: DType, options?: { zeros?: boolean }): Tensor {
    return this.#wasm.temporary(shape, dtype, options);
  }

  /** As usual: a library packs the whole matrix for the rows of each thread, which costs more than a meeting. */
  rowwise(_rows: number, _work: number, task: () => void): void {
    task();
  }

  load<K extends Kernels>(set: KernelSet<K>): K {
    return this.#wasm.load(set);
  }

  dispose(): void {
    this.#wasm.dispose();
  }

  gemm(a: Tensor, b: Tensor, out: Tensor, options: GemmOptions = {}): void {
    if (out.dtype === 'int32') return referenceBackend.gemm(a, b, out, options);
    const { transposeA = false, transposeB = false, accumulate = false } = options;
    const [m, n] = out.shape;
    const k = a.shape[transposeA ? 0 : 1];
    if (m * n * k === 0) {
      // BLAS refuses leading dimensions of 0; a sum of no terms is 0.
      if (!accumulate) out.fill(0);
      return;
    }
    const beta = accumulate ? 1 : 0;
    const byRows = m === 1 || (m <= FEW_ROWS && m * n * k >= TINY);
    if (this.#native && this.#holds(a, b, out)) {
      const across = byRows || n > m;
      const division = { count: across ? n : m, grain: LINE, threads: this.#threadsFor(m * n * k) };
      const flags = [across, byRows, transposeA, transposeB].map(Number);
      this.#native[out.dtype](division, flags[0], flags[1], m, n, k, flags[2], flags[3], a, b, out, beta);
      return;
    }
    const calls = this.#blas.calls[out.dtype];
    const [x, y, z] = [a.data as Numbers, b.data as Numbers, out.data as Numbers];
    if (!calls.gemv || !byRows) {
      calls.gemm(transposeA, transposeB, m, n, k, x, y, beta, z);
      return;
    }
    for (let i = 0; i < m; i++) {
      const row = transposeA ? x.subarray(i) : x.subarray(i * k);
      calls.gemv(transposeB, n, k, row, transposeA ? m : 1, y, beta, z.subarray(i * n));
    }
  }

  /** Maybe more than there are: the wasm backend uses what it has. */
  #threadsFor(work: number): number {
    return this.#blas.concurrent ? Math.floor(work / WORK_PER_THREAD) : 1;
  }

  /** Whether tensors live in the memory that all threads see. */
  #holds(...tensors: Tensor[]): boolean {
    return tensors.every(({ data }) => data.buffer === this.#buffer);
  }

  pack(source: Tensor, rows: number, { transposed = false } = {}): BlasMatrix {
    const plain = { source, transposed };
    if (rows <= FEW_ROWS || source.dtype === 'int32' || !source.size) return plain;
    const { copy } = this.#blas.calls[source.dtype];
    const small = this.#native && this.#blas.smallProducts && source.dtype === 'float32';
    const tile = small ? tileFor(rows) : undefined;
    if (!copy || (!tile && !transposed)) return plain;
    const [k, n] = transposed ? [source.shape[1], source.shape[0]] : source.shape;
    const panels = this.temporary([k, n], source.dtype, { zeros: false });
    if (tile && !this.#holds(panels)) return plain; // no workspace: the memory is for one use
    const [from, to] = [source.data as Numbers, panels.data as Numbers];
    packTiles(copy, tile ?? { columns: n, depth: k }, [k, n], from, transposed, to);
    return { source, transposed, panels, tile };
  }

  gemmPacked(a: Tensor, b: BlasMatrix, out: Tensor, { accumulate = false } = {}): void {
    const { source, transposed, panels, tile } = b;
    if (!panels || (tile && !this.#holds(a, out))) {
      this.gemm(a, source, out, { transposeB: transposed, accumulate });
    } else if (!tile) {
      this.gemm(a, panels, out, { accumulate });
    } else {
      const [[m, n], k] = [out.shape, a.shape[1]];
      if (m * n === 0) return;
      const { columns, depth } = tile;
      const division = { count: n, grain: columns, threads: this.#threadsFor(m * n * k) };
      this.#native!.tiles(division, m, n, k, columns, depth, a, panels, out, accumulate ? 1 : 0);
    }
  }
}
