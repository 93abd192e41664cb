/**
 * Lion (Chen et al. 2023, "Symbolic discovery of optimization algorithms"): every element moves by exactly lr, in the
 * direction of an averaged gradient in which the newest counts more than in the average that is kept.
 *
 *   x ← (1 − lr·λ)·x
 *   x ← x − lr·sign(β₁·m + (1 − β₁)·g)
 *   m ← β₂·m + (1 − β₂)·g
 *
 * Steps of one size want a learning rate 3 to 10 times smaller than Adam's, and a λ as much larger.
 * β₁ = β₂ = 0 is sign descent. Slots: m, in the shape of x.
 *
 * - PyTorch, tfjs: none; the defaults are the paper's, λ = 0.
 * - Keras: lr = 0.001.
 * - optax: λ = 1e-3; it has no default lr.
 */
import { Optimizer, type GroupInit } from './optimizer';
import { arrayLike, type OptimizerParameter } from './parameter';
import type { OptimizerOptions, Rule, SharedOptions } from './rule';

/** Options of {@link Lion}. */
export interface LionOptions extends OptimizerOptions {
  /** In [0, 1). Default 0.9. */
  beta1?: number;
  /** In [0, 1). Default 0.99. */
  beta2?: number;
}

export const lionRule: Rule<LionOptions> = {
  type: 'Lion',
  defaults: {
    learningRate: 1e-4,
    weightDecay: 0,
    decoupledWeightDecay: true,
    maximize: false,
    beta1: 0.9,
    beta2: 0.99,
  },
  conventions: { keras: { learningRate: 1e-3 }, optax: { weightDecay: 1e-3 } },
  slots: (_, x) => ({ m: arrayLike(x) }),
  coefficients(_, o) {
    const { learningRate: lr, beta1, beta2 } = o;
    return [lr, beta1, beta2];
  },
  update(x, grad, l2, keep, sign, slots, coefficients) {
    const { m } = slots;
    const [lr, beta1, beta2] = coefficients;
    for (let i = 0; i < x.length; i++) {
      const g = sign * grad[i] + l2 * x[i];
      x[i] = keep * x[i] - lr * Math.sign(beta1 * m[i] + (1 - beta1) * g);
      m[i] = beta2 * m[i] + (1 - beta2) * g;
    }
  },
};

/**
 * Lion. See the header of this file.
 *
 * @example
 * ```ts
 * import { Lion } from '@rnnlab/optimizers';
 *
 * const w = { value: Float64Array.of(1), grad: Float64Array.of(5) };
 * new Lion([w], { learningRate: 0.1 }).step();
 * console.log(w.value[0].toFixed(4)); // 0.9000
 * ```
 */
export class Lion extends Optimizer<LionOptions> {
  constructor(
    parameters: Iterable<OptimizerParameter> | Iterable<GroupInit<LionOptions>>,
    options?: LionOptions & SharedOptions,
  ) {
    super(lionRule, parameters, options);
  }
}
