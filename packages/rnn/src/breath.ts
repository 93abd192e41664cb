/**
 * Lets the platform do its work (signals, timers, input, painting) while a long computation goes on: awaits a
 * macrotask when the last one is longer ago than the interval. A promise alone is a microtask and lets nothing in.
 */
export class Breath {
  readonly #interval: number;
  #last = performance.now();

  /** @param interval Milliseconds between two breaths. */
  constructor(interval = 50) {
    this.#interval = interval;
  }

  /** Whether it is time: a loop of microseconds asks before it awaits, which costs something even where nothing is due. */
  get due(): boolean {
    return performance.now() - this.#last >= this.#interval;
  }

  /** Returns at once unless a breath is due. */
  async ifDue(): Promise<void> {
    if (!this.due) return;
    await macrotask();
    this.#last = performance.now();
  }
}

/** `setImmediate` where there is one: browsers delay nested timers by 4 ms. */
function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
