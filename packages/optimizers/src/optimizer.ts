/**
 * What all optimizers share: parameter groups, counting steps, slots, saving and loading. The mathematics is in
 * the {@link Rule} of each optimizer's file.
 *
 * At every step, for every parameter x with gradient g, before the rule's own formula:
 *
 *   g ← −g                 when maximizing
 *   g ← g + λx             coupled weight decay (L2), or
 *   x ← (1 − lr·λ)·x       decoupled weight decay
 *
 * Arithmetic is float64 for every element and rounds once, when a value is stored; with float32 parameters
 * the slots are float32 too. Frameworks round after each operation, so float32 paths agree with theirs to
 * float32 rounding, float64 paths to float64 rounding. With `kernels` the loops are a backend's, whose arithmetic on
 * float32 is float32: see `update-kernels.ts`.
 */
import { checkParameter, dataOf, shapeOf, type OptimizerParameter } from './parameter';
import {
  defaultsOf,
  mergeOptions,
  type OptimizerOptions,
  type Resolved,
  type Rule,
  type SharedOptions,
  type Slots,
  type UpdateKernels,
  type WeightDecayMask,
} from './rule';
import { restoreState, saveState, type OptimizerState } from './state';

/** One parameter with what is kept about it. */
export interface Entry<O extends OptimizerOptions = OptimizerOptions> {
  readonly name: string;
  readonly parameter: OptimizerParameter;
  readonly shape: readonly number[];
  /** Those of its group. */
  readonly options: Resolved<O>;
  /** Whether weight decay applies. */
  decays: boolean;
  /** Steps made so far. */
  step: number;
  slots: Slots;
}

/** Parameters that share options. */
export interface ParameterGroup<O extends OptimizerOptions = OptimizerOptions> {
  readonly entries: readonly Entry<O>[];
  /** May be changed between steps; such changes are not checked. */
  readonly options: Resolved<O>;
}

/** How a group is given: its parameters and the options in which it differs. */
export type GroupInit<O extends OptimizerOptions> = O & {
  readonly parameters: Iterable<OptimizerParameter>;
  readonly weightDecayMask?: WeightDecayMask;
};

/** Base class of all optimizers. */
export abstract class Optimizer<O extends OptimizerOptions = OptimizerOptions> {
  readonly groups: ParameterGroup<O>[] = [];
  /** As given; for clipping, and for a {@link WeightAverage} beside this optimizer. */
  readonly kernels?: UpdateKernels;
  protected readonly rule: Rule<O>;
  readonly #defaults: Resolved<O>;
  #entries = new Map<string, Entry<O>>();

  /**
   * @param parameters Parameters, or groups `{ parameters, …options }` with options of their own.
   * @param options For all groups; a group's own win.
   */
  protected constructor(
    rule: Rule<O>,
    parameters: Iterable<OptimizerParameter> | Iterable<GroupInit<O>>,
    options: O & SharedOptions = {} as O,
  ) {
    const { convention, weightDecayMask, kernels, ...own } = options;
    this.kernels = kernels;
    this.rule = kernels?.rule(rule) ?? rule;
    this.#defaults = mergeOptions(rule.type, defaultsOf(rule, convention), own);
    const given = [...parameters] as (OptimizerParameter | GroupInit<O>)[];
    const groups = given[0] && 'parameters' in given[0] ? given : [{ parameters: given }];
    for (const { parameters, ...group } of groups as GroupInit<O>[]) {
      this.addParameters(parameters, { weightDecayMask, ...(group as unknown as O) });
    }
  }

  /** The learning rate of the first group. Setting it sets it in all groups; `groups[i].options` for one. */
  get learningRate(): number {
    return this.groups[0].options.learningRate;
  }

  set learningRate(learningRate: number) {
    for (const { options } of this.groups) {
      Object.assign(options, mergeOptions(this.rule.type, options, { learningRate }));
    }
  }

  /**
   * Adds a group, with the options in which it differs from the constructor's, and a mask of its own.
   *
   * @throws {@link ConfigError} when a name is taken or an option impossible; nothing is added then.
   */
  addParameters(
    parameters: Iterable<OptimizerParameter>,
    options: O & { weightDecayMask?: WeightDecayMask } = {} as O,
  ): void {
    const { weightDecayMask: mask, ...own } = options;
    const groupOptions = mergeOptions(this.rule.type, this.#defaults, own);
    const all = new Map(this.#entries);
    const entries = Array.from(parameters, (parameter): Entry<O> => {
      const name = checkParameter(parameter, all);
      const entry = {
        name,
        parameter,
        shape: shapeOf(parameter),
        options: groupOptions,
        decays: typeof mask === 'function' ? mask(name) : (mask?.includes(name) ?? true),
        step: 0,
        slots: this.rule.slots(groupOptions, dataOf(parameter.value)),
      };
      all.set(name, entry);
      return entry;
    });
    this.#entries = all;
    this.groups.push({ entries, options: groupOptions });
  }

  /** Sets every gradient to zero. */
  zeroGrad(): void {
    for (const { parameter } of this.#entries.values()) dataOf(parameter.grad).fill(0);
  }

  /**
   * Moves every parameter by one update.
   *
   * @param closure Computes the loss and the gradients first. Only LBFGS, which asks several times, needs one.
   * @returns The closure's loss.
   */
  step(closure?: () => number): number | undefined {
    const loss = closure?.();
    for (const entry of this.#entries.values()) {
      const { parameter, options: o, slots } = entry;
      const decay = entry.decays ? o.weightDecay : 0;
      const shrink = o.decoupledWeightDecay ? decay : 0;
      this.rule.update(
        dataOf(parameter.value),
        dataOf(parameter.grad),
        decay - shrink,
        1 - o.learningRate * shrink,
        o.maximize ? -1 : 1,
        slots,
        this.rule.coefficients(++entry.step, o, slots),
      );
    }
    return loss;
  }

  /** A copy of everything a later run needs to go on exactly: see {@link OptimizerState}. */
  stateDict(): OptimizerState {
    return saveState(this.rule.type, this.groups);
  }

  /**
   * Restores options, step counts and slots to the bit.
   *
   * @throws {@link CheckpointError} when the state is another optimizer's, or names, shapes, slots or element
   * types differ; nothing is changed then.
   */
  loadStateDict(state: OptimizerState): void {
    restoreState(this.rule, this.groups, state);
  }
}
