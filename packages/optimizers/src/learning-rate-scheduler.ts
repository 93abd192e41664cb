/**
 * Drives an optimizer's learning rates by schedules: one for all groups, or one a group. Its state is the step number,
 * and the schedules' JSON to notice a resumed run that would go on with others.
 */
import { expectOption, expectSaved } from './expectations';
import type { Optimizer } from './optimizer';
import type { Schedule, ScheduleJSON } from './schedule';

/** JSON-able. */
export interface LearningRateSchedulerState {
  step: number;
  schedules: ScheduleJSON[];
}

/**
 * See the header of this file.
 *
 * @example
 * ```ts
 * import { exponentialSchedule, LearningRateScheduler, SGD } from '@rnnlab/optimizers';
 *
 * const optimizer = new SGD([{ value: Float64Array.of(1), grad: Float64Array.of(1) }]);
 * const scheduler = new LearningRateScheduler(optimizer, exponentialSchedule({ learningRate: 0.5, factor: 0.5 }));
 * for (let t = 0; t < 3; t++) {
 *   console.log(optimizer.learningRate); // 0.5, 0.25, 0.125
 *   optimizer.step();
 *   scheduler.step();
 * }
 * ```
 */
export class LearningRateScheduler {
  readonly #groups: Optimizer['groups'];
  readonly #schedules: readonly Schedule[];
  #step = 0;

  /** Sets the rates of step 0. @throws {@link ConfigError} when there are neither one nor as many schedules as groups. */
  constructor(optimizer: { readonly groups: readonly unknown[] }, schedules: Schedule | readonly Schedule[]) {
    this.#groups = optimizer.groups as Optimizer['groups'];
    this.#schedules = typeof schedules === 'function' ? this.#groups.map(() => schedules) : schedules;
    const count = this.#schedules.length;
    const expected = this.#groups.length;
    expectOption(
      count === expected,
      'LearningRateScheduler: number of schedules',
      count,
      `one, or one for each group: ${expected}`,
    );
    this.#apply();
  }

  /** Goes on to the next step's rates; call it after each `optimizer.step()`. */
  step(): void {
    this.#step++;
    this.#apply();
  }

  stateDict(): LearningRateSchedulerState {
    return { step: this.#step, schedules: this.#schedules.map((schedule) => schedule.toJSON()) };
  }

  /** @throws {@link CheckpointError} when the saved schedules are others. */
  loadStateDict(state: LearningRateSchedulerState): void {
    expectSaved(
      'LearningRateScheduler.loadStateDict: list of schedules',
      JSON.stringify(state.schedules),
      JSON.stringify(this.#schedules),
    );
    this.#step = state.step;
    this.#apply();
  }

  #apply(): void {
    for (const [i, { options }] of this.#groups.entries())
      options.learningRate = this.#schedules[i](this.#step);
  }
}
