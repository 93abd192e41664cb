/**
 * What tells one optimizer from another. Every optimizer file holds one {@link Rule}: its options with their
 * defaults, what the other frameworks set instead, the slots it keeps for each parameter, the numbers of a step, and
 * `update`, a plain loop over typed arrays that a compiled one can replace: see {@link UpdateKernels}.
 */
import { ConfigError } from './errors';
import { expectOption } from './expectations';
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

/** The parameters that decay, by name (others in the list are ignored); without it all of them do. */
export type WeightDecayMask = readonly string[] | ((name: string) => boolean);

/** What may be given to a constructor beside the optimizer's own options. */
export interface SharedOptions {
  /** Default `'torch'`, or the paper where PyTorch lacks the optimizer. */
  convention?: Convention;
  /** Resolved to names when parameters are added, so that a saved state holds it. */
  weightDecayMask?: WeightDecayMask;
  /** `updateKernels(backend)` of `@rnnlab/optimizers/kernels`. Default: loops in TypeScript. */
  kernels?: UpdateKernels;
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
  slots(o: Resolved<O>, value: FloatArray): Slots;
  /**
   * The numbers that `update` needs, worked out once a step and parameter. A slot that is no array of x's shape, such as a
   * product over all steps, moves on here.
   *
   * @param t How many steps this parameter has made, this one included: 1, 2, …
   */
  coefficients(t: number, o: Resolved<O>, slots: Slots): readonly number[];
  /**
   * One step of one parameter: reads x and the gradient, writes x and the slots.
   *
   * @param l2 λ where it joins the gradient, else 0.
   * @param keep 1 − lr·λ where decay shrinks the value, else 1.
   * @param sign −1 to maximize, else 1.
   * @param coefficients What `coefficients` returned; a boolean is 0 or 1.
   */
  update(
    x: FloatArray,
    grad: FloatArray,
    l2: number,
    keep: number,
    sign: number,
    slots: Slots,
    coefficients: readonly number[],
  ): void;
}

/** The loops of this package as a backend runs them: `updateKernels(backend)` of `@rnnlab/optimizers/kernels`. */
export interface UpdateKernels {
  /** The same rule with its loop compiled, and its slots in the backend's memory. */
  rule<O extends OptimizerOptions>(rule: Rule<O>): Rule<O>;
  /** Σ aᵢ² over all arrays, in float64. */
  sumOfSquares(arrays: readonly FloatArray[]): number;
  /** a ← factor·a in every array. */
  scale(arrays: readonly FloatArray[], factor: number): void;
  /** a ← keep·a + (1 − keep)·x. */
  average(a: FloatArray, keep: number, x: FloatArray): void;
  /** `array`, or a copy of it in the backend's memory when `like`, of the same length, lies there. */
  place(array: FloatArray, like: FloatArray): FloatArray;
}

/** @throws {@link ConfigError} when `known` has no such key. */
export function checkKnown(what: string, key: string, known: object): void {
  if (!Object.hasOwn(known, key)) {
    throw new ConfigError(`${what} '${key}' is unknown, expected one of ${Object.keys(known)}.`);
  }
}

/** `options` over `base`, numbers and booleans, checked. @throws {@link ConfigError} for an unknown option or an impossible value. */
export function mergeOptions<O extends object>(where: string, base: O, options: object): O {
  const merged = { ...base } as Record<string, unknown>;
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined) continue;
    checkKnown(`${where}: option`, key, base);
    const usual = merged[key];
    const limit = /^(beta|rho|decay|factor)/.test(key) ? 1 : Infinity;
    expectOption(
      typeof value === typeof usual && value >= 0 && value < limit,
      `${where}: ${key}`,
      value,
      typeof usual === 'number' ? `a number in [0, ${limit})` : 'a boolean',
    );
    merged[key] = value;
  }
  return merged as O;
}

/** The defaults under a convention. @throws {@link ConfigError} when the framework lacks the optimizer. */
export function defaultsOf<O extends OptimizerOptions>(rule: Rule<O>, convention?: Convention): Resolved<O> {
  const { type, conventions, defaults } = rule;
  if (convention) checkKnown(`${type}: convention`, convention, conventions);
  return { ...defaults, ...conventions[convention!] } as Resolved<O>;
}
