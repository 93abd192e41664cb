/**
 * The wasm backend: float32 in WebAssembly SIMD, on tensors that live in its linear memory.
 *
 * It does what the reference does, in another order of additions (see `kernels/gemm.as.ts`). A tensor that lives
 * elsewhere is copied in and, if it may have been written, out again. float64 and int32 products, for which there
 * are no kernels, are the reference's: proofs run in float64, and speed is not what they are about.
 */
import type { Backend, GemmOptions, KernelArgument, Kernels, KernelSet, PackedMatrix } from './backend';
import { allocateData, bytesPerElement, type DType, type TypedArray } from './dtype';
import { ConfigError } from './errors';
import { wasm } from './generated/kernels.wasm';
import { referenceBackend } from './reference-backend';
import { sizeOf } from './shape';
import { Tensor } from './tensor';
import { WasmHeap } from './wasm-heap';
import { decodeWasm, isWasmSupported } from './wasm-module';
import type { Workspace } from './workspace';

/** Options of {@link wasmBackend}. */
export interface WasmBackendOptions {
  /** Memory to reserve; only what is used is taken. From 64 to 4095, default 1024. */
  memoryMiB?: number;
}

type WasmFunction = (...args: number[]) => number;
type Products = Readonly<Record<'gemm' | 'gemmPacked' | 'pack' | 'packedBytes', WasmFunction>>;

/**
 * A backend with memory of its own. One for all models, see {@link defaultBackend}, is usual; another one makes
 * room, and gives all of its memory back when it and its tensors are garbage.
 *
 * @throws {@link ConfigError} where WebAssembly SIMD is not to be had.
 *
 * @example
 * ```ts
 * import { matmul, Tensor, wasmBackend } from '@rnnlab/tensor';
 *
 * const backend = wasmBackend({ memoryMiB: 64 });
 * const a = backend.allocate([200, 300], 'float32');
 * const b = Tensor.full([300, 100], 0.5);
 * console.log(matmul(a, b, { backend }).shape); // [ 200, 100 ]
 * ```
 */
export function wasmBackend(options: WasmBackendOptions = {}): Backend {
  return new WasmBackend(options);
}

class WasmBackend implements Backend {
  readonly name = 'wasm';
  workspace: Workspace | undefined;
  readonly #heap: WasmHeap;
  readonly #products: Products;
  readonly #scratch: number;
  readonly #loaded = new Map<string, WebAssembly.Exports>();
  readonly #kernels = new WeakMap<KernelSet<Kernels>, Kernels>();

  constructor({ memoryMiB = 1024 }: WasmBackendOptions) {
    if (!Number.isInteger(memoryMiB) || memoryMiB < 64 || memoryMiB > 4095) {
      throw new ConfigError(`wasmBackend: memoryMiB is ${memoryMiB}, expected an integer from 64 to 4095.`);
    }
    if (!isWasmSupported(wasm)) {
      throw new ConfigError('wasmBackend: this platform has no WebAssembly SIMD. Use referenceBackend.');
    }
    this.#heap = new WasmHeap(memoryMiB);
    const exports = this.#instantiate(wasm);
    this.#products = exports as unknown as Products;
    this.#scratch = this.#heap.allocate((exports.gemmScratchBytes as WasmFunction)());
  }

