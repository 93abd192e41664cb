/**
 * Adam (Kingma & Ba 2015): steps of the size lr, along the averaged gradient, divided in every element by the
 * root of its averaged square.
 *
 *   m ← β₁·m + (1 − β₁)·g        m̂ = m / (1 − β₁ᵗ)
 *   v ← β₂·v + (1 − β₂)·g²       v̂ = v / (1 − β₂ᵗ)
 *   x ← x − lr·m̂ / (√v̂ + ε)
 *
 * amsgrad (Reddi, Kale & Kumar 2018) takes the largest v so far in place of v.
 * Slots: m, v, and vMax with amsgrad, in the shape of x.
 *
 * - PyTorch, tfjs: as above (tfjs: ε = 1e-7).
 * - Keras: the ε̂ form of the paper's section 2, lr·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·m / (√v + ε̂), so that ε counts more in
 *   early steps (`epsilonHat`); ε = 1e-7. Weight decay is decoupled.
 * - optax: √(v̂ + ε_root) + ε (`epsilonRoot`). Its amsgrad takes the maximum over v̂, not v (`maxOfCorrected`).
 * - ONNX: `epsilonHat`, and no correction at its step 0 (`biasCorrection: false`).
 */
import { Optimizer, type GroupInit } from './optimizer';
import { arrayLike, type OptimizerParameter } from './parameter';
import type { OptimizerOptions, Rule, SharedOptions } from './rule';

/** Options of {@link Adam}, {@link AMSGrad} and {@link AdamW}. */
export interface AdamOptions extends OptimizerOptions {
  /** In [0, 1). Default 0.9. */
  beta1?: number;
  /** In [0, 1). Default 0.999. */
  beta2?: number;
  /** ε ≥ 0. Default 1e-8. */
  epsilon?: number;
  /** What stands under the root, ≥ 0. Default 0. */
  epsilonRoot?: number;
  /** ε beside √v instead of √v̂. Default false. */
  epsilonHat?: boolean;
  /** Divide by the largest v so far. Default false. */
  amsgrad?: boolean;
  /** The largest v̂ instead of the largest v. Default false. */
  maxOfCorrected?: boolean;
  /** Default true; without it, m̂ = m and v̂ = v. */
  biasCorrection?: boolean;
}

export const adamRule: Rule<AdamOptions> = {
  type: 'Adam',
  defaults: {
    learningRate: 1e-3,
    weightDecay: 0,
    decoupledWeightDecay: false,
    maximize: false,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    epsilonRoot: 0,
    epsilonHat: false,
    amsgrad: false,
    maxOfCorrected: false,
    biasCorrection: true,
  },
  conventions: {
    torch: {},
    keras: { epsilon: 1e-7, epsilonHat: true, decoupledWeightDecay: true },
    tfjs: { epsilon: 1e-7 },
    optax: { maxOfCorrected: true },
  },
  slots: (o, x) => ({ m: arrayLike(x), v: arrayLike(x), ...(o.amsgrad && { vMax: arrayLike(x) }) }),
  coefficients(t, o) {
    const { learningRate: lr, beta1, beta2, epsilonRoot } = o;
    const age = o.biasCorrection ? t : Infinity; // β^∞ = 0
    const c2 = 1 - beta2 ** age;
    const cMax = o.amsgrad && o.maxOfCorrected ? c2 : 1; // v is divided by it before the maximum, by c after it
    const epsilon = o.epsilon / (o.epsilonHat ? Math.sqrt(c2) : 1); // √v + ε̂ = √c₂·(√v̂ + ε̂/√c₂)
    return [beta1, beta2, lr / (1 - beta1 ** age), c2 / cMax, epsilonRoot, epsilon, cMax];
  },
  update(x, grad, l2, keep, sign, slots, coefficients) {
    const { m, v, vMax } = slots;
    const [beta1, beta2, rate, c, epsilonRoot, epsilon, cMax] = coefficients;
    for (let i = 0; i < x.length; i++) {
      const g = sign * grad[i] + l2 * x[i];
      m[i] = beta1 * m[i] + (1 - beta1) * g;
      v[i] = beta2 * v[i] + (1 - beta2) * g * g;
    }
    // Loops of their own: with the choice inside, one takes twice as long.
    if (vMax) for (let i = 0; i < x.length; i++) vMax[i] = Math.max(vMax[i], v[i] / cMax);
    const divisor = vMax ?? v;
    for (let i = 0; i < x.length; i++) {
      x[i] = keep * x[i] - (rate * m[i]) / (Math.sqrt(divisor[i] / c + epsilonRoot) + epsilon);
    }
  },
};

/**
 * Adam. See the header of this file.
 *
 * @example
 * ```ts
 * import { Adam } from '@rnnlab/optimizers';
 *
 * const w = { value: Float32Array.of(3, -2), grad: new Float32Array(2) };
 * const optimizer = new Adam([w], { learningRate: 0.1 });
 * w.grad.set([100, -0.01]);
 * optimizer.step();
 * console.log(w.value[0].toFixed(2), w.value[1].toFixed(2)); // 2.90 -1.90: the first step has the size lr
 * ```
 */
export class Adam extends Optimizer<AdamOptions> {
  constructor(
    parameters: Iterable<OptimizerParameter> | Iterable<GroupInit<AdamOptions>>,
    options?: AdamOptions & SharedOptions,
  ) {
    super(adamRule, parameters, options);
  }
}
