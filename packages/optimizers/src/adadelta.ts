/**
 * Adadelta (Zeiler 2012): RMSProp whose learning rate is the root mean square of its own past steps, so that a step
 * has the units of x.
 *
 *   v ← ρ·v + (1 − ρ)·g²
 *   δ = √(u + ε)/√(v + ε)·g
 *   u ← ρ·u + (1 − ρ)·δ²
 *   x ← x − lr·δ
 *
 * Slots: v, u, in the shape of x.
 *
 * - PyTorch, optax: as above, lr = 1, ρ = 0.9, ε = 1e-6.
 * - Keras: lr = 0.001, ρ = 0.95, ε = 1e-7. Weight decay is decoupled.
 * - tfjs: Keras' defaults, but δ is divided by the v from before this step (`previousAccumulator`), a slip that makes
 *   the first step √(u + ε)/√ε·g = g, whatever its size. Reproduced as it is.
 */
import { Optimizer, type GroupInit } from './optimizer';
import { arrayLike, type OptimizerParameter } from './parameter';
import type { OptimizerOptions, Rule, SharedOptions } from './rule';

/** Options of {@link Adadelta}. */
export interface AdadeltaOptions extends OptimizerOptions {
  /** In [0, 1). Default 0.9. */
  rho?: number;
  /** ε ≥ 0. Default 1e-6. */
  epsilon?: number;
  /** tfjs' order: divide by the v before this gradient. Default false. */
  previousAccumulator?: boolean;
}

export const adadeltaRule: Rule<AdadeltaOptions> = {
  type: 'Adadelta',
  defaults: {
    learningRate: 1,
    weightDecay: 0,
    decoupledWeightDecay: false,
    maximize: false,
    rho: 0.9,
    epsilon: 1e-6,
    previousAccumulator: false,
  },
  conventions: {
    torch: {},
    keras: { learningRate: 1e-3, rho: 0.95, epsilon: 1e-7, decoupledWeightDecay: true },
    tfjs: { learningRate: 1e-3, rho: 0.95, epsilon: 1e-7, previousAccumulator: true },
    optax: {},
  },
  slots: (_, x) => ({ v: arrayLike(x), u: arrayLike(x) }),
  coefficients(_, o) {
    const { learningRate: lr, rho, epsilon, previousAccumulator } = o;
    return [lr, rho, epsilon, +previousAccumulator];
  },
  update(x, grad, l2, keep, sign, slots, coefficients) {
    const { v, u } = slots;
    const [lr, rho, epsilon, previousAccumulator] = coefficients;
    for (let i = 0; i < x.length; i++) {
      const g = sign * grad[i] + l2 * x[i];
      const before = v[i];
      v[i] = rho * v[i] + (1 - rho) * g * g;
      const delta =
        (Math.sqrt(u[i] + epsilon) / Math.sqrt((previousAccumulator ? before : v[i]) + epsilon)) * g;
      u[i] = rho * u[i] + (1 - rho) * delta * delta;
      x[i] = keep * x[i] - lr * delta;
    }
  },
};

/**
 * Adadelta. See the header of this file.
 *
 * @example
 * ```ts
 * import { Adadelta } from '@rnnlab/optimizers';
 *
 * const w = { value: Float64Array.of(1), grad: Float64Array.of(5) };
 * new Adadelta([w], { epsilon: 0.01 }).step();
 * console.log(w.value[0].toFixed(4)); // 0.6844
 * ```
 */
export class Adadelta extends Optimizer<AdadeltaOptions> {
  constructor(
    parameters: Iterable<OptimizerParameter> | Iterable<GroupInit<AdadeltaOptions>>,
    options?: AdadeltaOptions & SharedOptions,
  ) {
    super(adadeltaRule, parameters, options);
  }
}
