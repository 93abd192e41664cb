import { RateMeter } from './rate-meter';

/** Time and speed of a run. */
export class RunClock {
  readonly #rate = new RateMeter();
  #before = 0;
  #startedAt = 0;
  /** Steps of this run. */
  steps = 0;

  /** @param before Seconds of earlier runs. */
  begin(before: number): void {
    this.#before = before;
    this.#startedAt = performance.now();
    this.steps = 0;
  }

  /** Seconds of running, over all runs. */
  get seconds(): number {
    return this.#before + (performance.now() - this.#startedAt) / 1000;
  }

  /** Counts a step and returns the tokens per second of the last ones. */
  stepped(tokens: number, seconds: number): number {
    this.steps++;
    return this.#rate.add(tokens, seconds);
  }

  /** Until the last step or the time limit, whichever comes first; `undefined` when neither is known. */
  secondsLeft(step: number, lastStep: number | undefined, timeLimit = Infinity): number | undefined {
    const perStep = (this.seconds - this.#before) / this.steps;
    const bySteps = lastStep === undefined ? Infinity : (lastStep - step) * perStep;
    const left = Math.min(bySteps, timeLimit - this.seconds);
    return Number.isFinite(left) ? Math.max(0, left) : undefined;
  }
}
