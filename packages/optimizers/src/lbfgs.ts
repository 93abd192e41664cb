/**
 * L-BFGS (Liu & Nocedal 1989): a quasi-Newton method. From the last k changes of x and of the gradient it knows how
 * steep the loss is curved in the directions it went, and steps along −H·g, where H approximates the inverse of the
 * second derivatives. For smooth full-batch losses with few parameters; noise breaks its curvature.
 *
 *   s = x − xBefore,  y = g − gBefore              kept when sᵀy > 1e-10, the oldest dropped
 *   q = −g;   newest to oldest: αᵢ = sᵢᵀq/sᵢᵀyᵢ,  q ← q − αᵢ·yᵢ
 *   d = q·sᵀy/yᵀy;   oldest to newest:  d ← d + sᵢ·(αᵢ − yᵢᵀd/sᵢᵀyᵢ)
 *   x ← x + t·d,  t = lr, or from the strong Wolfe line search (line-search.ts)
 *
 * One `step(closure)` makes up to maxIterations such moves. It sees all parameters as one vector, so it has one group.
 * Slots of each parameter of n elements: d, gradBefore [n]; s, y [k+1, n], one row to spare; and the same numbers in
 * all of them: curvature [k+1] sᵢᵀyᵢ, memory = (moves, pairs kept, t, sᵀy/yᵀy).
 *
 * - PyTorch: as above; its line search is off unless asked for.
 * - optax: another line search and no inner loop. Keras, tfjs: none.
 */
import { addScaled, assign, dot, largestSize, sumOfSizes, type Blocks } from './blocks';
import { ConfigError } from './errors';
import { strongWolfe, type LinePoint } from './line-search';
import { Optimizer, type GroupInit } from './optimizer';
import { arrayLike, dataOf, type FloatArray, type OptimizerParameter } from './parameter';
import type { Resolved, Rule, SharedOptions } from './rule';

/** Options of {@link LBFGS}. It has no weight decay: add the penalty to the loss. */
export interface LBFGSOptions {
  /** t without a line search, the first t to try with one. Default 1. */
  learningRate?: number;
  /** Moves of one `step`. Default 20. */
  maxIterations?: number;
  /** Calls of the closure in one `step`. Default 1.25·maxIterations. */
  maxEvaluations?: number;
  /** k, the pairs kept. Default 100. */
  historySize?: number;
  /** Stop when max|g| is at most this. Default 1e-7. */
  toleranceGrad?: number;
  /** Stop when x or the loss changes by at most this. Default 1e-9. */
  toleranceChange?: number;
  /** Search t for the strong Wolfe conditions. Default false. */
  lineSearch?: boolean;
}

const defaults = {
  learningRate: 1,
  maxIterations: 20,
  maxEvaluations: 0,
  historySize: 100,
  toleranceGrad: 1e-7,
  toleranceChange: 1e-9,
  lineSearch: false,
} as Resolved<LBFGSOptions>;

const lbfgsRule: Rule<LBFGSOptions> = {
  type: 'LBFGS',
  defaults,
  conventions: { torch: {} },
  slots({ historySize: k }, x) {
    const rows = (): FloatArray => new (x.constructor as Float32ArrayConstructor)((k + 1) * x.length);
    return {
      d: arrayLike(x),
      gradBefore: arrayLike(x),
      s: rows(),
      y: rows(),
      curvature: new Float64Array(k + 1),
      memory: Float64Array.of(0, 0, 0, 1),
    };
  },
  update() {},
  coefficients() {
    throw new ConfigError('LBFGS.step: expected a closure that computes the loss and the gradients.');
  },
};

/** d ← −H·g by the two loops of the header. */
function direction(
  d: Blocks,
  g: Blocks,
  pairs: number,
  scale: number,
  pair: (slot: string, index: number) => Blocks,
  curvature: FloatArray,
): void {
  const alpha = new Float64Array(pairs);
  assign(d, g, -1);
  for (let i = pairs - 1; i >= 0; i--) {
    alpha[i] = dot(pair('s', i), d) / curvature[i];
    addScaled(d, -alpha[i], pair('y', i));
  }
  assign(d, d, scale);
  for (let i = 0; i < pairs; i++) addScaled(d, alpha[i] - dot(pair('y', i), d) / curvature[i], pair('s', i));
}

