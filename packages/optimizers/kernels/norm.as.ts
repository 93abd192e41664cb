/**
 * What is done to gradients and averages beside the updates; all in float64, which rounds once. The reference is in
 * `../src/kernels/update-loops.ts`.
 *
 *   sumOfSquares   sums[k] = Σ aᵢ² over block k of `blockSize` elements
 *   scale          a ← factor·a
 *   average        a ← keep·a + (1 − keep)·x
 *
 * The blocks do not depend on how they are divided, and are added up in their order, so that any number of threads gives the
 * same sum.
 */
import { take } from '../../tensor/kernels/partial.as';
import { high, low, rounded } from './double.as';
import { both } from './element.as';

/** [begin, end) are blocks. `sums` has room for a float64 each. */
export function sumOfSquares(begin: i32, end: i32, blocks: i32, n: i32, blockSize: i32, a: i32, sums: i32): void {
  for (let k = begin; k < end; k++) {
    const last = min(n, (k + 1) * blockSize);
    // Four sums at once: an addition takes four times as long as the beginning of the next.
    let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0;
    let i = k * blockSize;
    for (; i + 8 <= last; i += 8) {
      const first = v128.load(a + (i << 2)), second = v128.load(a + (i << 2), 16);
      s0 = f64x2.add(s0, square(low(first)));
      s1 = f64x2.add(s1, square(high(first)));
      s2 = f64x2.add(s2, square(low(second)));
      s3 = f64x2.add(s3, square(high(second)));
    }
    for (; i < last; i += 4) {
      const part = take(a + (i << 2), last - i);
      s0 = f64x2.add(s0, square(low(part)));
      s1 = f64x2.add(s1, square(high(part)));
    }
    const sum = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
    store<f64>(sums + (k << 3), f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
  }
}

// @ts-ignore: decorator
@inline
function square(x: v128): v128 {
  return f64x2.mul(x, x);
}

export function scale(begin: i32, end: i32, n: i32, a: i32, factor: f64): void {
  const times = both(0, factor);
  for (let i = begin; i < end; i += 4) {
    const at = a + (i << 2);
    const value = v128.load(at);
    v128.store(at, rounded(f64x2.mul(times, low(value)), f64x2.mul(times, high(value))));
  }
}

export function average(begin: i32, end: i32, n: i32, a: i32, keep: f64, x: i32): void {
  const kept = both(0, keep), share = both(1, 1 - keep);
  for (let i = begin; i < end; i += 4) {
    const at = i << 2;
    const before = v128.load(a + at), value = v128.load(x + at);
    v128.store(a + at, rounded(mixed(kept, low(before), share, low(value)), mixed(kept, high(before), share, high(value))));
  }
}

// @ts-ignore: decorator
@inline
function mixed(keep: v128, before: v128, share: v128, value: v128): v128 {
  return f64x2.add(f64x2.mul(keep, before), f64x2.mul(share, value));
}
