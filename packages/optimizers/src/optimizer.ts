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
 * float32 rounding, float64 paths to float64 rounding. A step allocates nothing.
 */
import { ConfigError } from './errors';
import { checkParameter, dataOf, nameOf, shapeOf, type OptimizerParameter } from './parameter';
import {
  defaultsOf,
  mergeOptions,
  type OptimizerOptions,
  type Resolved,
  type Rule,
  type SharedOptions,
  type Slots,
  type StepScalars,
  type WeightDecayMask,
} from './rule';
import { restoreState, saveState, type OptimizerState } from './state';

/** One parameter with what is kept about it. */
export interface Entry {
  readonly name: string;
  readonly parameter: OptimizerParameter;
  readonly shape: readonly number[];
  /** Whether weight decay applies. */
  decays: boolean;
  /** Steps made so far. */
  step: number;
  slots: Slots;
}

/** Parameters that share options. */
export interface ParameterGroup<O extends OptimizerOptions = OptimizerOptions> {
  readonly entries: readonly Entry[];
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
  /** Name in saved states, e.g. `'Adam'`. */
  readonly type: string;
  readonly groups: ParameterGroup<O>[] = [];
  protected readonly rule: Rule<O>;
  readonly #defaults: Resolved<O>;
  readonly #mask?: WeightDecayMask;
  readonly #names = new Set<string>();
  readonly #scalars: StepScalars = { t: 0, lr: 0, l2: 0, keep: 1, sign: 1 };

  /**
   * @param parameters Parameters, or groups `{ parameters, …options }` with options of their own.
   * @param options For all groups; a group's own win.
   */
  protected constructor(
    rule: Rule<O>,
    parameters: Iterable<OptimizerParameter> | Iterable<GroupInit<O>>,
    options: O & SharedOptions = {} as O,
  ) {
    const { convention, weightDecayMask, ...own } = options;
    this.rule = rule;
    this.type = rule.type;
    this.#mask = weightDecayMask;
    this.#defaults = mergeOptions(rule.type, defaultsOf(rule, convention), own);
    const given = [...parameters];
    const isGroup = (p: object): p is GroupInit<O> => 'parameters' in p;
    if (given.length && given.every(isGroup)) {
      for (const { parameters, ...groupOptions } of given)
        this.addParameters(parameters, groupOptions as unknown as O);
    } else {
      this.addParameters(given as OptimizerParameter[]);
    }
  }

  /** The learning rate of the first group. Setting it sets it in all groups; `groups[i].options` for one. */
  get learningRate(): number {
    return this.groups[0].options.learningRate;
  }

  set learningRate(learningRate: number) {
    for (const { options } of this.groups)
      Object.assign(options, mergeOptions(this.type, options, { learningRate }));
  }

  /**
   * Adds a group, with the options in which it differs from the constructor's.
   *
   * @throws {@link ConfigError} when a name is taken or an option impossible; nothing is added then.
   */
  addParameters(
    parameters: Iterable<OptimizerParameter>,
    options: O & { weightDecayMask?: WeightDecayMask } = {} as O,
  ): ParameterGroup<O> {
    const { weightDecayMask: mask = this.#mask, ...own } = options;
    const groupOptions = mergeOptions(this.type, this.#defaults, own);
    const names = new Set(this.#names);
    const entries = [...parameters].map((parameter): Entry => {
      const name = nameOf(parameter, names.size);
      checkParameter(parameter, name, names);
      names.add(name);
      const shape = shapeOf(parameter);
      return {
        name,
        parameter,
        shape,
        decays: typeof mask === 'function' ? mask(name) : (mask?.includes(name) ?? true),
        step: 0,
        slots: this.rule.slots(groupOptions, dataOf(parameter.value), shape),
      };
    });
    const stranger = Array.isArray(mask) ? mask.find((name) => !names.has(name)) : undefined;
    if (stranger !== undefined) {
      throw new ConfigError(`${this.type}: weightDecayMask names '${stranger}', which is no parameter.`);
    }
    const group = { entries, options: groupOptions };
    this.groups.push(group);
    for (const name of names) this.#names.add(name);
    return group;
  }

  /** The parameters of all groups. */
  parameters(): OptimizerParameter[] {
    return this.groups.flatMap(({ entries }) => entries.map(({ parameter }) => parameter));
  }

  /** Sets every gradient to zero. */
  zeroGrad(): void {
    for (const { entries } of this.groups)
      for (const { parameter } of entries) dataOf(parameter.grad).fill(0);
  }

  /**
   * Moves every parameter by one update.
   *
   * @param closure Computes the loss and the gradients first. Only LBFGS, which asks several times, needs one.
   * @returns The closure's loss.
   */
  step(closure?: () => number): number | undefined {
    const loss = closure?.();
    const s = this.#scalars;
    for (const { entries, options } of this.groups) {
      for (const entry of entries) {
        const decay = entry.decays ? options.weightDecay : 0;
        s.t = ++entry.step;
        s.lr = options.learningRate;
        s.l2 = options.decoupledWeightDecay ? 0 : decay;
        s.keep = options.decoupledWeightDecay ? 1 - s.lr * decay : 1;
        s.sign = options.maximize ? -1 : 1;
        const { value, grad } = entry.parameter;
        this.rule.update(dataOf(value), dataOf(grad), entry.slots, options, s, entry.shape);
      }
    }
    return loss;
  }

  /** A copy of everything a later run needs to go on exactly: see {@link OptimizerState}. */
  stateDict(): OptimizerState {
    return saveState(this.type, this.groups);
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
