/**
 * The wasm backend: float32 in WebAssembly SIMD, on tensors that live in its linear memory.
 *
 * It does what the reference does, in another order of additions (see `kernels/gemm.as.ts`). A tensor that lives
 * elsewhere is copied in and, if it may have been written, out again. float64 and int32 products, for which there
 * are no kernels, are the reference's: proofs run in float64, and speed is not what they are about.
 */
import type { GemmOptions, KernelArgument, Kernels, KernelSet, PackedMatrix } from './backend';
import { allocateData, bytesPerElement, type DType } from './dtype';
import { ConfigError } from './errors';
import { wasm } from './generated/kernels.wasm';
import { referenceBackend } from './reference-backend';
import { sizeOf } from './shape';
import { availableThreads, canShareMemory } from './start-worker';
import { Tensor } from './tensor';
import { ThreadPool, type ThreadFunction } from './thread-pool';
import { evaluateScript, type DividedFunction } from './thread-script';
import { checkWasmOptions, type WasmBackend, type WasmBackendOptions } from './wasm-backend-options';
import { ROWS, WasmCalls } from './wasm-calls';
import { WasmHeap } from './wasm-heap';
import { bytesForSharedMemory, decodeWasm } from './wasm-module';
import type { Workspace } from './workspace';

/**
 * A backend with memory of its own. One for all models, see {@link defaultBackend}, is usual; another one makes
 * room, or has another number of threads.
 *
 * @throws {@link ConfigError} where WebAssembly SIMD is not to be had, or an option is out of range.
 *
 * @example
 * ```ts
 * import { matmul, Tensor, wasmBackend } from '@rnnlab/tensor';
 *
 * const backend = wasmBackend({ memoryMiB: 64, threads: 2 });
 * const a = backend.allocate([200, 300], 'float32');
 * const b = Tensor.full([300, 100], 0.5);
 * console.log(matmul(a, b, { backend }).shape); // [ 200, 100 ]
 * backend.dispose();
 * ```
 */
export function wasmBackend(options: WasmBackendOptions = {}): WasmBackend {
  return new LinearMemoryBackend(options);
}

type Products = Readonly<Record<'gemm' | 'gemmPacked' | 'pack', ThreadFunction>>;

interface LoadedModule {
  readonly exports: WebAssembly.Exports;
  readonly functions: Readonly<Record<string, ThreadFunction>>;
}

/** Parts begin at whole tiles and panels (`kernels/gemm.as.ts`) and vectors, so that the division changes no sum. */
const COLUMNS = 8;
const LANES = 4;

/** Closes what keeps workers alive when a backend is garbage. */
const abandoned = new FinalizationRegistry<ThreadPool>((pool) => pool.dispose());

class LinearMemoryBackend implements WasmBackend {
  readonly name: string;
  readonly threads: number;
  workspace: Workspace | undefined;
  readonly #pool: ThreadPool | undefined;
  readonly #workPerThread: number;
  readonly #calls: WasmCalls;
  readonly #products: Products;
  readonly #packedBytes: (n: number, k: number) => number;
  /** By tensors of `allocate`: what their views keep alive. */
  readonly #owners = new WeakMap<Tensor, object>();
  readonly #loaded = new Map<string, LoadedModule>();
  readonly #kernels = new WeakMap<KernelSet<Kernels>, Kernels>();

  constructor({ memoryMiB = 1024, threads = 1, workPerThread = 65536, workerUrl }: WasmBackendOptions) {
    checkWasmOptions(memoryMiB, threads);
    this.#workPerThread = workPerThread;
    const wanted = threads === 'auto' ? Math.min(8, availableThreads()) : threads;
    this.threads = canShareMemory() ? wanted : 1;
    this.name = this.threads > 1 ? `wasm, ${this.threads} threads` : 'wasm';
    const heap = new WasmHeap(memoryMiB, this.threads > 1);
    if (this.threads > 1) {
      this.#pool = new ThreadPool(heap.memory);
      abandoned.register(this, this.#pool, this);
    }
    this.#calls = new WasmCalls(heap, this.#pool);
    const { exports, functions } = this.#instantiate(wasm);
    const bytes = (exports.scratchBytes as () => number)();
    (exports.scratch as WebAssembly.Global).value = heap.allocate(bytes);
    this.#pool?.start(
      Array.from({ length: this.threads - 1 }, () => heap.allocate(bytes)),
      workerUrl,
    );
    this.#packedBytes = exports.packedBytes as (n: number, k: number) => number;
    this.#products = functions as Products;
  }

