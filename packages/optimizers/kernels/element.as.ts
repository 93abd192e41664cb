/**
 * What every update begins and ends with, four elements at a time. The equations are in `../src/optimizer.ts`.
 *
 *   gradient   g = sign·grad + λx
 *   moved      x − (shrink·x + step)            shrink = 1 − keep = lr·λ
 *
 * Decay is subtracted together with the step: keep·x in float32, keep being 0.99999 rounded to 2⁻²⁴, would be off by a
 * percent of the decay, and would round x twice.
 *
 * Numbers come as float64 and are rounded here, after `1 − keep` or `1 − β` has been taken: of two rounded numbers the
 * difference would be mostly rounding.
 */

/** `value`, rounded, in all lanes. */
// @ts-ignore: decorator
@inline
export function all(value: f64): v128 {
  return f32x4.splat(<f32>value);
}

// @ts-ignore: decorator
@inline
export function gradient(grad: v128, x: v128, sign: v128, l2: v128): v128 {
  return f32x4.add(f32x4.mul(sign, grad), f32x4.mul(l2, x));
}

// @ts-ignore: decorator
@inline
export function moved(x: v128, shrink: v128, step: v128): v128 {
  return f32x4.sub(x, f32x4.add(f32x4.mul(shrink, x), step));
}

/** decay·average + share·value */
// @ts-ignore: decorator
@inline
export function averaged(average: v128, decay: v128, share: v128, value: v128): v128 {
  return f32x4.add(f32x4.mul(decay, average), f32x4.mul(share, value));
}

/** decay·average + share·value². The share first: value² may be too large where the product is not. */
// @ts-ignore: decorator
@inline
export function averagedSquare(average: v128, decay: v128, share: v128, value: v128): v128 {
  return f32x4.add(f32x4.mul(decay, average), f32x4.mul(f32x4.mul(share, value), value));
}

/** ±1, 0 for ±0, NaN for NaN. */
// @ts-ignore: decorator
@inline
export function signOf(x: v128): v128 {
  const one = v128.or(v128.and(x, i32x4.splat(0x80000000)), f32x4.splat(1));
  return v128.bitselect(one, x, f32x4.gt(f32x4.abs(x), f32x4.splat(0)));
}
