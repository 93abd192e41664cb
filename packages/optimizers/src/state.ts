/**
 * Saving and loading. All is kept by parameter name, nothing by object identity: a state fits any optimizer of
 * the same type whose groups hold the same names and shapes.
 */
import { CheckpointError } from './errors';
import type { Entry, ParameterGroup } from './optimizer';
import { dataOf, type FloatArray } from './parameter';
import { mergeOptions, type OptimizerOptions, type Rule, type Slots } from './rule';

/** All but `slots` is JSON-able; the slots belong into a binary file. */
export interface OptimizerState {
  /** E.g. `'Adam'`. */
  type: string;
  groups: {
    options: Record<string, number | boolean>;
    parameters: { name: string; shape: number[]; step: number; decays: boolean }[];
  }[];
  /** Keys `<parameter>.<slot>`, e.g. `weight_ih_l0.m`. */
  slots: Map<string, FloatArray>;
}

/** A copy of the state of `groups`. */
export function saveState<O extends OptimizerOptions>(
  type: string,
  groups: readonly ParameterGroup<O>[],
): OptimizerState {
  const slots: OptimizerState['slots'] = new Map();
  return {
    type,
    slots,
    groups: groups.map(({ entries, options }) => ({
      options: { ...options } as Record<string, number | boolean>,
      parameters: entries.map((entry) => {
        for (const [slot, array] of Object.entries(entry.slots))
          slots.set(`${entry.name}.${slot}`, array.slice());
        return { name: entry.name, shape: [...entry.shape], step: entry.step, decays: entry.decays };
      }),
    })),
  };
}

/** Checks all of `state`, then takes it over. */
export function restoreState<O extends OptimizerOptions>(
  { type, slots: newSlots }: Rule<O>,
  groups: readonly ParameterGroup<O>[],
  state: OptimizerState,
): void {
  const where = `${type}.loadStateDict`;
  const refuse = (what: string): never => {
    throw new CheckpointError(`${where}: ${what}.`);
  };
  if (state.type !== type) refuse(`the state is of ${state.type}, expected ${type}`);
  if (state.groups.length !== groups.length) {
    refuse(`the state has ${state.groups.length} parameter groups, expected ${groups.length}`);
  }
  let slotCount = 0;
  const changes = groups.map((group, g) => {
    const saved = new Map(state.groups[g].parameters.map((p) => [p.name, p]));
    const options = mergeOptions(where, group.options, state.groups[g].options);
    const entries = group.entries.map((entry): [Entry, Partial<Entry>] => {
      const { name, shape, parameter } = entry;
      const from = saved.get(name) ?? refuse(`the state has no parameter '${name}' in group ${g}`);
      saved.delete(name);
      if (`${from.shape}` !== `${shape}`) {
        refuse(
          `parameter '${name}' has shape [${from.shape.join(', ')}] in the state, expected [${shape.join(', ')}]`,
        );
      }
      if (!Number.isInteger(from.step)) refuse(`the step count of '${name}' is ${from.step}`);
      const slots: Slots = newSlots(options, dataOf(parameter.value), shape);
      for (const [slot, array] of Object.entries(slots)) {
        const source = state.slots.get(`${name}.${slot}`);
        if (source?.constructor !== array.constructor || source.length !== array.length) {
          refuse(
            `slot '${name}.${slot}' is ${source ? `${source.constructor.name}(${source.length})` : 'missing'}, expected ${array.constructor.name}(${array.length})`,
          );
        }
        array.set(source!);
        slotCount++;
      }
      return [entry, { slots, step: from.step, decays: from.decays }];
    });
    for (const name of saved.keys())
      refuse(`the state has a parameter '${name}' in group ${g}, the optimizer has not`);
    return { group, options, entries };
  });
  if (slotCount !== state.slots.size) {
    refuse(`the state has ${state.slots.size} slots, expected ${slotCount}`);
  }
  for (const { group, options, entries } of changes) {
    Object.assign(group.options, options);
    for (const [entry, change] of entries) Object.assign(entry, change);
  }
}
