/**
 * AMSGrad (Reddi, Kale & Kumar 2018): Adam whose divisor never shrinks, so that a rare large gradient is not
 * forgotten and the effective rate of an element only falls.
 *
 *   m, v as in adam.ts
 *   vMax ← max(vMax, v)
 *   x ← x − lr·m̂ / (√(vMax / (1 − β₂ᵗ)) + ε)
 *
 * Slots: m, v, vMax, in the shape of x.
 *
 * - PyTorch, Keras: `Adam` with amsgrad, as above, Keras in its ε̂ form.
 * - optax: vMax ← max(vMax, v̂), and √vMax as it is (`maxOfCorrected`).
 * - tfjs: none.
 */
import { adamRule, type AdamOptions } from './adam';
import { Optimizer, type GroupInit } from './optimizer';
import type { OptimizerParameter } from './parameter';
import type { SharedOptions } from './rule';

/**
 * AMSGrad. See the header of this file.
 *
 * @example
 * ```ts
 * import { AMSGrad } from '@rnnlab/optimizers';
 *
 * const w = { value: Float64Array.of(1), grad: Float64Array.of(5) };
 * new AMSGrad([w], { learningRate: 0.1 }).step();
 * console.log(w.value[0].toFixed(4)); // 0.9000
 * ```
 */
export class AMSGrad extends Optimizer<AdamOptions> {
  constructor(
    parameters: Iterable<OptimizerParameter> | Iterable<GroupInit<AdamOptions>>,
    options?: AdamOptions & SharedOptions,
  ) {
    const { torch, keras, optax } = adamRule.conventions;
    super(
      {
        ...adamRule,
        type: 'AMSGrad',
        conventions: { torch, keras, optax },
        defaults: { ...adamRule.defaults, amsgrad: true },
      },
      parameters,
      options,
    );
  }
}
