/**
 * Four numbers at a time over rows whose length is no multiple of four: the last `count` < 4 numbers of a row are
 * loaded into a vector whose other lanes are 0, and only they are stored.
 */

/** The numbers at `from`: four, or the first `count` and zeros. */
// @ts-ignore: decorator
@inline
export function take(from: i32, count: i32): v128 {
  if (count >= 4) return v128.load(from);
  return takePart(from, count);
}

/** Stores the first `count` (at most four) lanes. */
// @ts-ignore: decorator
@inline
export function put(to: i32, x: v128, count: i32): void {
  if (count >= 4) v128.store(to, x);
  else putPart(to, x, count);
}

function takePart(from: i32, count: i32): v128 {
  let x = v128.load32_zero(from);
  if (count > 1) x = f32x4.replace_lane(x, 1, load<f32>(from, 4));
  if (count > 2) x = f32x4.replace_lane(x, 2, load<f32>(from, 8));
  return x;
}

function putPart(to: i32, x: v128, count: i32): void {
  store<f32>(to, f32x4.extract_lane(x, 0));
  if (count > 1) store<f32>(to, f32x4.extract_lane(x, 1), 4);
  if (count > 2) store<f32>(to, f32x4.extract_lane(x, 2), 8);
}
