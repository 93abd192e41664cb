/**
 * Threads that share the work of single kernel calls.
 *
 *   main thread:   write the job, open part w for every worker w;  do part 0;  do the parts that are still open;
 *                  wait until the others are done
 *   worker w:      wait until part w is open;  claim it;  do it;  say so
 *
 * Which thread computes a number does not change how it is computed, so any number of threads gives the same bits.
 * A worker that is late, because it is only starting or because the machine is busy, finds its part taken and delays nobody;
 * in the usual case each does the same part of the same matrices every time, which are then in the cache of its core.
 */
import { BackendError } from './errors';
import { threadWorkerSource } from './generated/thread-worker';
import { startWorker, type StartedWorker } from './start-worker';
import * as control from './thread-control';

/** What is called, on all threads. */
export interface ThreadFunction {
  /** Set by {@link ThreadPool.addModule}. */
  index: number;
  readonly run: (begin: number, end: number, ...args: number[]) => void;
}

/** One memory and its workers. */
export class ThreadPool {
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;
  readonly #workers: StartedWorker[] = [];
  readonly #canSleep = canSleep();
  readonly #memory: WebAssembly.Memory;
  #functions = 0;
  #job = 0;
  #failure: unknown;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#words = new Int32Array(memory.buffer, 0, control.CONTROL_WORDS);
    this.#numbers = new Float64Array(memory.buffer, control.ARGUMENTS * 4, control.MAX_ARGUMENTS);
  }

  /** Starts a worker for every address: there it may pack blocks. */
  start(scratch: readonly number[], workerUrl?: string): void {
    const memory = this.#memory;
    const fail = (cause: unknown): void => void (this.#failure ??= cause);
    for (const [k, address] of scratch.entries()) {
      const start = { memory, thread: k + 1, scratch: address };
      this.#workers.push(startWorker(threadWorkerSource, start, fail, workerUrl));
    }
  }

  /** Workers that are running by now. */
  get ready(): number {
    const isReady = (_: unknown, k: number) =>
      Atomics.load(this.#words, control.counter(k + 1, control.READY));
    return this.#workers.filter(isReady).length;
  }

  /** Tells the workers of a module, whose bytes lie at `address`, and numbers its functions as they do. */
  addModule(address: number, bytes: number, functions: Iterable<{ index: number }>): void {
    const known = this.#words[control.MODULE_COUNT];
    if (known === control.MAX_MODULES) {
      throw new BackendError(
        `wasm backend: more than ${control.MAX_MODULES} kernel modules. Make a second backend.`,
      );
    }
    this.#words.set([address, bytes], control.MODULES + 2 * known);
    this.#words[control.MODULE_COUNT] = known + 1;
    for (const each of functions) each.index = this.#functions++;
  }

  /**
   * Runs `run(begin, end, ...args)` for parts that together are [0, count), on at most `threads` threads.
   *
   * @throws {@link BackendError} when a worker has failed, with its error as the cause.
   */
  run(
    { index, run }: ThreadFunction,
    count: number,
    grain: number,
    threads: number,
    args: readonly number[],
  ): void {
    const parts = Math.min(threads, this.#workers.length + 1, Math.ceil(count / grain));
    if (this.#failure) throw this.#error(this.#failure);
    if (parts <= 1) return run(0, count, ...args);
    const words = this.#words;
    words.set([index, parts, count, grain, args.length], control.JOB);
    this.#numbers.set(args);
    const job = (this.#job = (this.#job + 2) % 2 ** 30);
    for (let worker = 1; worker < parts; worker++) {
      const start = control.counter(worker, control.START);
      Atomics.store(words, start, job);
      if (Atomics.load(words, control.counter(worker, control.SLEEPS))) Atomics.notify(words, start);
    }
    run(...control.partOf(0, parts, count, grain), ...args);
    const claimed: number[] = [];
    for (let worker = 1; worker < parts; worker++) {
      if (control.claim(words, worker, job)) run(...control.partOf(worker, parts, count, grain), ...args);
      else claimed.push(worker);
    }
    for (const worker of claimed) this.#join(worker, job);
    if (Atomics.load(words, control.FAILURE)) this.#raise();
  }

  /** Ends the workers. */
  dispose(): void {
    for (const [k, worker] of this.#workers.entries()) {
      const start = control.counter(k + 1, control.START);
      Atomics.store(this.#words, start, control.STOP);
      Atomics.notify(this.#words, start);
      void worker.terminate();
    }
    this.#workers.length = 0;
  }

  #join(worker: number, job: number): void {
    const done = control.counter(worker, control.DONE);
    for (let last = Atomics.load(this.#words, done); last !== job; ) {
      last = control.waitForChange(this.#words, done, last, control.MAIN_SLEEPS, this.#canSleep);
    }
  }

  #raise(): never {
    const bytes = new Uint8Array(this.#words.buffer, (control.FAILURE + 1) * 4, this.#words[control.FAILURE]);
    this.#failure = new Error(new TextDecoder().decode(bytes.slice()));
    throw this.#error(this.#failure);
  }

  #error(cause: unknown): BackendError {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    return new BackendError(
      `wasm backend: a worker has failed: ${reason}. Make a new backend; where workers cannot start, use wasmBackend({ threads: 1 }).`,
      { cause },
    );
  }
}

/** The main thread of a page must not block. */
function canSleep(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
    return true;
  } catch {
    return false;
  }
}
