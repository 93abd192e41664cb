/**
 * What tells one optimizer from another. Every optimizer file holds one {@link Rule}: its options with their
 * defaults, what the other frameworks set instead, the slots it keeps for each parameter, and `update`, a plain
 * loop over typed arrays that a faster kernel can replace.
 */
import { ConfigError } from './errors';
import type { FloatArray } from './parameter';

/** Whose defaults and formulas to use. Explicit options win over the preset. */
export type Convention = 'torch' | 'keras' | 'tfjs' | 'optax';

/** Options that every optimizer has. */
export interface OptimizerOptions {
  /** lr ≥ 0. */
  learningRate?: number;
  /** λ ≥ 0. Default 0 where the optimizer does not say otherwise. */
  weightDecay?: number;
  /** `false`: g ← g + λx (L2). `true`: x ← x − lr·λx beside the update (Loshchilov & Hutter 2019). */
  decoupledWeightDecay?: boolean;
  /** Ascend instead of descend. Default false. */
  maximize?: boolean;
}

/** The parameters that decay, by name; without it all of them do. */
export type WeightDecayMask = readonly string[] | ((name: string) => boolean);

/** What may be given to a constructor beside the optimizer's own options. */
export interface SharedOptions {
  /** Default `'torch'`, or the paper where PyTorch lacks the optimizer. */
  convention?: Convention;
  /** Resolved to names when parameters are added, so that a saved state holds it. */
  weightDecayMask?: WeightDecayMask;
}

/** The scalars of one step of one parameter. */
export interface StepScalars {
  /** How many steps this parameter has made, this one included: 1, 2, … */
  t: number;
  lr: number;
  /** λ where it joins the gradient, else 0. */
  l2: number;
  /** 1 − lr·λ where it shrinks the value, else 1. */
  keep: number;
  /** −1 to maximize, else 1. */
  sign: number;
}

/** Arrays kept for one parameter between steps, by name. */
export type Slots = Record<string, FloatArray>;

/** All options with their values. */
export type Resolved<O extends OptimizerOptions> = Required<O> & Required<OptimizerOptions>;

/** See the header of this file. */
export interface Rule<O extends OptimizerOptions> {
  readonly type: string;
  readonly defaults: Resolved<O>;
  /** What a framework sets differently. A framework that lacks the optimizer is not in here. */
  readonly conventions: { readonly [C in Convention]?: Partial<O> };
  /** New slots for a parameter. */
  slots(o: Resolved<O>, value: FloatArray, shape: readonly number[]): Slots;
  /** One step: reads x and g, writes x and the slots. */
  update(
    x: FloatArray,
    grad: FloatArray,
    slots: Slots,
    o: Resolved<O>,
    s: StepScalars,
    shape: readonly number[],
  ): void;
}

/** `options` over `base`, checked. @throws {@link ConfigError} for an unknown option or an impossible value. */
export function mergeOptions<O extends object>(where: string, base: O, options: object): O {
  const merged = { ...base } as Record<string, unknown>;
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const usual = Object.hasOwn(base, key) ? merged[key] : undefined;
    if (usual === undefined) {
      throw new ConfigError(
        `${where}: unknown option '${key}', expected one of ${Object.keys(base).join(', ')}.`,
      );
    }
    const limit = /^(beta|rho)/.test(key) ? 1 : Infinity;
    const fits = typeof usual === 'number' ? Number(value) >= 0 && Number(value) < limit : true;
    if (typeof value !== typeof usual || !fits) {
      const range = typeof usual === 'number' ? `a number in [0, ${limit})` : `a ${typeof usual}`;
      throw new ConfigError(`${where}: ${key} is ${String(value)}, expected ${range}.`);
    }
    merged[key] = value;
  }
  return merged as O;
}

/** The defaults under a convention. @throws {@link ConfigError} when the framework lacks the optimizer. */
export function defaultsOf<O extends OptimizerOptions>(rule: Rule<O>, convention?: Convention): Resolved<O> {
  const known = rule.conventions;
  if (convention !== undefined && !Object.hasOwn(known, convention)) {
    throw new ConfigError(
      `${rule.type}: convention is '${convention}', expected one of ${Object.keys(known).join(', ')}, which have this optimizer.`,
    );
  }
  return { ...rule.defaults, ...(convention && known[convention]) } as Resolved<O>;
}
