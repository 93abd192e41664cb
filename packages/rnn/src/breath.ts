/**
 * Lets timers, clicks and abort signals through while a long loop runs: a loop that awaits promises only would keep
 * them waiting to its end.
 */
export class Breath {
  #last = performance.now();

  /** Waits one round of the event loop when the last one is more than `interval` milliseconds ago. */
  async take(interval = 20): Promise<void> {
    if (performance.now() - this.#last < interval) return;
    await new Promise((resolve) => setTimeout(resolve));
    this.#last = performance.now();
  }
}
