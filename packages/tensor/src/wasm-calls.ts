/**
 * Calls of compiled functions with tensors: addresses for tensors, copies of those that live elsewhere, and the division
 * among threads, each call on its own or all of a `rowwise` task together.
 */
import type { KernelArgument } from './backend';
import { allocateData, type TypedArray } from './dtype';
import { BackendError } from './errors';
import type { Tensor } from './tensor';
import type { ThreadFunction, ThreadPool } from './thread-pool';
import type { WasmHeap } from './wasm-heap';

/** Rows of a part: whole tiles of `kernels/gemm.as.ts`, whole vectors of the other kernels. */
export const ROWS = 4;

/** See the header of this file. */
export class WasmCalls {
  readonly #pool: ThreadPool | undefined;
  #heap: WasmHeap | undefined;
  /** While `rowwise` runs. */
  #rowwise: { readonly rows: number; readonly threads: number } | undefined;

  constructor(heap: WasmHeap, pool: ThreadPool | undefined) {
    this.#heap = heap;
    this.#pool = pool;
  }

  /** @throws {@link BackendError} after {@link dispose}. */
  get heap(): WasmHeap {
    if (!this.#heap) throw new BackendError('wasm backend: it was disposed. Make a new one.');
    return this.#heap;
  }

  /** The rows that a `rowwise` task is about. */
  get rows(): number | undefined {
    return this.#rowwise?.rows;
  }

  dispose(): void {
    this.#heap = undefined;
  }

  /** See `Backend.rowwise`. */
  rowwise(rows: number, threads: number, task: () => void): void {
    if (!this.#pool || threads < 2 || this.#rowwise) return task();
    this.#rowwise = { rows, threads };
    try {
      task();
    } finally {
      this.#rowwise = undefined;
      this.#pool.join();
    }
  }

  /** Inside a `rowwise` task: until all threads have done all that was begun. */
  settle(): void {
    if (this.#rowwise) this.#pool!.join();
  }

  /**
   * Calls a function with the addresses of the tensors, the numbers as they are, and 0 for what is absent. `args` is
   * overwritten: this is done for every operation of every step of time, and an array less is felt.
   *
   * @param byRows Whether it is divided as the `rowwise` task at hand is, so that no thread has to wait for the others.
   */
  run(
    compiled: ThreadFunction,
    count: number,
    grain: number,
    threads: number,
    args: KernelArgument[],
    byRows = false,
  ): void {
    const { heap } = this;
    let copies: { of: Tensor; data: TypedArray }[] | undefined;
    for (let i = 0; i < args.length; i++) {
      const arg = args[i];
      if (typeof arg === 'number') continue;
      if (arg === undefined) args[i] = 0;
      else if (arg.data.buffer === heap.buffer) args[i] = arg.data.byteOffset;
      else {
        args[i] = heap.allocate(arg.data.byteLength);
        const data = allocateData(arg.dtype, arg.size, heap.buffer, args[i] as number);
        data.set(arg.data);
        (copies ??= []).push({ of: arg, data });
      }
    }
    const numbers = args as number[];
    if (byRows && this.#rowwise && !copies) {
      this.#pool!.begin(compiled, count, ROWS, this.#rowwise.threads, numbers);
      return;
    }
    this.settle();
    if (this.#pool && threads > 1) this.#divide(this.#pool, compiled, count, grain, threads, numbers);
    else compiled.run(0, count, ...numbers);
    for (const { of, data } of copies ?? []) {
      of.data.set(data);
      heap.release(data.byteOffset, data.byteLength);
    }
  }

  #divide(
    pool: ThreadPool,
    compiled: ThreadFunction,
    count: number,
    grain: number,
    threads: number,
    args: readonly number[],
  ): void {
    try {
      pool.begin(compiled, count, grain, threads, args);
    } finally {
      pool.join();
    }
  }
}
