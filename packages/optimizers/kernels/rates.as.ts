/** The twins of `update` in `../src/rmsprop.ts`, `adagrad.ts` and `adadelta.ts`: a rate for each element from its squares. */
import { all, averaged, averagedSquare, gradient, moved } from './element.as';

/**
 * a is absent unless centered, b without momentum. The variance v − a² is a difference: where the gradient hardly varies, it
 * is as uncertain as float32 slots are, here as in TypeScript, and the two may differ by more than a few digits.
 */
export function rmsProp(begin: i32, end: i32, n: i32, x: i32, grad: i32, l2: f64, keep: f64, sign: f64, v: i32, a: i32, b: i32,
  rho: f64, c: f64, inside: f64, outside: f64, inRoot: f64, beside: f64, momentum: f64, nesterov: f64): void {
  const vSign = all(0, sign), vL2 = all(1, l2), vShrink = all(2, 1 - keep);
  const decay = all(3, rho), share = all(4, 1 - rho), perC = all(5, 1 / c);
  const vInside = all(6, inside), vOutside = all(7, outside), vInRoot = all(8, inRoot), vBeside = all(9, beside), mu = all(10, momentum);
  const ahead = nesterov != 0;
  for (let i = begin; i < end; i += 4) {
    const at = i << 2;
    const value = v128.load(x + at);
    const g = gradient(v128.load(grad + at), value, vSign, vL2);
    const square = averagedSquare(v128.load(v + at), decay, share, g);
    v128.store(v + at, square);
    let variance = f32x4.mul(square, perC);
    if (a) {
      const mean = averaged(v128.load(a + at), decay, share, g);
      v128.store(a + at, mean);
      const corrected = f32x4.mul(mean, perC);
      variance = f32x4.max(f32x4.sub(variance, f32x4.mul(corrected, corrected)), f32x4.splat(0));
    }
    const root = f32x4.add(f32x4.sqrt(f32x4.add(variance, vInRoot)), vBeside);
    let d = f32x4.mul(vInside, f32x4.div(g, root));
    if (b) {
      const velocity = f32x4.add(f32x4.mul(mu, v128.load(b + at)), d);
      v128.store(b + at, velocity);
      d = ahead ? f32x4.add(d, f32x4.mul(mu, velocity)) : velocity;
    }
    v128.store(x + at, moved(value, vShrink, f32x4.mul(vOutside, d)));
  }
}

export function adagrad(begin: i32, end: i32, n: i32, x: i32, grad: i32, l2: f64, keep: f64, sign: f64, s: i32,
  rate: f64, inRoot: f64, beside: f64): void {
  const vSign = all(0, sign), vL2 = all(1, l2), vShrink = all(2, 1 - keep);
  const vRate = all(3, rate), vInRoot = all(4, inRoot), vBeside = all(5, beside);
  for (let i = begin; i < end; i += 4) {
    const at = i << 2;
    const value = v128.load(x + at);
    const g = gradient(v128.load(grad + at), value, vSign, vL2);
    const sum = f32x4.add(v128.load(s + at), f32x4.mul(g, g));
    v128.store(s + at, sum);
    const root = f32x4.add(f32x4.sqrt(f32x4.add(sum, vInRoot)), vBeside);
    v128.store(x + at, moved(value, vShrink, f32x4.mul(vRate, f32x4.div(g, root))));
  }
}

export function adadelta(begin: i32, end: i32, n: i32, x: i32, grad: i32, l2: f64, keep: f64, sign: f64, v: i32, u: i32,
  rate: f64, rho: f64, epsilon: f64, previousAccumulator: f64): void {
  const vSign = all(0, sign), vL2 = all(1, l2), vShrink = all(2, 1 - keep);
  const vRate = all(3, rate), decay = all(4, rho), share = all(5, 1 - rho), vEpsilon = all(6, epsilon);
  const byPrevious = previousAccumulator != 0;
  for (let i = begin; i < end; i += 4) {
    const at = i << 2;
    const value = v128.load(x + at);
    const g = gradient(v128.load(grad + at), value, vSign, vL2);
    const before = v128.load(v + at), steps = v128.load(u + at);
    const square = averagedSquare(before, decay, share, g);
    v128.store(v + at, square);
    const divisor = f32x4.add(byPrevious ? before : square, vEpsilon);
    const delta = f32x4.mul(f32x4.div(f32x4.sqrt(f32x4.add(steps, vEpsilon)), f32x4.sqrt(divisor)), g);
    v128.store(u + at, averagedSquare(steps, decay, share, delta));
    v128.store(x + at, moved(value, vShrink, f32x4.mul(vRate, delta)));
  }
}
