/**
 * Recurrent cases of Keras and tfjs in one form. There are three formats: `keras/recurrent.json` (snake case),
 * `tfjs/recurrent.json` (camel case, its own defaults) and Keras' own golden arrays (whole layer configurations).
 */
import type { TensorJson } from '@rnnlab/tensor/testing';

/** The cell. */
export type KerasKind = 'LSTM' | 'GRU' | 'SimpleRNN';

/** How the outputs of two directions become one; `'none'` keeps both. */
export type KerasMerge = 'concat' | 'ave' | 'sum' | 'mul' | 'none';

/** One case. */
export interface KerasCase {
  readonly name: string;
  readonly kind: KerasKind;
  readonly units: number;
  /** Absent for a single direction. */
  readonly merge?: KerasMerge;
  readonly activation: string;
  readonly recurrentActivation: string;
  readonly useBias: boolean;
  readonly resetAfter: boolean;
  readonly goBackwards: boolean;
  readonly zeroOutputForMask: boolean;
  readonly returnSequences: boolean;
  /** How often the layer saw the same input before, carrying its state. */
  readonly callsBefore: number;
  readonly weights: readonly TensorJson[];
  readonly input: TensorJson;
  /** [B, T] */
  readonly mask: TensorJson | null;
  readonly initialState: readonly TensorJson[] | null;
}

/** Keys that change nothing that a case could show: how it is computed, how weights started, what is returned beside. */
const inert =
  /^(unroll|implementation|return_?state|returnState|units|unit_forget_bias|unitForgetBias|seed|.*_(initializer|regularizer|constraint)|name|trainable|dtype|time_major|use_cudnn)$/;

type Config = Record<string, unknown>;

interface Defaults {
  /** What the name of the hard sigmoid means there. */
  readonly hardSigmoid: string;
  readonly recurrentActivation: string;
  readonly resetAfter: boolean;
}

/** Reads a configuration; throws for a key that nobody here knows, since ignoring it could hide a difference. */
export function readKerasConfig(kind: KerasKind, config: Config, defaults: Defaults) {
  const known = new Map<string, unknown>();
  for (const [key, value] of Object.entries(config)) {
    if (inert.test(key)) continue;
    const camel = key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    known.set(camel, value);
  }
  const take = <Value>(key: string, fallback: Value): Value => {
    const value = known.has(key) ? (known.get(key) as Value) : fallback;
    known.delete(key);
    return value;
  };
  const named = (name: string) => (/^hard_?sigmoid$/i.test(name) ? defaults.hardSigmoid : name);
  const result = {
    kind,
    activation: named(take('activation', 'tanh')),
    recurrentActivation: named(take('recurrentActivation', defaults.recurrentActivation)),
    useBias: take('useBias', true),
    resetAfter: take('resetAfter', defaults.resetAfter),
    goBackwards: take('goBackwards', false),
    zeroOutputForMask: take('zeroOutputForMask', false),
    returnSequences: take<boolean | undefined>('returnSequences', undefined),
    stateful: take('stateful', false),
  };
  for (const rate of ['dropout', 'recurrentDropout']) {
    if (take(rate, 0) !== 0) throw new Error(`${rate} is random: no two programs draw the same masks.`);
  }
  if (known.size) throw new Error(`Unknown configuration: ${JSON.stringify(Object.fromEntries(known))}.`);
  return result;
}

/** Keras 3's defaults, and those of tfjs, which follows Keras 1. */
export const kerasDefaults: Defaults = {
  hardSigmoid: 'hardSigmoid',
  recurrentActivation: 'sigmoid',
  resetAfter: true,
};
export const tfjsDefaults: Defaults = {
  hardSigmoid: 'hardSigmoidTfjs',
  recurrentActivation: 'hardSigmoid',
  resetAfter: false,
};
