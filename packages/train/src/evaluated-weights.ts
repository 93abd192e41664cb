/**
 * The weights that a trainer evaluates, samples and ends with: those of the last step, or their moving average
 * (Polyak & Juditsky 1992; `WeightAverage` of `@rnnlab/optimizers`). They stand in the model while they are used;
 * `memory.last` holds the weights of the last step meanwhile, so a state that is saved then is right too.
 */
import { ConfigError, type Parameter } from '@rnnlab/tensor';
import type { TrainerMemory } from './trainer-memory';
import { restoreSnapshot, takeSnapshot, type WeightSnapshot } from './weight-snapshot';

/** See the header of this file. */
export class EvaluatedWeights {
  readonly #parameters: readonly Parameter[];
  readonly #memory: TrainerMemory;
  /** Tasks under way: they may overlap, and only the last one puts the weights back. */
  #users = 0;
  #exchanged = false;

  constructor(parameters: readonly Parameter[], memory: TrainerMemory) {
    this.#parameters = parameters;
    this.#memory = memory;
  }

  /** Runs a task on them. */
  async use<T>(task: () => Promise<T>): Promise<T> {
    this.#begin();
    try {
      return await task();
    } finally {
      this.#end();
    }
  }

  /** A copy, into `reuse` when given. */
  snapshot(reuse?: WeightSnapshot): WeightSnapshot {
    this.#begin();
    const copy = takeSnapshot(this.#parameters, reuse);
    this.#end();
    return copy;
  }

  /** Leaves `weights` in the model, or those that evaluations use, until training goes on. */
  keep(weights = this.#memory.average && this.snapshot()): void {
    if (!weights) return;
    this.#memory.last = takeSnapshot(this.#parameters);
    restoreSnapshot(this.#parameters, weights);
  }

  /** Puts the weights of the last step back. */
  giveBack(where: string): void {
    this.requireIdle(where);
    if (this.#memory.last) restoreSnapshot(this.#parameters, this.#memory.last);
    this.#memory.last = undefined;
  }

  /** @throws {@link ConfigError} while a task stands on the average. */
  requireIdle(where: string): void {
    if (!this.#exchanged) return;
    throw new ConfigError(
      `${where}: evaluate() or sample() is under way and the average of the weights stands in the model. Await it first.`,
    );
  }

  #begin(): void {
    const { average, last, progress } = this.#memory;
    if (this.#users++ > 0 || !average || last || !progress.step) return;
    this.#memory.last = takeSnapshot(this.#parameters);
    average.overwrite();
    this.#exchanged = true;
  }

  #end(): void {
    if (--this.#users > 0 || !this.#exchanged) return;
    this.#exchanged = false;
    this.giveBack('Trainer');
  }
}
