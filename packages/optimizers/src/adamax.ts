/**
 * Adamax (Kingma & Ba 2015, section 7): Adam with the largest recent |g| in place of the root mean square.
 *
 *   m ← β₁·m + (1 − β₁)·g
 *   u ← max(β₂·u, |g| + ε)
 *   x ← x − lr/(1 − β₁ᵗ)·m / u
 *
 * Slots: m, u, in the shape of x.
 *
 * - PyTorch, optax: as above.
 * - Keras: u ← max(β₂·u, |g|), and ε beside u in the division (`epsilonInMax: false`); lr = 0.001, ε = 1e-7.
 *   Weight decay is decoupled.
 * - tfjs: as Keras, with lr/(1 + (t − 1)·decay) (`learningRateDecay`).
 */
import { Optimizer, type GroupInit } from './optimizer';
import { arrayLike, type OptimizerParameter } from './parameter';
import type { OptimizerOptions, Rule, SharedOptions } from './rule';

/** Options of {@link Adamax}. */
export interface AdamaxOptions extends OptimizerOptions {
  /** In [0, 1). Default 0.9. */
  beta1?: number;
  /** In [0, 1). Default 0.999. */
  beta2?: number;
  /** ε ≥ 0. Default 1e-8. */
  epsilon?: number;
  /** ε inside the maximum. Default true. */
  epsilonInMax?: boolean;
  /** lr is divided by 1 + (t − 1)·this. Default 0. */
  learningRateDecay?: number;
}

export const adamaxRule: Rule<AdamaxOptions> = {
  type: 'Adamax',
  defaults: {
    learningRate: 2e-3,
    weightDecay: 0,
    decoupledWeightDecay: false,
    maximize: false,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    epsilonInMax: true,
    learningRateDecay: 0,
  },
  conventions: {
    torch: {},
    keras: { learningRate: 1e-3, epsilon: 1e-7, epsilonInMax: false, decoupledWeightDecay: true },
    tfjs: { epsilon: 1e-7, epsilonInMax: false },
    optax: {},
  },
  slots: (_, x) => ({ m: arrayLike(x), u: arrayLike(x) }),
  coefficients(t, o) {
    const { learningRate: lr, beta1, beta2, epsilon, epsilonInMax, learningRateDecay } = o;
    const rate = lr / (1 + (t - 1) * learningRateDecay) / (1 - beta1 ** t);
    return [beta1, beta2, rate, epsilonInMax ? epsilon : 0, epsilonInMax ? 0 : epsilon];
  },
  update(x, grad, l2, keep, sign, slots, coefficients) {
    const { m, u } = slots;
    const [beta1, beta2, rate, inMax, beside] = coefficients;
    for (let i = 0; i < x.length; i++) {
      const g = sign * grad[i] + l2 * x[i];
      m[i] = beta1 * m[i] + (1 - beta1) * g;
      u[i] = Math.max(beta2 * u[i], Math.abs(g) + inMax);
      x[i] = keep * x[i] - (rate * m[i]) / (u[i] + beside);
    }
  },
};

/**
 * Adamax. See the header of this file.
 *
 * @example
 * ```ts
 * import { Adamax } from '@rnnlab/optimizers';
 *
 * const w = { value: Float64Array.of(1), grad: Float64Array.of(5) };
 * new Adamax([w], { learningRate: 0.1 }).step();
 * console.log(w.value[0].toFixed(4)); // 0.9000
 * ```
 */
export class Adamax extends Optimizer<AdamaxOptions> {
  constructor(
    parameters: Iterable<OptimizerParameter> | Iterable<GroupInit<AdamaxOptions>>,
    options?: AdamaxOptions & SharedOptions,
  ) {
    super(adamaxRule, parameters, options);
  }
}
