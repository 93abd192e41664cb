/**
 * Stochastic gradient descent (Robbins & Monro 1951), with momentum (Polyak 1964) and Nesterov's form of it
 * (Nesterov 1983; Sutskever, Martens, Dahl & Hinton 2013).
 *
 *   v ← μ·v + (1 − d)·g          d: dampening, 0 at the first step
 *   x ← x − lr·v                 or, nesterov: x ← x − lr·(g + μ·v)
 *
 * Without momentum, x ← x − lr·g and there is no slot. Slots: v, in the shape of x.
 *
 * - PyTorch: as above.
 * - Keras: the learning rate goes into the velocity, v ← μ·v + lr·g, x ← x − v; a change of lr then acts only on
 *   what comes after it. Weight decay is decoupled. No dampening.
 * - tfjs (`train.momentum`), optax (`sgd`): PyTorch's form, without dampening and weight decay.
 */
import { Optimizer, type GroupInit } from './optimizer';
import { arrayLike, type OptimizerParameter } from './parameter';
import type { OptimizerOptions, Rule, SharedOptions } from './rule';

/** Options of {@link SGD}. */
export interface SGDOptions extends OptimizerOptions {
  /** μ ≥ 0. Default 0. */
  momentum?: number;
  /** d ≥ 0. Default 0; 1 − μ makes v an average of gradients. */
  dampening?: number;
  /** Look ahead along the velocity. Default false. */
  nesterov?: boolean;
  /** Keras' form, lr inside v. Default false. */
  learningRateInVelocity?: boolean;
}

export const sgdRule: Rule<SGDOptions> = {
  type: 'SGD',
  defaults: {
    learningRate: 1e-3,
    weightDecay: 0,
    decoupledWeightDecay: false,
    maximize: false,
    momentum: 0,
    dampening: 0,
    nesterov: false,
    learningRateInVelocity: false,
  },
  conventions: {
    torch: {},
    keras: { learningRate: 0.01, learningRateInVelocity: true, decoupledWeightDecay: true },
    tfjs: {},
    optax: {},
  },
  slots: (o, x) => ({ ...(o.momentum && { v: arrayLike(x) }) }),
  coefficients(t, o) {
    const { learningRate: lr, momentum, dampening, nesterov } = o;
    const inside = o.learningRateInVelocity ? lr : 1;
    const outside = o.learningRateInVelocity ? 1 : lr;
    return [momentum, inside * (t > 1 ? 1 - dampening : 1), inside, outside, +nesterov];
  },
  update(x, grad, l2, keep, sign, slots, coefficients) {
    const { v } = slots;
    const [momentum, take, inside, outside, nesterov] = coefficients;
    for (let i = 0; i < x.length; i++) {
      const g = sign * grad[i] + l2 * x[i];
      let d = inside * g;
      if (momentum) {
        v[i] = momentum * v[i] + take * g;
        d = nesterov ? d + momentum * v[i] : v[i];
      }
      x[i] = keep * x[i] - outside * d;
    }
  },
};

/**
 * Stochastic gradient descent. See the header of this file.
 *
 * @example
 * ```ts
 * import { SGD } from '@rnnlab/optimizers';
 *
 * const w = { value: Float64Array.of(3), grad: new Float64Array(1) };
 * const optimizer = new SGD([w], { learningRate: 0.1, momentum: 0.9, nesterov: true });
 * for (let step = 0; step < 200; step++) {
 *   w.grad[0] = 2 * w.value[0]; // the gradient of w²
 *   optimizer.step();
 * }
 * console.log(Math.abs(w.value[0]) < 1e-3); // true
 * ```
 */
export class SGD extends Optimizer<SGDOptions> {
  constructor(
    parameters: Iterable<OptimizerParameter> | Iterable<GroupInit<SGDOptions>>,
    options?: SGDOptions & SharedOptions,
  ) {
    super(sgdRule, parameters, options);
  }
}
