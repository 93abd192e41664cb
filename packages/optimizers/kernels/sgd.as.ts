/** The twin of `update` in `../src/sgd.ts`. Without momentum, v is absent. */
import { put, take } from '../../tensor/kernels/partial.as';
import { all, gradient, moved } from './element.as';

export function sgd(begin: i32, end: i32, n: i32, x: i32, grad: i32, l2: f64, keep: f64, sign: f64, v: i32,
  momentum: f64, taken: f64, inside: f64, outside: f64, nesterov: f64): void {
  const vSign = all(sign), vL2 = all(l2), vShrink = all(1 - keep);
  const mu = all(momentum), vTaken = all(taken), vInside = all(inside), vOutside = all(outside);
  const ahead = nesterov != 0;
  for (let i = begin; i < end; i += 4) {
    const at = i << 2, rest = end - i;
    const value = take(x + at, rest);
    const g = gradient(take(grad + at, rest), value, vSign, vL2);
    let d = f32x4.mul(vInside, g);
    if (v) {
      const velocity = f32x4.add(f32x4.mul(mu, take(v + at, rest)), f32x4.mul(vTaken, g));
      put(v + at, velocity, rest);
      d = ahead ? f32x4.add(d, f32x4.mul(mu, velocity)) : velocity;
    }
    put(x + at, moved(value, vShrink, f32x4.mul(vOutside, d)), rest);
  }
}
