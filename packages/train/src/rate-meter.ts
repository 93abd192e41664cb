/** Tokens per second over about the last `steps` steps, each weighted by its duration. */
export class RateMeter {
  readonly #keep: number;
  #tokens = 0;
  #seconds = 0;

  constructor(steps = 50) {
    this.#keep = 1 - 1 / steps;
  }

  /** Adds a step and returns the rate; 0 while the clock has not moved. */
  add(tokens: number, seconds: number): number {
    this.#tokens = this.#keep * this.#tokens + tokens;
    this.#seconds = this.#keep * this.#seconds + seconds;
    return this.#seconds > 0 ? this.#tokens / this.#seconds : 0;
  }
}
