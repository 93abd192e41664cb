/** The twin of `update` in `../src/sgd.ts`. Without momentum, v is absent. */
import { all, gradient, moved } from './element.as';

export function sgd(begin: i32, end: i32, n: i32, x: i32, grad: i32, l2: f64, keep: f64, sign: f64, v: i32,
  momentum: f64, taken: f64, inside: f64, outside: f64, nesterov: f64): void {
  const vSign = all(0, sign), vL2 = all(1, l2), vShrink = all(2, 1 - keep);
  const mu = all(3, momentum), vTaken = all(4, taken), vInside = all(5, inside), vOutside = all(6, outside);
  const ahead = nesterov != 0;
  for (let i = begin; i < end; i += 4) {
    const at = i << 2;
    const value = v128.load(x + at);
    const g = gradient(v128.load(grad + at), value, vSign, vL2);
    let d = f32x4.mul(vInside, g);
    if (v) {
      const velocity = f32x4.add(f32x4.mul(mu, v128.load(v + at)), f32x4.mul(vTaken, g));
      v128.store(v + at, velocity);
      d = ahead ? f32x4.add(d, f32x4.mul(mu, velocity)) : velocity;
    }
    v128.store(x + at, moved(value, vShrink, f32x4.mul(vOutside, d)));
  }
}
