/**
 * Gradient descent with momentum: another name for {@link SGD} with μ = 0.9, since lessons often list it as an
 * optimizer of its own (tfjs does too: `train.momentum`). Its state is an SGD state and the other way round.
 *
 *   v ← μ·v + g,   x ← x − lr·v
 *
 * Lessons that write v ← β·v + (1 − β)·g, an average of gradients, want `dampening: 1 − β` (whose first step,
 * v = g, is not averaged with zero) or, with v from zero, lr·(1 − β) in place of lr. What the frameworks do
 * differently is in sgd.ts.
 */
import { Optimizer, type GroupInit } from './optimizer';
import type { OptimizerParameter } from './parameter';
import type { SharedOptions } from './rule';
import { sgdRule, type SGDOptions } from './sgd';

/** SGD with μ = 0.9. See the header of this file. */
export class Momentum extends Optimizer<SGDOptions> {
  constructor(
    parameters: Iterable<OptimizerParameter> | Iterable<GroupInit<SGDOptions>>,
    options?: SGDOptions & SharedOptions,
  ) {
    super({ ...sgdRule, defaults: { ...sgdRule.defaults, momentum: 0.9 } }, parameters, options);
  }
}
