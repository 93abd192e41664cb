/**
 * NAdam (Dozat 2016): Adam that looks ahead along its momentum as Nesterov's method does. The momentum grows with t.
 *
 *   μₜ = β₁·(1 − ½·0.96^(t·ψ))                     without schedule μₜ = β₁
 *   M  = μ₁·μ₂·…·μₜ
 *   m ← β₁·m + (1 − β₁)·g,   v ← β₂·v + (1 − β₂)·g²
 *   n  = μₜ₊₁·m/(1 − M·μₜ₊₁) + (1 − μₜ)·g/(1 − M)
 *   x ← x − lr·n / (√(v/(1 − β₂ᵗ)) + ε)
 *
 * Slots: m, v, in the shape of x; momentumProduct, M as one float64.
 *
 * - PyTorch: as above, ψ = 0.004.
 * - Keras: ψ = 1, as in the paper's code; lr = 0.001, ε = 1e-7. Weight decay is decoupled.
 * - optax: no schedule (`momentumSchedule: false`), lr = 0.001, and ε_root under the root (`epsilonRoot`).
 * - tfjs: none.
 */
import { Optimizer, type GroupInit } from './optimizer';
import { arrayLike, type OptimizerParameter } from './parameter';
import type { OptimizerOptions, Rule, SharedOptions } from './rule';

/** Options of {@link NAdam}. */
export interface NAdamOptions extends OptimizerOptions {
  /** In [0, 1). Default 0.9. */
  beta1?: number;
  /** In [0, 1). Default 0.999. */
  beta2?: number;
  /** ε ≥ 0. Default 1e-8. */
  epsilon?: number;
  /** What stands under the root, ≥ 0. Default 0. */
  epsilonRoot?: number;
  /** ψ ≥ 0. Default 0.004. */
  momentumDecay?: number;
  /** `false`: μₜ = β₁. Default true. */
  momentumSchedule?: boolean;
}

export const nadamRule: Rule<NAdamOptions> = {
  type: 'NAdam',
  defaults: {
    learningRate: 2e-3,
    weightDecay: 0,
    decoupledWeightDecay: false,
    maximize: false,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    epsilonRoot: 0,
    momentumDecay: 4e-3,
    momentumSchedule: true,
  },
  conventions: {
    torch: {},
    keras: { learningRate: 1e-3, epsilon: 1e-7, momentumDecay: 1, decoupledWeightDecay: true },
    optax: { learningRate: 1e-3, momentumSchedule: false },
  },
  slots: (_, x) => ({ m: arrayLike(x), v: arrayLike(x), momentumProduct: Float64Array.of(1) }),
  coefficients(t, o, { momentumProduct }) {
    const { learningRate: lr, beta1, beta2 } = o;
    const part = o.momentumSchedule ? 0.5 : 0;
    const mu = (t: number): number => beta1 * (1 - part * 0.96 ** (t * o.momentumDecay));
    const M = (momentumProduct[0] *= mu(t));
    const ofM = (lr * mu(t + 1)) / (1 - M * mu(t + 1));
    const ofG = (lr * (1 - mu(t))) / (1 - M);
    return [beta1, beta2, ofM, ofG, 1 - beta2 ** t, o.epsilonRoot, o.epsilon];
  },
  update(x, grad, l2, keep, sign, slots, coefficients) {
    const { m, v } = slots;
    const [beta1, beta2, ofM, ofG, c2, epsilonRoot, epsilon] = coefficients;
    for (let i = 0; i < x.length; i++) {
      const g = sign * grad[i] + l2 * x[i];
      m[i] = beta1 * m[i] + (1 - beta1) * g;
      v[i] = beta2 * v[i] + (1 - beta2) * g * g;
      x[i] = keep * x[i] - (ofM * m[i] + ofG * g) / (Math.sqrt(v[i] / c2 + epsilonRoot) + epsilon);
    }
  },
};

/**
 * NAdam. See the header of this file.
 *
 * @example
 * ```ts
 * import { NAdam } from '@rnnlab/optimizers';
 *
 * const w = { value: Float64Array.of(1), grad: Float64Array.of(5) };
 * new NAdam([w], { learningRate: 0.1, momentumSchedule: false }).step();
 * console.log(w.value[0].toFixed(4)); // 0.8526
 * ```
 */
export class NAdam extends Optimizer<NAdamOptions> {
  constructor(
    parameters: Iterable<OptimizerParameter> | Iterable<GroupInit<NAdamOptions>>,
    options?: NAdamOptions & SharedOptions,
  ) {
    super(nadamRule, parameters, options);
  }
}
