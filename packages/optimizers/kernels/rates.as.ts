/** The twins of `update` in `../src/rmsprop.ts`, `adagrad.ts` and `adadelta.ts`: a rate for each element from its squares. */
import { put, take } from '../../tensor/kernels/partial.as';
import { all, averaged, averagedSquare, gradient, moved } from './element.as';

/**
 * a is absent unless centered, b without momentum. The variance v − a² is a difference: where the gradient hardly varies, it
 * is as uncertain as float32 slots are, here as in TypeScript, and the two may differ by more than a few digits.
 */
export function rmsProp(begin: i32, end: i32, n: i32, x: i32, grad: i32, l2: f64, keep: f64, sign: f64, v: i32, a: i32, b: i32,
  rho: f64, c: f64, inside: f64, outside: f64, inRoot: f64, beside: f64, momentum: f64, nesterov: f64): void {
  const vSign = all(sign), vL2 = all(l2), vShrink = all(1 - keep);
  const decay = all(rho), share = all(1 - rho), perC = all(1 / c);
  const vInside = all(inside), vOutside = all(outside), vInRoot = all(inRoot), vBeside = all(beside), mu = all(momentum);
  const ahead = nesterov != 0;
  for (let i = begin; i < end; i += 4) {
    const at = i << 2, rest = end - i;
    const value = take(x + at, rest);
    const g = gradient(take(grad + at, rest), value, vSign, vL2);
    const square = averagedSquare(take(v + at, rest), decay, share, g);
    put(v + at, square, rest);
    let variance = f32x4.mul(square, perC);
    if (a) {
      const mean = averaged(take(a + at, rest), decay, share, g);
      put(a + at, mean, rest);
      const corrected = f32x4.mul(mean, perC);
      variance = f32x4.max(f32x4.sub(variance, f32x4.mul(corrected, corrected)), f32x4.splat(0));
    }
    const root = f32x4.add(f32x4.sqrt(f32x4.add(variance, vInRoot)), vBeside);
    let d = f32x4.mul(vInside, f32x4.div(g, root));
    if (b) {
      const velocity = f32x4.add(f32x4.mul(mu, take(b + at, rest)), d);
      put(b + at, velocity, rest);
      d = ahead ? f32x4.add(d, f32x4.mul(mu, velocity)) : velocity;
    }
    put(x + at, moved(value, vShrink, f32x4.mul(vOutside, d)), rest);
  }
}

export function adagrad(begin: i32, end: i32, n: i32, x: i32, grad: i32, l2: f64, keep: f64, sign: f64, s: i32,
  rate: f64, inRoot: f64, beside: f64): void {
  const vSign = all(sign), vL2 = all(l2), vShrink = all(1 - keep);
  const vRate = all(rate), vInRoot = all(inRoot), vBeside = all(beside);
  for (let i = begin; i < end; i += 4) {
    const at = i << 2, rest = end - i;
    const value = take(x + at, rest);
    const g = gradient(take(grad + at, rest), value, vSign, vL2);
    const sum = f32x4.add(take(s + at, rest), f32x4.mul(g, g));
    put(s + at, sum, rest);
    const root = f32x4.add(f32x4.sqrt(f32x4.add(sum, vInRoot)), vBeside);
    put(x + at, moved(value, vShrink, f32x4.mul(vRate, f32x4.div(g, root))), rest);
  }
}

export function adadelta(begin: i32, end: i32, n: i32, x: i32, grad: i32, l2: f64, keep: f64, sign: f64, v: i32, u: i32,
  rate: f64, rho: f64, epsilon: f64, previousAccumulator: f64): void {
  const vSign = all(sign), vL2 = all(l2), vShrink = all(1 - keep);
  const vRate = all(rate), decay = all(rho), share = all(1 - rho), vEpsilon = all(epsilon);
  const byPrevious = previousAccumulator != 0;
  for (let i = begin; i < end; i += 4) {
    const at = i << 2, rest = end - i;
    const value = take(x + at, rest);
    const g = gradient(take(grad + at, rest), value, vSign, vL2);
    const before = take(v + at, rest), steps = take(u + at, rest);
    const square = averagedSquare(before, decay, share, g);
    put(v + at, square, rest);
    const divisor = f32x4.add(byPrevious ? before : square, vEpsilon);
    const delta = f32x4.mul(f32x4.div(f32x4.sqrt(f32x4.add(steps, vEpsilon)), f32x4.sqrt(divisor)), g);
    put(u + at, averagedSquare(steps, decay, share, delta), rest);
    put(x + at, moved(value, vShrink, f32x4.mul(vRate, delta)), rest);
  }
}
