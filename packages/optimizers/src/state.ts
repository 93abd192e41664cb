/**
 * Saving and loading. All is kept by parameter name, nothing by object identity: a state fits any optimizer of
 * the same type whose groups hold the same names and shapes.
 */
import { expectSaved } from './expectations';
import type { ParameterGroup } from './optimizer';
import { dataOf, describeArray, type FloatArray } from './parameter';
import { mergeOptions, type OptimizerOptions, type Rule } from './rule';

/** All but `slots` is JSON-able; the slots belong into a binary file. */
export interface OptimizerState {
  /** E.g. `'Adam'`. */
  type: string;
  groups: {
    options: Record<string, number | boolean>;
    parameters: { name: string; shape: readonly number[]; step: number; decays: boolean }[];
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
      parameters: entries.map(({ name, shape, step, decays, slots: own }) => {
        for (const slot in own) slots.set(`${name}.${slot}`, own[slot].slice());
        return { name, shape, step, decays };
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
  const check = (what: string, actual: unknown, expected: unknown): void =>
    expectSaved(`${type}.loadStateDict: ${what}`, actual, expected);
  check('type', state.type, type);
  check('group count', state.groups.length, groups.length);
  const changes: [object, object][] = [];
  for (const [g, { entries, options }] of groups.entries()) {
    const saved = state.groups[g];
    const newOptions = mergeOptions(type, options, saved.options);
    changes.push([options, newOptions]);
    check(`size of group ${g}`, saved.parameters.length, entries.length);
    for (const entry of entries) {
      const { name, shape, parameter } = entry;
      const from = saved.parameters.find((p) => p.name === name);
      check(`shape of '${name}'`, from?.shape ?? 'missing', shape);
      const { step, decays } = from!;
      check(`step of '${name}'`, step, step >>> 0);
      const slots = newSlots(newOptions, dataOf(parameter.value));
      for (const slot in slots) {
        const source = state.slots.get(`${name}.${slot}`);
        check(`slot '${slot}' of '${name}'`, describeArray(source), describeArray(slots[slot]));
        slots[slot].set(source!);
      }
      changes.push([entry, { slots, step, decays }]);
    }
  }
  for (const [target, change] of changes) Object.assign(target, change);
}
