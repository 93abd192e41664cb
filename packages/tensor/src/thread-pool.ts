/**
 * Threads that share the work of single kernel calls.
 *
 *   main thread:   write the job, open it for the workers;  do part 0;  at `join`, do the parts that nobody has taken
 *                  and wait until the others are done
 *   worker w:      wait until a job is open;  claim part w;  do it;  say so
 *
 * Which thread computes a number does not change how it is computed, so any number of threads gives the same bits.
 * A worker that is late, because it is only starting or because the machine is busy, finds its part taken and delays nobody;
 * in the usual case each does the same part of the same matrices every time, which are then in the cache of its core.
 *
 * Jobs of which every thread needs only what it has itself made before can follow each other without a `join` between
 * them: all threads do the parts of one index in the order of the jobs.
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

/** Some microseconds. */
const PATIENCE = 200;

/** One memory and its workers. */
export class ThreadPool {
  readonly #words: Int32Array;
  readonly #ring: Float64Array;
  /** What the jobs of the ring call. */
  readonly #runs: ThreadFunction['run'][] = [];
  readonly #workers: StartedWorker[] = [];
  readonly #canSleep = canSleep();
  readonly #memory: WebAssembly.Memory;
  #functions = 0;
  /** The last job. */
  #job = 0;
  /** How many workers have a part of the jobs since the last `join`. */
  #open = 0;
  #failure: unknown;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#words = new Int32Array(memory.buffer, 0, control.CONTROL_WORDS);
    this.#ring = control.ringOf(memory);
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
   * Runs `run(begin, end, ...args)` for parts that together are [0, count), on at most `threads` threads. Returns when this
   * thread has done its part: the others may be at theirs until {@link join}.
   *
   * @throws {@link BackendError} when a worker has failed, with its error as the cause.
   */
  begin(
    { index, run }: ThreadFunction,
    count: number,
    grain: number,
    threads: number,
    args: readonly number[],
  ): void {
    if (this.#failure) throw this.#error(this.#failure);
    const parts = Math.max(1, Math.min(threads, this.#workers.length + 1, Math.ceil(count / grain)));
    if (parts > 1) this.#publish(run, { run: index, parts, count, grain, args });
    const [first, last] = control.partOf(0, parts, count, grain);
    run(first, last, ...args); // one spread: with two, the call would build a list of all arguments
  }

  /** Returns when all parts are done. */
  join(): void {
    for (; this.#open; this.#open--) this.#finish(this.#open);
    if (Atomics.load(this.#words, control.FAILURE)) this.#raise();
  }

  /** Ends the workers. */
  dispose(): void {
    const parts = this.#workers.length + 1;
    if (parts > 1) this.#publish(() => {}, { run: control.STOP, parts, count: 0, grain: 1, args: [] });
    for (const worker of this.#workers) void worker.terminate();
    this.#workers.length = this.#open = 0;
  }

  #publish(run: ThreadFunction['run'], job: control.Job): void {
    const words = this.#words;
    const workers = this.#workers.length;
    for (let worker = 1; worker <= workers; worker++) {
      const lead = (this.#job - Atomics.load(words, control.counter(worker, control.DONE))) | 0;
      if (lead >= control.RING - 1) this.#finish(worker); // or a job would be overwritten that it has not read
    }
    const number = (this.#job = control.after(this.#job));
    this.#runs[number & (control.RING - 1)] = run;
    control.writeJob(this.#ring, number, job);
    this.#open = Math.max(this.#open, job.parts - 1);
    for (let worker = 1; worker <= workers; worker++) {
      const start = control.counter(worker, control.START);
      Atomics.store(words, start, number);
      const needed = worker < job.parts && Atomics.load(words, control.counter(worker, control.SLEEPS));
      if (needed) Atomics.notify(words, start);
    }
  }

  /** Waits until the parts of a worker are done, and does those that it does not take. */
  #finish(worker: number): void {
    const words = this.#words;
    const [taken, done] = [control.CLAIM, control.DONE].map((which) => control.counter(worker, which));
    let patience = 0;
    for (;;) {
      const last = Atomics.load(words, done);
      if (last === this.#job) return;
      // One that has just finished a job begins the next at once, with what is in its cache.
      for (let spin = 0; spin < patience && Atomics.load(words, taken) === last; spin++);
      if (control.claim(words, worker, last)) {
        try {
          this.#doPartOf(worker, control.after(last));
        } finally {
          Atomics.store(words, done, control.after(last));
        }
        continue;
      }
      control.waitForChange(words, done, last, control.MAIN_SLEEPS, this.#canSleep);
      patience = PATIENCE;
    }
  }

  #doPartOf(worker: number, job: number): void {
    const { parts, count, grain, args } = control.readJob(this.#ring, job);
    if (worker >= parts) return;
    const [first, last] = control.partOf(worker, parts, count, grain);
    this.#runs[job & (control.RING - 1)](first, last, ...args);
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
