/**
 * A line search for the strong Wolfe conditions (Nocedal & Wright 2006, algorithms 3.5 and 3.6, with the safeguards
 * of Schmidt's minFunc, which PyTorch uses too). Along x + t·d, with f(t) the loss and f′(t) its slope:
 *
 *   f(t) ≤ f(0) + c₁·t·f′(0)        enough decrease, c₁ = 1e-4
 *   |f′(t)| ≤ −c₂·f′(0)             the slope has levelled off, c₂ = 0.9
 *
 * First t grows until a bracket holds such a point, then the bracket shrinks by cubic interpolation.
 */

import type { Blocks } from './blocks';

/** The line at one t. */
export interface LinePoint {
  t: number;
  /** f(t) */
  loss: number;
  /** f′(t) */
  slope: number;
  /** The gradients at x + t·d, kept so that nothing is evaluated twice. */
  grads: Blocks;
}

const c1 = 1e-4;
const c2 = 0.9;
const maxEvaluations = 25;

/** The minimum, between `low` and `high`, of the cubic through two points with their slopes. */
function cubicMinimum(p: LinePoint, q: LinePoint, low: number, high: number): number {
  const [a, b] = p.t <= q.t ? [p, q] : [q, p];
  const d1 = a.slope + b.slope - (3 * (a.loss - b.loss)) / (a.t - b.t);
  const square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (low + high) / 2;
  const d2 = Math.sqrt(square);
  const t = b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2));
  return Math.min(Math.max(t, low), high);
}

/**
 * @param evaluate The line at t, t ≠ 0.
 * @param start The line at t = 0; its slope is negative.
 * @param first The first t to try, > 0.
 * @param reach max|d|: a bracket in which no element moves by `tolerance` is not searched further.
 * @returns The best point found, which need not be the last that was evaluated.
 */
export function strongWolfe(
  evaluate: (t: number) => LinePoint,
  start: LinePoint,
  first: number,
  reach: number,
  tolerance: number,
): LinePoint {
  const tooHigh = ({ t, loss }: LinePoint): boolean => loss > start.loss + c1 * t * start.slope;
  const isFlat = ({ slope }: LinePoint): boolean => Math.abs(slope) <= -c2 * start.slope;

  let previous = start;
  let point = evaluate(first);
  let rounds = 0; // evaluations after the first
  let bracket: [LinePoint, LinePoint] | undefined;
  while (!bracket && rounds < maxEvaluations) {
    const isBeyond = tooHigh(point) || (rounds > 1 && point.loss >= previous.loss);
    if (!isBeyond && isFlat(point)) return point;
    if (isBeyond || point.slope >= 0) bracket = [previous, point];
    else {
      const next = cubicMinimum(previous, point, point.t + 0.01 * (point.t - previous.t), 10 * point.t);
      previous = point;
      point = evaluate(next);
      rounds++;
    }
  }
  const order = (a: LinePoint, b: LinePoint): [LinePoint, LinePoint] => (a.loss <= b.loss ? [a, b] : [b, a]);
  let [low, high] = order(...(bracket ?? [start, point])); // `low` has the lower loss

  let stuck = false;
  while (rounds < maxEvaluations && Math.abs(high.t - low.t) * reach >= tolerance) {
    const left = Math.min(low.t, high.t);
    const right = Math.max(low.t, high.t);
    let t = cubicMinimum(low, high, left, right);
    const margin = 0.1 * (right - left);
    const isClose = Math.min(right - t, t - left) < margin;
    const moveAway: boolean = isClose && (stuck || t === right || t === left); // at an end, or near one twice
    if (moveAway) t = right - t < t - left ? right - margin : left + margin;
    stuck = isClose && !moveAway;
    point = evaluate(t);
    rounds++;
    if (tooHigh(point) || point.loss >= low.loss) [low, high] = order(low, point);
    else {
      if (isFlat(point)) return point;
      if (point.slope * (high.t - low.t) >= 0) high = low;
      low = point;
    }
  }
  return low;
}