  get threadsRunning(): number {
    return 1 + (this.#pool?.ready ?? 0);
  }

  dispose(): void {
    abandoned.unregister(this);
    this.#pool?.dispose();
    this.#calls.dispose();
    this.#loaded.clear();
  }

  allocate(shape: readonly number[], dtype: DType): Tensor {
    const size = sizeOf(shape, 'wasm backend: allocate');
    const bytes = size * bytesPerElement[dtype];
    const { heap } = this.#calls;
    const address = heap.allocate(bytes);
    const owner = {};
    heap.releaseWith(owner, address, bytes);
    const tensor = new Tensor(allocateData(dtype, size, heap.buffer, address), shape, owner);
    this.#owners.set(tensor, owner);
    return tensor;
  }

  release(tensor: Tensor): void {
    const owner = this.#owners.get(tensor);
    if (!owner) return;
    this.#owners.delete(tensor);
    const { heap } = this.#calls;
    heap.keepFrom(owner);
    heap.release(tensor.data.byteOffset, tensor.data.byteLength);
  }

  temporary(shape: readonly number[], dtype: DType, options?: { zeros?: boolean }): Tensor {
    return this.workspace?.temporary(shape, dtype, options) ?? Tensor.zeros(shape, dtype);
  }

  gemm(a: Tensor, b: Tensor, out: Tensor, options: GemmOptions = {}): void {
    if (out.dtype !== 'float32') {
      this.#calls.settle();
      return referenceBackend.gemm(a, b, out, options);
    }
    const { transposeA, transposeB, accumulate } = options;
    const m = out.shape[0];
    const n = out.shape[1];
    const k = a.shape[transposeA ? 0 : 1];
    const across = n > m;
    this.#product(this.#products.gemm, across ? n : m, across, m * n * k, [
      across ? 1 : 0,
      m,
      n,
      k,
      a,
      transposeA ? 1 : k,
      transposeA ? m : 1,
      b,
      transposeB ? 1 : n,
      transposeB ? k : 1,
      out,
      accumulate ? 1 : 0,
    ]);
  }

  pack(source: Tensor, rows: number, { transposed = false } = {}): PackedMatrix {
    // Few rows are multiplied without packing: see `kernels/gemv.as.ts`.
    if (rows < 4 || source.dtype !== 'float32') return { source, transposed };
    const [k, n] = transposed ? [source.shape[1], source.shape[0]] : source.shape;
    const panels = this.temporary([this.#packedBytes(n, k) / 4], 'float32', { zeros: false });
    const strides = transposed ? [1, k] : [n, 1];
    const threads = this.#threadsFor(32 * panels.size);
    this.#calls.run(this.#products.pack, n, COLUMNS, threads, [n, k, source, ...strides, panels]);
    return { source, transposed, panels };
  }

  gemmPacked(a: Tensor, b: PackedMatrix, out: Tensor, { accumulate = false } = {}): void {
    if (!b.panels) return this.gemm(a, b.source, out, { transposeB: b.transposed, accumulate });
    const m = out.shape[0];
    const n = out.shape[1];
    const k = a.shape[1];
    // Across, but in `rowwise`: every thread reads only its own panels of b, which then stay in its cache from step to step.
    const byRows = m === this.#calls.rows;
    const args = [byRows ? 0 : 1, m, n, k, a, b.panels, out, accumulate ? 1 : 0];
    if (byRows) this.#calls.run(this.#products.gemmPacked, m, ROWS, 0, args, true);
    else this.#product(this.#products.gemmPacked, n, true, m * n * k, args);
  }

  rowwise(rows: number, work: number, task: () => void): void {
    this.#calls.rowwise(rows, this.#threadsFor(work), task);
  }

  load<K extends Kernels>(set: KernelSet<K>): K {
    const known = this.#kernels.get(set);
    if (known) return known as K;
    const { functions } = this.#instantiate(set.wasm);
    const bound = Object.keys(set.reference).map((name) => [name, this.#bind(name, functions[name], set)]);
    const kernels = Object.fromEntries(bound) as K;
    this.#kernels.set(set, kernels);
    return kernels;
  }

  loadScript(source: string): Readonly<Record<string, DividedFunction>> {
    const functions = Object.entries(evaluateScript(source, this.#calls.heap.memory)).map(
      ([name, run]) => [name, { index: 0, run }] as const,
    );
    if (this.#pool) {
      this.#share(
        new TextEncoder().encode(source),
        functions.map(([, compiled]) => compiled),
      );
    }
    const divided = ([name, compiled]: (typeof functions)[number]): [string, DividedFunction] => [
      name,
      ({ count, grain, threads }, ...args) => this.#calls.run(compiled, count, grain, threads, args),
    ];
    return Object.fromEntries(functions.map(divided));
  }

  /** A function that takes what the reference takes and runs the export of the same name. */
  #bind(name: string, compiled: ThreadFunction | undefined, { reference, divided = {} }: KernelSet<Kernels>) {
    if (!compiled) {
      throw new ConfigError(`wasm backend: the module exports no ${name}. Run npm run build:kernels.`);
    }
    const plain = reference[name] as (...args: KernelArgument[]) => void;
    const counted = divided[name] ?? 0;
    return (...args: KernelArgument[]): void => {
      let largest = 0;
      for (let i = 0; i < args.length; i++) {
        const arg = args[i];
        if (!(arg instanceof Tensor)) continue;
        if (arg.dtype === 'float64') {
          this.#calls.settle();
          return plain(...args);
        }
        largest = Math.max(largest, arg.size);
      }
      const count = args[counted] as number;
      const byRows = counted === 0 && count === this.#calls.rows;
      this.#calls.run(compiled, count, LANES, this.#threadsFor(32 * largest), args, byRows);
    };
  }

  /** Divides the rows of the result, or its columns: each is a sum that one thread makes whole. */
  #product(
    compiled: ThreadFunction,
    count: number,
    across: boolean,
    work: number,
    args: KernelArgument[],
  ): void {
    this.#calls.run(compiled, count, across ? COLUMNS : ROWS, this.#threadsFor(work), args);
  }

  /** Maybe more threads than there are: a pool uses what it has. */
  #threadsFor(work: number): number {
    return Math.floor(work / this.#workPerThread);
  }

  /** Instantiates a module once, here and in the workers. */
  #instantiate(base64: string): LoadedModule {
    const known = this.#loaded.get(base64);
    if (known) return known;
    const { heap } = this.#calls;
    const bytes = this.#pool && bytesForSharedMemory(base64);
    const module = bytes ? new WebAssembly.Module(bytes) : decodeWasm(base64);
    const { exports } = new WebAssembly.Instance(module, { env: { memory: heap.memory } });
    const functions = WebAssembly.Module.exports(module)
      .filter(({ kind }) => kind === 'function')
      .map(({ name }) => [name, { index: 0, run: exports[name] as ThreadFunction['run'] }] as const);
    const loaded = { exports, functions: Object.fromEntries(functions) };
    if (bytes) this.#share(bytes, Object.values(loaded.functions));
    this.#loaded.set(base64, loaded);
    return loaded;
  }

  /** Lets the workers have the code of functions. */
  #share(code: Uint8Array, functions: readonly ThreadFunction[]): void {
    const { heap } = this.#calls;
    const address = heap.allocate(code.length);
    new Uint8Array(heap.buffer, address, code.length).set(code);
    this.#pool!.addModule(address, code.length, functions);
  }
}
