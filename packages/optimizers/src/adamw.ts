/**
 * AdamW (Loshchilov & Hutter 2019): Adam with decoupled weight decay. Decay that joins the gradient is divided by
 * √v̂ like all of it, so weights with large gradients would hardly decay; here all shrink at the same rate.
 *
 *   x ← (1 − lr·λ)·x
 *   x ← x − lr·m̂ / (√v̂ + ε)       m̂, v̂ as in adam.ts
 *
 * Slots: m, v, in the shape of x.
 *
 * - PyTorch: λ = 0.01.
 * - Keras: λ = 0.004, in the ε̂ form.
 * - optax: λ = 1e-4.
 * - tfjs: none.
 */
import { adamRule, type AdamOptions } from './adam';
import { Optimizer, type GroupInit } from './optimizer';
import type { OptimizerParameter } from './parameter';
import type { SharedOptions } from './rule';

/**
 * Adam with decoupled weight decay. See the header of this file.
 *
 * @example
 * ```ts
 * import { AdamW } from '@rnnlab/optimizers';
 *
 * const w = { value: Float64Array.of(1), grad: Float64Array.of(5) };
 * new AdamW([w], { learningRate: 0.1, weightDecay: 0.5 }).step();
 * console.log(w.value[0].toFixed(4)); // 0.8500
 * ```
 */
export class AdamW extends Optimizer<AdamOptions> {
  constructor(
    parameters: Iterable<OptimizerParameter> | Iterable<GroupInit<AdamOptions>>,
    options?: AdamOptions & SharedOptions,
  ) {
    const { torch, keras, optax } = adamRule.conventions;
    super(
      {
        ...adamRule,
        type: 'AdamW',
        conventions: {
          torch,
          keras: { ...keras, weightDecay: 0.004 },
          optax: { ...optax, weightDecay: 1e-4 },
        },
        defaults: { ...adamRule.defaults, weightDecay: 0.01, decoupledWeightDecay: true },
      },
      parameters,
      options,
    );
  }
}
