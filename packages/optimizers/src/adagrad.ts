/**
 * Adagrad (Duchi, Hazan & Singer 2011): each element's rate falls with the gradients it has seen, so rare features
 * keep taking large steps.
 *
 *   s ← s + g²                              s starts at s₀
 *   x ← x − lr/(1 + (t − 1)·δ)·g / (√s + ε)
 *
 * Slots: s, in the shape of x.
 *
 * - PyTorch, ONNX: as above, s₀ = 0, ε = 1e-10; δ is `learningRateDecay`.
 * - Keras, optax: ε under the root, √(s + ε) (`epsilonInRoot`), s₀ = 0.1, ε = 1e-7; Keras: lr = 0.001, decoupled
 *   weight decay.
 * - tfjs: as Keras, without decay.
 */
import { Optimizer, type GroupInit } from './optimizer';
import { arrayLike, type OptimizerParameter } from './parameter';
import type { OptimizerOptions, Rule, SharedOptions } from './rule';

/** Options of {@link Adagrad}. */
export interface AdagradOptions extends OptimizerOptions {
  /** ε ≥ 0. Default 1e-10. */
  epsilon?: number;
  /** √(s + ε) instead of √s + ε. Default false. */
  epsilonInRoot?: boolean;
  /** s₀ ≥ 0. Default 0. */
  initialAccumulator?: number;
  /** δ ≥ 0. Default 0. */
  learningRateDecay?: number;
}

export const adagradRule: Rule<AdagradOptions> = {
  type: 'Adagrad',
  defaults: {
    learningRate: 0.01,
    weightDecay: 0,
    decoupledWeightDecay: false,
    maximize: false,
    epsilon: 1e-10,
    epsilonInRoot: false,
    initialAccumulator: 0,
    learningRateDecay: 0,
  },
  conventions: {
    torch: {},
    keras: {
      learningRate: 1e-3,
      epsilon: 1e-7,
      epsilonInRoot: true,
      initialAccumulator: 0.1,
      decoupledWeightDecay: true,
    },
    tfjs: { epsilon: 1e-7, epsilonInRoot: true, initialAccumulator: 0.1 },
    optax: { epsilon: 1e-7, epsilonInRoot: true, initialAccumulator: 0.1 },
  },
  slots: (o, x) => ({ s: arrayLike(x, o.initialAccumulator) }),
  coefficients(t, o) {
    const { learningRate: lr, epsilon, epsilonInRoot, learningRateDecay } = o;
    const rate = lr / (1 + (t - 1) * learningRateDecay);
    return [rate, epsilonInRoot ? epsilon : 0, epsilonInRoot ? 0 : epsilon];
  },
  update(x, grad, l2, keep, sign, slots, coefficients) {
    const { s } = slots;
    const [rate, inRoot, beside] = coefficients;
    for (let i = 0; i < x.length; i++) {
      const g = sign * grad[i] + l2 * x[i];
      s[i] += g * g;
      x[i] = keep * x[i] - (rate * g) / (Math.sqrt(s[i] + inRoot) + beside);
    }
  },
};

/**
 * Adagrad. See the header of this file.
 *
 * @example
 * ```ts
 * import { Adagrad } from '@rnnlab/optimizers';
 *
 * const w = { value: Float64Array.of(1), grad: Float64Array.of(5) };
 * new Adagrad([w], { learningRate: 0.1 }).step();
 * console.log(w.value[0].toFixed(4)); // 0.9000
 * ```
 */
export class Adagrad extends Optimizer<AdagradOptions> {
  constructor(
    parameters: Iterable<OptimizerParameter> | Iterable<GroupInit<AdagradOptions>>,
    options?: AdagradOptions & SharedOptions,
  ) {
    super(adagradRule, parameters, options);
  }
}
