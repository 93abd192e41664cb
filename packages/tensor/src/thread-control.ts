/**
 * What the threads of one wasm backend tell each other, in the first page of their shared memory, in int32 words.
 *
 *   ring        the last jobs, by their number modulo RING: which function, how many parts the work is cut into, its
 *               arguments; written by the main thread
 *   START[w]    the last job that worker w may begin. Numbers go round after 2³²
 *   CLAIM[w]    the last job whose part w was taken: whoever does it, worker w or the main thread, raises this first
 *   DONE[w]     the last job whose part w is done: CLAIM[w], or one less while somebody is at it
 *   modules     where the wasm modules lie, for the workers to instantiate
 *   failure     the text of an error in a worker
 *
 * A counter is alone in its cache line, so that waiting for one does not slow down the others. Waiting means reading
 * it again and again, since the next job is only microseconds away; a thread that has waited for long goes to sleep
 * and is woken by `Atomics.notify`.
 */

const LINE = 16;

export const MAX_THREADS = 64;
/** Behind them, in the same page, lie the constants of the kernels: see `kernels/vector-math.as.ts`. */
export const CONTROL_WORDS = 12288;

export const MAIN_SLEEPS = LINE;
export const MODULE_COUNT = 2 * LINE;
/** Pairs of address and length. */
export const MODULES = 3 * LINE;
export const MAX_MODULES = 16;
/** Bytes of the text, then the text in UTF-8. */
export const FAILURE = 8192;

/** Jobs that the main thread may be ahead of a worker: a power of two. */
export const RING = 32;
const RING_START = 10240;
const JOB_NUMBERS = 32;
const MAX_ARGUMENTS = JOB_NUMBERS - 5;
/** The function of the job that ends a worker. */
export const STOP = -1;

/** The jobs, as float64. */
export const ringOf = (memory: WebAssembly.Memory): Float64Array =>
  new Float64Array(memory.buffer, RING_START * 4, RING * JOB_NUMBERS);

/** What is asked of all threads: part w of `parts` is for worker w. */
export interface Job {
  /** Index of the function. */
  readonly run: number;
  readonly parts: number;
  readonly count: number;
  readonly grain: number;
  readonly args: readonly number[];
}

export function writeJob(ring: Float64Array, job: number, { run, parts, count, grain, args }: Job): void {
  if (args.length > MAX_ARGUMENTS) {
    throw new RangeError(
      `wasm backend: a kernel has ${args.length} arguments, expected at most ${MAX_ARGUMENTS}.`,
    );
  }
  const at = (job & (RING - 1)) * JOB_NUMBERS;
  ring[at] = run;
  ring[at + 1] = parts;
  ring[at + 2] = count;
  ring[at + 3] = grain;
  ring[at + 4] = args.length;
  for (let k = 0; k < args.length; k++) ring[at + 5 + k] = args[k];
}

export function readJob(ring: Float64Array, job: number): Job {
  const at = (job & (RING - 1)) * JOB_NUMBERS;
  const args: number[] = [];
  for (let k = 0; k < ring[at + 4]; k++) args.push(ring[at + 5 + k]);
  return { run: ring[at], parts: ring[at + 1], count: ring[at + 2], grain: ring[at + 3], args };
}

const THREADS = 256;
export const START = 0;
export const DONE = LINE;
export const SLEEPS = 2 * LINE;
export const READY = 3 * LINE;
export const CLAIM = 4 * LINE;
/** The index of a counter of worker w. */
export const counter = (worker: number, which: number): number => THREADS + worker * 5 * LINE + which;

export const after = (job: number): number => (job + 1) | 0;

/** Takes the part of `worker` of the job after `last`: true for the one thread that may do it. */
export function claim(words: Int32Array, worker: number, last: number): boolean {
  return Atomics.compareExchange(words, counter(worker, CLAIM), last, after(last)) === last;
}

/** [begin, end) of one part, when [0, count) is cut into `parts` that begin at multiples of `grain`. */
export function partOf(part: number, parts: number, count: number, grain: number): [number, number] {
  const units = Math.ceil(count / grain);
  const begin = grain * Math.floor((units * part) / parts);
  const end = grain * Math.floor((units * (part + 1)) / parts);
  return [begin, Math.min(count, end)];
}

const { pause } = Atomics as { pause?: () => void };
/** About a tenth of a millisecond: the time between two jobs of a training step, and twice what waking up costs. */
const SPINS = pause ? 2000 : 50_000;

/**
 * Waits until words[at] is no longer `old`, and returns what it is then. After a while it sleeps, with
 * words[sleeps] = 1, unless the platform forbids it (the main thread of a browser).
 */
export function waitForChange(
  words: Int32Array,
  at: number,
  old: number,
  sleeps: number,
  canSleep: boolean,
): number {
  for (;;) {
    for (let spin = 0; spin < SPINS; spin++) {
      const now = Atomics.load(words, at);
      if (now !== old) return now;
      pause?.();
    }
    if (!canSleep) continue;
    Atomics.store(words, sleeps, 1);
    Atomics.wait(words, at, old, 1000);
    Atomics.store(words, sleeps, 0);
  }
}