/**
 * L-BFGS. See the header of this file.
 *
 * @example
 * ```ts
 * import { LBFGS } from '@rnnlab/optimizers';
 *
 * const p = { value: Float64Array.of(-1.2, 1), grad: new Float64Array(2) };
 * const optimizer = new LBFGS([p], { lineSearch: true, maxIterations: 60 });
 * optimizer.step(() => {
 *   const [x, y] = p.value;
 *   p.grad.set([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]);
 *   return (1 - x) ** 2 + 100 * (y - x * x) ** 2; // Rosenbrock's valley, lowest at (1, 1)
 * });
 * console.log(p.value.map((x) => Math.round(x * 1e4) / 1e4)); // Float64Array(2) [ 1, 1 ]
 * ```
 */
export class LBFGS extends Optimizer<LBFGSOptions> {
  constructor(
    parameters: Iterable<OptimizerParameter> | Iterable<GroupInit<LBFGSOptions>>,
    options?: LBFGSOptions & Pick<SharedOptions, 'convention'>,
  ) {
    super(lbfgsRule, parameters, options);
  }

  /** @throws {@link ConfigError} when there is a group already. */
  override addParameters(...group: Parameters<Optimizer<LBFGSOptions>['addParameters']>): void {
    if (this.groups.length > 0) {
      throw new ConfigError('LBFGS: it has one group, as its step is one for all parameters.');
    }
    super.addParameters(...group);
  }

  /**
   * Moves up to `maxIterations` times.
   *
   * @param closure Sets the gradients to zero, computes them and returns the loss. Called many times.
   * @returns The loss before.
   * @throws {@link ConfigError} without a closure.
   */
  override step(closure?: () => number): number | undefined {
    if (!closure) return super.step();
    const [{ entries, options: o }] = this.groups;
    const x = entries.map(({ parameter }) => dataOf(parameter.value));
    const g = entries.map(({ parameter }) => dataOf(parameter.grad));
    const row = (slot: string, k = 0): FloatArray[] =>
      entries.map(({ slots }, p) => slots[slot].subarray(k * x[p].length, (k + 1) * x[p].length));
    const [d, gradBefore] = [row('d'), row('gradBefore')];
    const { curvature, memory } = entries[0].slots;
    let [moves, pairs, t, scale] = memory;
    const maxEvaluations = o.maxEvaluations || Math.floor(o.maxIterations * 1.25);
    for (const entry of entries) entry.step++;

    let evaluations = 0;
    const evaluate = (): number => {
      evaluations++;
      return closure();
    };
    const lossBefore = evaluate();
    let loss = lossBefore;
    for (let round = 1; round <= o.maxIterations && largestSize(g) > o.toleranceGrad; round++) {
      if (++moves > 1) {
        const s = row('s', pairs);
        const y = row('y', pairs);
        assign(s, d, t);
        assign(y, g);
        addScaled(y, -1, gradBefore);
        const ys = dot(y, s);
        if (ys > 1e-10) {
          scale = ys / dot(y, y);
          curvature[pairs++] = ys;
        }
        if (pairs > o.historySize) {
          pairs--;
          for (const { slots } of entries) {
            for (const rows of [slots.s, slots.y, slots.curvature]) {
              rows.copyWithin(0, rows.length / (pairs + 1));
            }
          }
        }
      }
      direction(d, g, pairs, scale, row, curvature);
      t = (moves > 1 ? 1 : Math.min(1, 1 / sumOfSizes(g))) * o.learningRate;
      assign(gradBefore, g);
      const slope = dot(g, d);
      if (slope > -o.toleranceChange) break;

      const previous = loss;
      const xBefore = x.map((block) => block.slice());
      const moveTo = (t: number): void => {
        assign(x, xBefore);
        addScaled(x, t, d);
      };
      moveTo(t);
      if (o.lineSearch) {
        const pointAt = (t: number, loss: number): LinePoint => ({
          t,
          loss,
          slope: dot(g, d),
          grads: g.map((block) => block.slice()),
        });
        const evaluateAt = (t: number): LinePoint => {
          moveTo(t);
          return pointAt(t, evaluate());
        };
        const found = strongWolfe(evaluateAt, pointAt(0, loss), t, largestSize(d), o.toleranceChange);
        ({ t, loss } = found);
        moveTo(t);
        assign(g, found.grads);
      } else if (round < o.maxIterations) loss = evaluate();
      if (evaluations >= maxEvaluations || largestSize(d) * t <= o.toleranceChange) break;
      if (Math.abs(loss - previous) < o.toleranceChange) break;
    }
    for (const { slots } of entries) {
      slots.memory.set([moves, pairs, t, scale]);
      slots.curvature.set(curvature);
    }
    return lossBefore;
  }
}