  allocate(shape: readonly number[], dtype: DType): Tensor {
    const size = sizeOf(shape, 'wasm backend: allocate');
    const bytes = size * bytesPerElement[dtype];
    const address = this.#heap.allocate(bytes);
    const owner = {};
    this.#heap.releaseWith(owner, address, bytes);
    return new Tensor(allocateData(dtype, size, this.#heap.buffer, address), shape, owner);
  }

  temporary(shape: readonly number[], dtype: DType): Tensor {
    return this.workspace?.temporary(shape, dtype) ?? Tensor.zeros(shape, dtype);
  }

  gemm(a: Tensor, b: Tensor, out: Tensor, options: GemmOptions = {}): void {
    if (out.dtype !== 'float32') return referenceBackend.gemm(a, b, out, options);
    const { transposeA, transposeB, accumulate } = options;
    const [m, n] = out.shape;
    const k = a.shape[transposeA ? 0 : 1];
    this.#call(
      this.#products.gemm,
      [
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
      ],
      this.#scratch,
    );
  }

  pack(source: Tensor, rows: number, { transposed = false } = {}): PackedMatrix {
    // Few rows are multiplied without packing: see `kernels/gemv.as.ts`.
    if (rows < 4 || source.dtype !== 'float32') return { source, transposed };
    const [k, n] = transposed ? [source.shape[1], source.shape[0]] : source.shape;
    const { pack, packedBytes } = this.#products;
    const panels = this.temporary([packedBytes(n, k) / 4], 'float32');
    this.#call(pack, [n, k, source, transposed ? 1 : n, transposed ? k : 1, panels]);
    return { source, transposed, panels };
  }

  gemmPacked(a: Tensor, b: PackedMatrix, out: Tensor, { accumulate = false } = {}): void {
    if (!b.panels) return this.gemm(a, b.source, out, { transposeB: b.transposed, accumulate });
    const [m, n] = out.shape;
    const k = a.shape[1];
    this.#call(
      this.#products.gemmPacked,
      [m, n, k, a, k, 1, b.panels, out, accumulate ? 1 : 0],
      this.#scratch,
    );
  }

  load<K extends Kernels>(set: KernelSet<K>): K {
    const known = this.#kernels.get(set);
    if (known) return known as K;
    const exports = this.#instantiate(set.wasm);
    const bound = Object.keys(set.reference).map((name) => [name, this.#bind(name, exports, set.reference)]);
    const kernels = Object.fromEntries(bound) as K;
    this.#kernels.set(set, kernels);
    return kernels;
  }

  /** A function that takes what the reference takes and runs the export of the same name. */
  #bind(name: string, exports: WebAssembly.Exports, reference: Kernels) {
    const run = exports[name] as WasmFunction | undefined;
    if (!run)
      throw new ConfigError(`wasm backend: the module exports no ${name}. Run npm run build:kernels.`);
    const plain = reference[name] as (...args: KernelArgument[]) => void;
    return (...args: KernelArgument[]): void => {
      for (const arg of args) if (arg instanceof Tensor && arg.dtype === 'float64') return plain(...args);
      this.#call(run, args);
    };
  }

  /** Calls `run` with the addresses of the tensors, the numbers as they are, and 0 for what is absent. */
  #call(run: WasmFunction, args: KernelArgument[], ...last: number[]): void {
    let copies: TypedArray[] | undefined;
    const raw = args.map((arg) => {
      if (typeof arg === 'number') return arg;
      if (arg === undefined) return 0;
      if (arg.data.buffer === this.#heap.buffer) return arg.data.byteOffset;
      const address = this.#heap.allocate(arg.data.byteLength);
      const copy = allocateData(arg.dtype, arg.size, this.#heap.buffer, address);
      copy.set(arg.data);
      (copies ??= []).push(copy);
      return address;
    });
    run(...raw, ...last);
    if (copies) this.#bringBack(args, copies);
  }

  /** Copies the results of a call into the tensors that live elsewhere, in the order in which they were copied in. */
  #bringBack(args: KernelArgument[], copies: TypedArray[]): void {
    for (const arg of args) {
      if (!(arg instanceof Tensor) || arg.data.buffer === this.#heap.buffer) continue;
      const copy = copies.shift()!;
      arg.data.set(copy);
      this.#heap.release(copy.byteOffset, copy.byteLength);
    }
  }

  #instantiate(module: string): WebAssembly.Exports {
    let exports = this.#loaded.get(module);
    if (!exports) {
      exports = new WebAssembly.Instance(decodeWasm(module), { env: { memory: this.#heap.memory } }).exports;
      this.#loaded.set(module, exports);
    }
    return exports;
  }
}
