/**
 * The twins of `update` in `../src/lion.ts` and `rprop.ts`, which move by signs.
 *
 * A sign jumps where its argument is about 0. Lion's is a difference of two averages, so it is worked out in float64, in the order
 * of the TypeScript loop: the bits are the same. Rprop's are of the gradient itself.
 */
import { high, low, rounded } from './double.as';
import { all, both, gradient, moved, signOf } from './element.as';

export function lion(begin: i32, end: i32, n: i32, x: i32, grad: i32, l2: f64, keep: f64, sign: f64, m: i32,
  rate: f64, beta1: f64, beta2: f64): void {
  const vSign = both(0, sign), vL2 = both(1, l2), vKeep = both(2, keep), vRate = both(3, rate);
  const decay1 = both(4, beta1), share1 = both(5, 1 - beta1), decay2 = both(6, beta2), share2 = both(7, 1 - beta2);
  const huge = f64x2.splat(1e150);
  for (let i = begin; i < end; i += 4) {
    const at = i << 2;
    const value = v128.load(x + at), slope = v128.load(grad + at), mean = v128.load(m + at);
    const g0 = averaged64(low(slope), vSign, vL2, low(value)), g1 = averaged64(high(slope), vSign, vL2, high(value));
    const m0 = low(mean), m1 = high(mean);
    // Rounding to float32 keeps the sign, unless the number is below all denormals: then it is scaled up before.
    const d0 = averaged64(m0, decay1, share1, g0), d1 = averaged64(m1, decay1, share1, g1);
    const direction = signOf(rounded(f64x2.mul(d0, huge), f64x2.mul(d1, huge)));
    v128.store(m + at, rounded(averaged64(m0, decay2, share2, g0), averaged64(m1, decay2, share2, g1)));
    v128.store(x + at, rounded(moved64(low(value), vKeep, vRate, low(direction)), moved64(high(value), vKeep, vRate, high(direction))));
  }
}

/** decay·average + share·value; with the sign and λ, the gradient. */
// @ts-ignore: decorator
@inline
function averaged64(average: v128, decay: v128, share: v128, value: v128): v128 {
  return f64x2.add(f64x2.mul(decay, average), f64x2.mul(share, value));
}

// @ts-ignore: decorator
@inline
function moved64(x: v128, keep: v128, rate: v128, direction: v128): v128 {
  return f64x2.sub(f64x2.mul(keep, x), f64x2.mul(rate, direction));
}

export function rprop(begin: i32, end: i32, n: i32, x: i32, grad: i32, l2: f64, keep: f64, sign: f64, p: i32, h: i32,
  etaMinus: f64, etaPlus: f64, minStep: f64, maxStep: f64, delayed: f64): void {
  const vSign = all(0, sign), vL2 = all(1, l2), vShrink = all(2, 1 - keep);
  const cut = all(3, etaMinus), grow = all(4, etaPlus), least = all(5, minStep), most = all(6, maxStep);
  const zero = f32x4.splat(0), one = f32x4.splat(1);
  const late = delayed != 0;
  for (let i = begin; i < end; i += 4) {
    const at = i << 2;
    const value = v128.load(x + at), before = v128.load(p + at);
    const g = gradient(v128.load(grad + at), value, vSign, vL2);
    const direction = signOf(g);
    const c = f32x4.mul(direction, signOf(before));
    const flipped = f32x4.lt(c, zero);
    const factor = v128.bitselect(grow, v128.bitselect(cut, one, flipped), f32x4.gt(c, zero));
    const length = f32x4.min(f32x4.max(f32x4.mul(v128.load(h + at), factor), least), most);
    v128.store(h + at, length);
    const decided = v128.andnot(f32x4.mul(length, direction), flipped);
    v128.store(p + at, late ? decided : v128.andnot(g, flipped));
    v128.store(x + at, moved(value, vShrink, late ? v128.andnot(before, flipped) : decided));
  }
}
