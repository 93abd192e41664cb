/**
 * Four float32 numbers as two vectors of float64 and back, for sums and products that have to be those of the TypeScript
 * loops to the bit: there, all arithmetic is float64 and rounds once.
 */

/** The first two numbers. */
// @ts-ignore: decorator
@inline
export function low(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

/** The last two. */
// @ts-ignore: decorator
@inline
export function high(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1));
}

/** All four, rounded. */
// @ts-ignore: decorator
@inline
export function rounded(lows: v128, highs: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(lows), f32x4.demote_f64x2_zero(highs), 0, 2);
}
