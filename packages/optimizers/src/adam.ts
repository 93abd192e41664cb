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
  update(x, grad, l2, keep, sign, t, { m, v, vMax }, o) {
    const { learningRate: lr, beta1, beta2, amsgrad, epsilonRoot } = o;
    const age = o.biasCorrection ? t : Infinity; // β^∞ = 0
    const c1 = 1 - beta1 ** age;
    const c2 = 1 - beta2 ** age;
    const cMax = o.maxOfCorrected ? c2 : 1; // v is divided by cMax before the maximum, by c₂/cMax after it
    const rate = lr / c1;
    const epsilon = o.epsilon / (o.epsilonHat ? Math.sqrt(c2) : 1); // √v + ε̂ = √c₂·(√v̂ + ε̂/√c₂)
    if (!amsgrad) {
      // A loop of its own: with the choice inside, it takes twice as long.
      for (let i = 0; i < x.length; i++) {
        const g = sign * grad[i] + l2 * x[i];
        m[i] = beta1 * m[i] + (1 - beta1) * g;
        v[i] = beta2 * v[i] + (1 - beta2) * g * g;
        x[i] = keep * x[i] - (rate * m[i]) / (Math.sqrt(v[i] / c2 + epsilonRoot) + epsilon);
      }
      return;
    }
    for (let i = 0; i < x.length; i++) {
      const g = sign * grad[i] + l2 * x[i];
      m[i] = beta1 * m[i] + (1 - beta1) * g;
      v[i] = beta2 * v[i] + (1 - beta2) * g * g;
      vMax[i] = Math.max(vMax[i], v[i] / cMax);
      const vHat = (vMax[i] / c2) * cMax;
      x[i] = keep * x[i] - (rate * m[i]) / (Math.sqrt(vHat + epsilonRoot) + epsilon);
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
