/**
 * Rprop (Riedmiller & Braun 1993; this form, which drops the gradient after a sign change, is iRprop− of Igel & Hüsken
 * 2000): each element has its own step length, grown while the sign of its gradient stays and cut when it flips. Only
 * signs are used, so it wants full-batch gradients: on mini-batches signs flip by chance.
 *
 *   c = sign(g·p)                               p: the gradient before, 0 at first
 *   h ← clamp(h·(η⁺ if c > 0, η⁻ if c < 0, else 1), hMin, hMax)          h starts at lr
 *   g ← 0 if c < 0
 *   x ← x − h·sign(g),   p ← g
 *
 * The learning rate is read at a parameter's first step only. Slots: p, h, in the shape of x.
 *
 * - PyTorch: as above, without weight decay.
 * - optax 0.2.8: moves by what the step before decided, and not at all where the sign flips now; so nothing moves at
 *   the first step (`delayed`, p then holds h·sign(g)). Reproduced as it is.
 * - Keras, tfjs: none.
 */
import { Optimizer, type GroupInit } from './optimizer';
import { arrayLike, type OptimizerParameter } from './parameter';
import type { OptimizerOptions, Rule, SharedOptions } from './rule';

/** Options of {@link Rprop}. */
export interface RpropOptions extends OptimizerOptions {
  /** η⁻, below 1. Default 0.5. */
  etaMinus?: number;
  /** η⁺, above 1. Default 1.2. */
  etaPlus?: number;
  /** hMin. Default 1e-6. */
  minStep?: number;
  /** hMax. Default 50. */
  maxStep?: number;
  /** optax' order: move by the step decided one step before. Default false. */
  delayed?: boolean;
}

export const rpropRule: Rule<RpropOptions> = {
  type: 'Rprop',
  defaults: {
    learningRate: 0.01,
    weightDecay: 0,
    decoupledWeightDecay: false,
    maximize: false,
    etaMinus: 0.5,
    etaPlus: 1.2,
    minStep: 1e-6,
    maxStep: 50,
    delayed: false,
  },
  conventions: { torch: {}, optax: { delayed: true } },
  slots: (_, x) => ({ p: arrayLike(x), h: arrayLike(x) }),
  coefficients(t, o, { h }) {
    const { learningRate: lr, etaMinus, etaPlus, minStep, maxStep, delayed } = o;
    if (t === 1) h.fill(lr);
    return [etaMinus, etaPlus, minStep, maxStep, +delayed];
  },
  update(x, grad, l2, keep, sign, slots, coefficients) {
    const { p, h } = slots;
    const [etaMinus, etaPlus, minStep, maxStep, delayed] = coefficients;
    for (let i = 0; i < x.length; i++) {
      const g = sign * grad[i] + l2 * x[i];
      const c = Math.sign(g) * Math.sign(p[i]); // a product of tiny gradients would vanish
      const factor = c > 0 ? etaPlus : c < 0 ? etaMinus : 1;
      h[i] = Math.min(Math.max(h[i] * factor, minStep), maxStep);
      const decided = c < 0 ? 0 : h[i] * Math.sign(g);
      const move = delayed ? (c < 0 ? 0 : p[i]) : decided;
      p[i] = delayed ? decided : c < 0 ? 0 : g;
      x[i] = keep * x[i] - move;
    }
  },
};

/**
 * Rprop. See the header of this file.
 *
 * @example
 * ```ts
 * import { Rprop } from '@rnnlab/optimizers';
 *
 * const w = { value: Float64Array.of(1), grad: Float64Array.of(5) };
 * new Rprop([w], { learningRate: 0.1 }).step();
 * console.log(w.value[0].toFixed(4)); // 0.9000
 * ```
 */
export class Rprop extends Optimizer<RpropOptions> {
  constructor(
    parameters: Iterable<OptimizerParameter> | Iterable<GroupInit<RpropOptions>>,
    options?: RpropOptions & SharedOptions,
  ) {
    super(rpropRule, parameters, options);
  }
}
