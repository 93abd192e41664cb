/**
 * p = softmax(z) for every row, with max z and Σ exp(z − max z), from which −ln p[y] follows without reading p.
 * The reference is in `row-kernels.ts`. The sum is kept in float64: it decides the last digits of a loss.
 */
import { exp } from './vector-math.as';
import { put, take } from './partial.as';

export function softmaxRows(begin: i32, end: i32, rows: i32, V: i32, z: i32, p: i32, max: i32, expSum: i32): void {
  for (let n = begin; n < end; n++) {
    const from = z + ((n * V) << 2);
    const to = p + ((n * V) << 2);
    const largest = rowMax(V, from);
    const shift = f32x4.splat(largest);
    let sums: v128 = f64x2.splat(0);
    let k = 0;
    for (; k + 4 <= V; k += 4) {
      const e = exp(f32x4.sub(v128.load(from + (k << 2)), shift));
      v128.store(to + (k << 2), e);
      sums = f64x2.add(sums, pairSums(e));
    }
    if (k < V) {
      put(to + (k << 2), exp(f32x4.sub(take(from + (k << 2), V - k), shift)), V - k);
      sums = f64x2.add(sums, pairSums(take(to + (k << 2), V - k))); // zeros behind the end of the row
    }
    const sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
    const scale = f32x4.splat(<f32>(1 / sum));
    for (k = 0; k + 4 <= V; k += 4) v128.store(to + (k << 2), f32x4.mul(v128.load(to + (k << 2)), scale));
    if (k < V) put(to + (k << 2), f32x4.mul(take(to + (k << 2), V - k), scale), V - k);
    store<f32>(max + (n << 2), largest);
    store<f32>(expSum + (n << 2), <f32>sum);
  }
}

/** Of a row with a NaN it is any number: that comes up in the sum. */
function rowMax(V: i32, from: i32): f32 {
  let four = f32x4.splat(load<f32>(from));
  let k = 0;
  for (; k + 4 <= V; k += 4) four = f32x4.pmax(four, v128.load(from + (k << 2)));
  four = f32x4.pmax(four, v128.shuffle<f32>(four, four, 2, 3, 0, 1));
  let largest = Mathf.max(f32x4.extract_lane(four, 0), f32x4.extract_lane(four, 1));
  for (; k < V; k++) largest = Mathf.max(largest, load<f32>(from + (k << 2)));
  return largest;
}

/** x₀ + x₂ and x₁ + x₃, in float64. */
// @ts-ignore: decorator
@inline
function pairSums(x: v128): v128 {
  return f64x2.add(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3)));
}
