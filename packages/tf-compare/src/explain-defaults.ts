import { defaultTraps, type DefaultTrap } from './default-traps';
import { defaultEffects, effectsMeasured } from './generated/default-effects';

/** A default that differs, with what it does to a model that learns dinosaur names. */
export interface ExplainedDefault extends DefaultTrap {
  /**
   * Best validation loss in nats per character, the mean of three seeds, for each way to set it; `null` where training
   * diverged. Rows "as it is" run trained weights under the other default.
   */
  effects: readonly { readonly setting: string; readonly loss: number | null }[];
  /** When and where it was measured: by `bench/default-traps.mjs` of the repository. */
  measured: {
    readonly date: string;
    readonly machine: string;
    readonly seeds: readonly number[];
    readonly epochs: number;
  };
}

/**
 * Every default in which TensorFlow.js, Keras 3 and PyTorch differ, who decides how, what it does, measured, and what to write
 * so that it does not matter.
 *
 * @example
 * ```ts
 * import { explainDefaults } from '@rnnlab/tf-compare';
 *
 * for (const { title, tfjs, keras, effects } of explainDefaults()) {
 *   console.log(`${title}: tfjs ${tfjs}, Keras ${keras}`);
 *   for (const { setting, loss } of effects) console.log(`  ${setting}: ${loss} nats/char`);
 * }
 * ```
 */
export function explainDefaults(): ExplainedDefault[] {
  return defaultTraps.map((trap) => ({
    ...trap,
    effects: defaultEffects[trap.id] ?? [],
    measured: effectsMeasured,
  }));
}
