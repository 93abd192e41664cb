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
import { put, take } from '../../tensor/kernels/partial.as';
import { high, low, rounded } from './double.as';

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
  const times = f64x2.splat(factor);
  for (let i = begin; i < end; i += 4) {
    const at = a + (i << 2), rest = end - i;
    const value = take(at, rest);
    put(at, rounded(f64x2.mul(times, low(value)), f64x2.mul(times, high(value))), rest);
  }
}

export function average(begin: i32, end: i32, n: i32, a: i32, keep: f64, x: i32): void {
  for (let i = begin; i < end; i += 4) {
    const at = i << 2, rest = end - i;
    const old = take(a + at, rest), value = take(x + at, rest);
    put(a + at, rounded(mixed(low(old), keep, low(value)), mixed(high(old), keep, high(value))), rest);
  }
}

// @ts-ignore: decorator
@inline
function mixed(old: v128, keep: f64, value: v128): v128 {
  return f64x2.add(f64x2.mul(f64x2.splat(keep), old), f64x2.mul(f64x2.splat(1 - keep), value));
}
