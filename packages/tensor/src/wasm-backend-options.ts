/** What can be chosen about a wasm backend, and what it offers besides a {@link Backend}. */
import type { Backend } from './backend';
import { ConfigError } from './errors';
import { wasm } from './generated/kernels.wasm';
import { MAX_THREADS } from './thread-control';
import type { DividedFunction } from './thread-script';
import { isWasmSupported } from './wasm-module';

/** Options of `wasmBackend`. */
export interface WasmBackendOptions {
  /** Memory to reserve; only what is used is taken. From 64 to 4095, default 1024. */
  memoryMiB?: number;
  /**
   * Threads that share the work of large operations, 1 to 64, with the one that calls; `'auto'`: as many as there are
   * cores, at most 8. Default 1. Results are the same to the bit for any number. Where memory cannot be shared, in
   * a page that is not cross-origin isolated and in Node before 20.16, there is one.
   */
  threads?: number | 'auto';
  /**
   * Multiplications (or 1/32 as many numbers of an elementwise operation) that are worth a further thread. Default
   * 65536, some microseconds: about what it costs to tell another thread and to wait for it.
   */
  workPerThread?: number;
  /** Address of a file with the text of `threadWorkerSource`, for pages whose content security policy forbids blobs. */
  workerUrl?: string;
}

/** What `wasmBackend` returns. */
export interface WasmBackend extends Backend {
  /** Threads that it was made with. */
  readonly threads: number;
  /** Those that run by now: workers need some milliseconds to start, and until then the others do their part. */
  readonly threadsRunning: number;
  /**
   * For backends that are built on this one: functions in JavaScript, such as calls of a native library, on all threads.
   *
   * @param source Text of a function of the memory that returns functions by name, `(begin, end, ...numbers) => void`. It
   *   is evaluated in every thread, and sees nothing but what is global there.
   */
  loadScript(source: string): Readonly<Record<string, DividedFunction>>;
  /**
   * Ends the workers and lets go of the memory, which is given back as soon as no tensor looks into it any more. The
   * backend cannot be used afterwards. Without this, both happen when backend and tensors are garbage.
   */
  dispose(): void;
}

/** @throws {@link ConfigError} for what is out of range, and where WebAssembly SIMD is not to be had. */
export function checkWasmOptions(memoryMiB: number, threads: number | 'auto'): void {
  if (!Number.isInteger(memoryMiB) || memoryMiB < 64 || memoryMiB > 4095) {
    throw new ConfigError(`wasmBackend: memoryMiB is ${memoryMiB}, expected an integer from 64 to 4095.`);
  }
  if (threads !== 'auto' && !(Number.isInteger(threads) && threads >= 1 && threads <= MAX_THREADS)) {
    throw new ConfigError(
      `wasmBackend: threads is ${threads}, expected an integer from 1 to ${MAX_THREADS}, or 'auto'.`,
    );
  }
  if (!isWasmSupported(wasm)) {
    throw new ConfigError('wasmBackend: this platform has no WebAssembly SIMD. Use referenceBackend.');
  }
}
