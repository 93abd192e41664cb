/**
 * What every update begins and ends with, four elements at a time. The equations are in `../src/optimizer.ts`. [begin, end) is
 * whole vectors: the rest of a parameter is left to the loop in TypeScript, see `../src/kernels/update-kernels.ts`.
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

/** Behind the control words and the other constants of the first page, which holds no tensor. */
const COEFFICIENTS: i32 = 49664;

/**
 * `value`, rounded, in all lanes.
 *
 * It goes through memory because V8 of Node 20 and 22 works out anew in every turn of a loop what is worked out before it, conversions
 * and roots included; what is loaded stays. Every number of a kernel has a place `k` of its own: all threads write the same
 * there, as they are at the same parameter, but one may be further on than another.
 */
// @ts-ignore: decorator
@inline
export function all(k: i32, value: f64): v128 {
  store<f32>(COEFFICIENTS + (k << 4), <f32>value);
  return v128.load32_splat(COEFFICIENTS + (k << 4));
}

/** As `all`, two in float64. */
// @ts-ignore: decorator
@inline
export function both(k: i32, value: f64): v128 {
  store<f64>(COEFFICIENTS + (k << 4), value);
  return v128.load64_splat(COEFFICIENTS + (k << 4));
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
