/**
 * The twins of `update` in `../src/lion.ts` and `rprop.ts`, which move by signs.
 *
 * A sign jumps where its argument is about 0. Lion's is a difference of two averages, so it is worked out in float64, in the order
 * of the TypeScript loop: the bits are the same. Rprop's are of the gradient itself.
 */
import { put, take } from '../../tensor/kernels/partial.as';
import { high, low, rounded } from './double.as';
import { all, gradient, moved, signOf } from './element.as';

export function lion(begin: i32, end: i32, n: i32, x: i32, grad: i32, l2: f64, keep: f64, sign: f64, m: i32,
  rate: f64, beta1: f64, beta2: f64): void {
  for (let i = begin; i < end; i += 4) {
    const at = i << 2, rest = end - i;
    const value = take(x + at, rest), slope = take(grad + at, rest), mean = take(m + at, rest);
    const g0 = gradient64(low(slope), low(value), sign, l2), g1 = gradient64(high(slope), high(value), sign, l2);
    const m0 = low(mean), m1 = high(mean);
    // Rounding to float32 keeps the sign, unless the number is below all denormals: then it is scaled up before.
    const d0 = average64(m0, beta1, g0), d1 = average64(m1, beta1, g1);
    const huge = f64x2.splat(1e150);
    const direction = signOf(rounded(f64x2.mul(d0, huge), f64x2.mul(d1, huge)));
    put(m + at, rounded(average64(m0, beta2, g0), average64(m1, beta2, g1)), rest);
    put(x + at, rounded(moved64(low(value), keep, rate, low(direction)), moved64(high(value), keep, rate, high(direction))), rest);
  }
}

// @ts-ignore: decorator
@inline
function gradient64(grad: v128, x: v128, sign: f64, l2: f64): v128 {
  return f64x2.add(f64x2.mul(f64x2.splat(sign), grad), f64x2.mul(f64x2.splat(l2), x));
}

// @ts-ignore: decorator
@inline
function average64(m: v128, beta: f64, g: v128): v128 {
  return f64x2.add(f64x2.mul(f64x2.splat(beta), m), f64x2.mul(f64x2.splat(1 - beta), g));
}

// @ts-ignore: decorator
@inline
function moved64(x: v128, keep: f64, rate: f64, direction: v128): v128 {
  return f64x2.sub(f64x2.mul(f64x2.splat(keep), x), f64x2.mul(f64x2.splat(rate), direction));
}

export function rprop(begin: i32, end: i32, n: i32, x: i32, grad: i32, l2: f64, keep: f64, sign: f64, p: i32, h: i32,
  etaMinus: f64, etaPlus: f64, minStep: f64, maxStep: f64, delayed: f64): void {
  const vSign = all(sign), vL2 = all(l2), vShrink = all(1 - keep);
  const cut = all(etaMinus), grow = all(etaPlus), least = all(minStep), most = all(maxStep);
  const zero = f32x4.splat(0), one = f32x4.splat(1);
  const late = delayed != 0;
  for (let i = begin; i < end; i += 4) {
    const at = i << 2, rest = end - i;
    const value = take(x + at, rest), before = take(p + at, rest);
    const g = gradient(take(grad + at, rest), value, vSign, vL2);
    const direction = signOf(g);
    const c = f32x4.mul(direction, signOf(before));
    const flipped = f32x4.lt(c, zero);
    const factor = v128.bitselect(grow, v128.bitselect(cut, one, flipped), f32x4.gt(c, zero));
    const length = f32x4.min(f32x4.max(f32x4.mul(take(h + at, rest), factor), least), most);
    put(h + at, length, rest);
    const decided = v128.andnot(f32x4.mul(length, direction), flipped);
    put(p + at, late ? decided : v128.andnot(g, flipped), rest);
    put(x + at, moved(value, vShrink, late ? v128.andnot(before, flipped) : decided), rest);
  }
}
