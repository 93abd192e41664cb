/**
 * How far two arrays that should be equal are apart.
 *
 *   absolute = max |aᵢ − bᵢ|            relative = absolute / max |bᵢ|            distance = ‖a − b‖₂ / ‖b‖₂
 *
 * Relative to the largest element of b and not each to its own: next to a zero crossing the rounding of a sum is as large
 * as elsewhere while bᵢ vanishes, so an elementwise quotient measures only how near to zero an element came.
 */

/** See the header of this file; NaN where an element of either side is NaN. */
export interface Difference {
  absolute: number;
  relative: number;
}

/** @param theirs b, what the difference is relative to. */
export function differenceOf(ours: ArrayLike<number>, theirs: ArrayLike<number>): Difference {
  requireSameLength(ours, theirs);
  let [absolute, scale] = [0, 0];
  for (let k = 0; k < ours.length; k++) {
    absolute = Math.max(absolute, Math.abs(ours[k] - theirs[k])); // Math.max keeps NaN
    scale = Math.max(scale, Math.abs(theirs[k]));
  }
  return { absolute, relative: absolute === 0 ? 0 : absolute / scale };
}

/** The larger of each number. */
export function largestDifference(differences: Iterable<Difference>): Difference {
  const largest = { absolute: 0, relative: 0 };
  for (const { absolute, relative } of differences) {
    largest.absolute = Math.max(largest.absolute, absolute);
    largest.relative = Math.max(largest.relative, relative);
  }
  return largest;
}

/** ‖a − b‖₂ / ‖b‖₂ over several arrays as one; 0 where both are zero. */
export function distanceOf(pairs: Iterable<readonly [ArrayLike<number>, ArrayLike<number>]>): number {
  let [square, scale] = [0, 0];
  for (const [ours, theirs] of pairs) {
    requireSameLength(ours, theirs);
    for (let k = 0; k < ours.length; k++) {
      square += (ours[k] - theirs[k]) ** 2;
      scale += theirs[k] ** 2;
    }
  }
  return square === 0 ? 0 : Math.sqrt(square / scale);
}

function requireSameLength(ours: ArrayLike<number>, theirs: ArrayLike<number>): void {
  if (ours.length !== theirs.length) {
    throw new RangeError(`difference: ${ours.length} numbers against ${theirs.length}, expected as many.`);
  }
}
