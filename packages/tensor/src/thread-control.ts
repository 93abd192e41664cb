/**
 * What the threads of one wasm backend tell each other, in the first page of their shared memory, in int32 words.
 *
 *   job         which function, its arguments, and how many parts the work is cut into: written by the main thread
 *   START[w]    part w of this job is open (an even number); whoever does it makes it odd first (job + 1)
 *   DONE[w]     the last job whose part w was done by worker w
 *   modules     where the wasm modules lie, for the workers to instantiate
 *   failure     the text of an error in a worker
 *
 * A counter is alone in its cache line, so that waiting for one does not slow down the others. Waiting means reading
 * it again and again, since the next job is only microseconds away; a thread that has waited for long goes to sleep
 * and is woken by `Atomics.notify`.
 */

const LINE = 16;

export const MAX_THREADS = 64;
export const MAX_ARGUMENTS = 24;
export const CONTROL_WORDS = 16384;

export const MAIN_SLEEPS = LINE;
export const MODULE_COUNT = 2 * LINE;
/** Pairs of address and length. */
export const MODULES = 3 * LINE;
export const MAX_MODULES = 16;
/** The job: function, parts, count, grain, number of arguments. The arguments are float64. */
export const JOB = 6 * LINE;
export const ARGUMENTS = 7 * LINE;
/** Bytes of the text, then the text in UTF-8. */
export const FAILURE = 8192;

const THREADS = 256;
export const START = 0;
export const DONE = LINE;
export const SLEEPS = 2 * LINE;
export const READY = 3 * LINE;
/** The index of a counter of worker w. */
export const counter = (worker: number, which: number): number => THREADS + worker * 4 * LINE + which;

/** START is set to this when a worker shall end. */
export const STOP = -1;

/** Takes an open part: true for the one thread that may do it. */
export function claim(words: Int32Array, worker: number, job: number): boolean {
  return Atomics.compareExchange(words, counter(worker, START), job, job + 1) === job;
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
