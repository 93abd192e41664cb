/**
 * RMSProp (Tieleman & Hinton 2012, lecture 6e), with the centered form and the momentum of Graves (2013).
 *
 *   v ← ρ·v + (1 − ρ)·g²
 *   a ← ρ·a + (1 − ρ)·g                      centered only
 *   d = g / (√(v − a²) + ε)                  a = 0 unless centered
 *   b ← μ·b + d,   x ← x − lr·b              without momentum x ← x − lr·d
 *
 * Slots: v; a when centered; b with momentum; in the shape of x.
 *
 * - PyTorch: as above, ρ called alpha. v − a² is a variance; where rounding makes it negative PyTorch gives NaN,
 *   here it counts as 0.
 * - Keras: ε under the root, √(v − a² + ε) (`epsilonInRoot`), and lr inside b (`learningRateInVelocity`);
 *   ρ = 0.9, ε = 1e-7. Weight decay is decoupled.
 * - tfjs: as Keras, but centered with √(v − a² − ε): a sign error (`centeredSubtractsEpsilon`), NaN for any element
 *   whose gradients vary by less than √ε, such as one that is always 0. Reproduced as it is.
 * - optax: as Keras with ε = 1e-8; `epsilonInRoot: false`, `nesterov`, `biasCorrection` (of v and a) are its options.
 */
import { Optimizer, type GroupInit } from './optimizer';
import { arrayLike, type OptimizerParameter } from './parameter';
import type { OptimizerOptions, Rule, SharedOptions } from './rule';

/** Options of {@link RMSProp}. */
export interface RMSPropOptions extends OptimizerOptions {
  /** In [0, 1). Default 0.99. */
  rho?: number;
  /** ε ≥ 0. Default 1e-8. */
  epsilon?: number;
  /** μ ≥ 0. Default 0. */
  momentum?: number;
  /** Divide by the deviation instead of the root mean square. Default false. */
  centered?: boolean;
  /** Look ahead along b. Default false. */
  nesterov?: boolean;
  /** √(v + ε) instead of √v + ε. Default false. */
  epsilonInRoot?: boolean;
  /** lr inside b. Default false. */
  learningRateInVelocity?: boolean;
  /** Divide v and a by 1 − ρᵗ. Default false. */
  biasCorrection?: boolean;
  /** What v starts at, ≥ 0. Default 0. */
  initialScale?: number;
  /** tfjs' √(v − a² − ε), with `epsilonInRoot`. Default false. */
  centeredSubtractsEpsilon?: boolean;
}

export const rmsPropRule: Rule<RMSPropOptions> = {
  type: 'RMSProp',
  defaults: {
    learningRate: 0.01,
    weightDecay: 0,
    decoupledWeightDecay: false,
    maximize: false,
    rho: 0.99,
    epsilon: 1e-8,
    momentum: 0,
    centered: false,
    nesterov: false,
    epsilonInRoot: false,
    learningRateInVelocity: false,
    biasCorrection: false,
    initialScale: 0,
    centeredSubtractsEpsilon: false,
  },
  conventions: {
    torch: {},
    keras: {
      learningRate: 1e-3,
      rho: 0.9,
      epsilon: 1e-7,
      epsilonInRoot: true,
      learningRateInVelocity: true,
      decoupledWeightDecay: true,
    },
    tfjs: {
      rho: 0.9,
      epsilon: 1e-7,
      epsilonInRoot: true,
      learningRateInVelocity: true,
      centeredSubtractsEpsilon: true,
    },
    optax: { rho: 0.9, epsilonInRoot: true, learningRateInVelocity: true },
  },
  slots: (o, x) => ({
    v: arrayLike(x, o.initialScale),
    ...(o.centered && { a: arrayLike(x) }),
    ...(o.momentum && { b: arrayLike(x) }),
  }),
  coefficients(t, o) {
    const { learningRate: lr, rho, epsilon } = o;
    const c = o.biasCorrection ? 1 - rho ** t : 1;
    const inside = o.learningRateInVelocity ? lr : 1;
    const outside = o.learningRateInVelocity ? 1 : lr;
    const wrong = o.centered && o.centeredSubtractsEpsilon;
    const inRoot = o.epsilonInRoot ? (wrong ? -epsilon : epsilon) : 0;
    const beside = o.epsilonInRoot ? 0 : epsilon;
    return [rho, c, inside, outside, inRoot, beside, o.momentum, +o.nesterov];
  },
  update(x, grad, l2, keep, sign, slots, coefficients) {
    const { v, a, b } = slots;
    const [rho, c, inside, outside, inRoot, beside, momentum, nesterov] = coefficients;
    for (let i = 0; i < x.length; i++) {
      const g = sign * grad[i] + l2 * x[i];
      v[i] = rho * v[i] + (1 - rho) * g * g;
      let variance = v[i] / c;
      if (a) {
        a[i] = rho * a[i] + (1 - rho) * g;
        variance -= (a[i] / c) ** 2;
      }
      let d = (inside * g) / (Math.sqrt(Math.max(variance, 0) + inRoot) + beside);
      if (b) {
        b[i] = momentum * b[i] + d;
        d = nesterov ? d + momentum * b[i] : b[i];
      }
      x[i] = keep * x[i] - outside * d;
    }
  },
};

/**
 * RMSProp. See the header of this file.
 *
 * @example
 * ```ts
 * import { RMSProp } from '@rnnlab/optimizers';
 *
 * const w = { value: Float32Array.of(1), grad: Float32Array.of(0.5) };
 * new RMSProp([w], { learningRate: 0.01, convention: 'keras' }).step();
 * console.log(w.value[0].toFixed(4)); // 0.9684
 * ```
 */
export class RMSProp extends Optimizer<RMSPropOptions> {
  constructor(
    parameters: Iterable<OptimizerParameter> | Iterable<GroupInit<RMSPropOptions>>,
    options?: RMSPropOptions & SharedOptions,
  ) {
    super(rmsPropRule, parameters, options);
  }
}
