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
    let largest = load<f32>(from);
    for (let k = 1; k < V; k++) largest = Mathf.max(largest, load<f32>(from + (k << 2)));
    const shift = f32x4.splat(largest);
    let low: v128 = f64x2.splat(0), high: v128 = f64x2.splat(0);
    for (let k = 0; k < V; k += 4) {
      const e = exp(f32x4.sub(take(from + (k << 2), V - k), shift));
      put(to + (k << 2), e, V - k);
      const part = take(to + (k << 2), V - k); // zeros behind the end of the row
      low = f64x2.add(low, f64x2.promote_low_f32x4(part));
      high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<f32>(part, part, 2, 3, 2, 3)));
    }
    const both = f64x2.add(low, high);
    const sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
    const scale = f32x4.splat(<f32>(1 / sum));
    for (let k = 0; k < V; k += 4) put(to + (k << 2), f32x4.mul(take(to + (k << 2), V - k), scale), V - k);
    store<f32>(max + (n << 2), largest);
    store<f32>(expSum + (n << 2), <f32>sum);
  }
}
