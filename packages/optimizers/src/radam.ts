/**
 * RAdam (Liu et al. 2020): Adam that waits with its division until √v̂ rests on enough gradients, which does the
 * work of a warm-up.
 *
 *   m ← β₁·m + (1 − β₁)·g,   m̂ = m/(1 − β₁ᵗ)
 *   v ← β₂·v + (1 − β₂)·g²,  v̂ = v/(1 − β₂ᵗ)
 *   ρ∞ = 2/(1 − β₂) − 1,     ρ = ρ∞ − 2t·β₂ᵗ/(1 − β₂ᵗ)          the length of the average, at the end and now
 *   r  = √( (ρ − 4)(ρ − 2)·ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)·ρ) )
 *   x ← x − lr·r·m̂·√(1 − β₂ᵗ)/(√v + ε)      when ρ > 5
 *   x ← x − lr·m̂                             before
 *
 * Slots: m, v, in the shape of x.
 *
 * - PyTorch: as above, ε in the ε̂ form.
 * - optax: r·m̂ / (√(v̂ + ε_root) + ε) (`epsilonHat: false`, `epsilonRoot`), lr = 0.001, from ρ ≥ 5 on.
 * - Keras, tfjs: none.
 */
import { Optimizer, type GroupInit } from './optimizer';
import { arrayLike, type OptimizerParameter } from './parameter';
import type { OptimizerOptions, Rule, SharedOptions } from './rule';

/** Options of {@link RAdam}. */
export interface RAdamOptions extends OptimizerOptions {
  /** In [0, 1). Default 0.9. */
  beta1?: number;
  /** In [0, 1). Default 0.999. */
  beta2?: number;
  /** ε ≥ 0. Default 1e-8. */
  epsilon?: number;
  /** What stands under the root, ≥ 0. Default 0. */
  epsilonRoot?: number;
  /** ε beside √v instead of √v̂. Default true. */
  epsilonHat?: boolean;
  /** The ρ from which the division is used. Default 5. */
  threshold?: number;
}

export const radamRule: Rule<RAdamOptions> = {
  type: 'RAdam',
  defaults: {
    learningRate: 1e-3,
    weightDecay: 0,
    decoupledWeightDecay: false,
    maximize: false,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    epsilonRoot: 0,
    epsilonHat: true,
    threshold: 5,
  },
  conventions: { torch: {}, optax: { epsilonHat: false } },
  slots: (_, x) => ({ m: arrayLike(x), v: arrayLike(x) }),
  coefficients(t, o) {
    const { learningRate: lr, beta1, beta2, epsilonRoot, threshold } = o;
    const c2 = 1 - beta2 ** t;
    const epsilon = o.epsilon / (o.epsilonHat ? Math.sqrt(c2) : 1); // √v + ε̂ = √c₂·(√v̂ + ε̂/√c₂)
    const rhoEnd = 2 / (1 - beta2) - 1;
    const rho = rhoEnd - (2 * t * beta2 ** t) / c2;
    const divide = rho > threshold;
    const r = divide ? Math.sqrt(((rho - 4) * (rho - 2) * rhoEnd) / ((rhoEnd - 4) * (rhoEnd - 2) * rho)) : 1;
    return [beta1, beta2, (lr * r) / (1 - beta1 ** t), c2, epsilonRoot, epsilon, +divide];
  },
  update(x, grad, l2, keep, sign, slots, coefficients) {
    const { m, v } = slots;
    const [beta1, beta2, rate, c2, epsilonRoot, epsilon, divide] = coefficients;
    for (let i = 0; i < x.length; i++) {
      const g = sign * grad[i] + l2 * x[i];
      m[i] = beta1 * m[i] + (1 - beta1) * g;
      v[i] = beta2 * v[i] + (1 - beta2) * g * g;
      x[i] = keep * x[i] - (rate * m[i]) / (divide ? Math.sqrt(v[i] / c2 + epsilonRoot) + epsilon : 1);
    }
  },
};

/**
 * RAdam. See the header of this file.
 *
 * @example
 * ```ts
 * import { RAdam } from '@rnnlab/optimizers';
 *
 * const w = { value: Float64Array.of(1), grad: Float64Array.of(5) };
 * new RAdam([w], { learningRate: 0.1 }).step();
 * console.log(w.value[0].toFixed(4)); // 0.5000: the first steps are plain momentum
 * ```
 */
export class RAdam extends Optimizer<RAdamOptions> {
  constructor(
    parameters: Iterable<OptimizerParameter> | Iterable<GroupInit<RAdamOptions>>,
    options?: RAdamOptions & SharedOptions,
  ) {
    super(radamRule, parameters, options);
  }
}
