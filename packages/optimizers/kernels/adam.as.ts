/**
 * The twins of `update` in `../src/adam.ts`, `nadam.ts`, `radam.ts` and `adamax.ts`.
 *
 * With √c taken out of the root, what is the same for all elements is worked out once, and a division is saved:
 *
 *   rate·m / (√(v/c + ε_root) + ε) = (rate·√c)·m / (√(v + ε_root·c) + ε·√c)
 *
 * The division by the root comes before the product with the rate, lest a tiny m vanish among the denormals.
 */
import { all, averaged, averagedSquare, gradient, moved } from './element.as';

/** vMax is absent without amsgrad. */
export function adam(begin: i32, end: i32, n: i32, x: i32, grad: i32, l2: f64, keep: f64, sign: f64, m: i32, v: i32, vMax: i32,
  beta1: f64, beta2: f64, rate: f64, c: f64, epsilonRoot: f64, epsilon: f64, cMax: f64): void {
  const vSign = all(0, sign), vL2 = all(1, l2), vShrink = all(2, 1 - keep);
  const decay1 = all(3, beta1), share1 = all(4, 1 - beta1), decay2 = all(5, beta2), share2 = all(6, 1 - beta2);
  const vRate = all(7, rate * Math.sqrt(c)), inRoot = all(8, epsilonRoot * c), beside = all(9, epsilon * Math.sqrt(c));
  const perMax = all(10, 1 / cMax);
  for (let i = begin; i < end; i += 4) {
    const at = i << 2;
    const value = v128.load(x + at);
    const g = gradient(v128.load(grad + at), value, vSign, vL2);
    const mean = averaged(v128.load(m + at), decay1, share1, g);
    let square = averagedSquare(v128.load(v + at), decay2, share2, g);
    v128.store(m + at, mean);
    v128.store(v + at, square);
    if (vMax) {
      square = f32x4.max(v128.load(vMax + at), f32x4.mul(square, perMax));
      v128.store(vMax + at, square);
    }
    const root = f32x4.add(f32x4.sqrt(f32x4.add(square, inRoot)), beside);
    v128.store(x + at, moved(value, vShrink, f32x4.mul(vRate, f32x4.div(mean, root))));
  }
}

export function nadam(begin: i32, end: i32, n: i32, x: i32, grad: i32, l2: f64, keep: f64, sign: f64, m: i32, v: i32,
  beta1: f64, beta2: f64, ofM: f64, ofG: f64, c2: f64, epsilonRoot: f64, epsilon: f64): void {
  const vSign = all(0, sign), vL2 = all(1, l2), vShrink = all(2, 1 - keep);
  const decay1 = all(3, beta1), share1 = all(4, 1 - beta1), decay2 = all(5, beta2), share2 = all(6, 1 - beta2);
  const vOfM = all(7, ofM * Math.sqrt(c2)), vOfG = all(8, ofG * Math.sqrt(c2));
  const inRoot = all(9, epsilonRoot * c2), beside = all(10, epsilon * Math.sqrt(c2));
  for (let i = begin; i < end; i += 4) {
    const at = i << 2;
    const value = v128.load(x + at);
    const g = gradient(v128.load(grad + at), value, vSign, vL2);
    const mean = averaged(v128.load(m + at), decay1, share1, g);
    const square = averagedSquare(v128.load(v + at), decay2, share2, g);
    v128.store(m + at, mean);
    v128.store(v + at, square);
    const root = f32x4.add(f32x4.sqrt(f32x4.add(square, inRoot)), beside);
    const step = f32x4.add(f32x4.mul(vOfM, f32x4.div(mean, root)), f32x4.mul(vOfG, f32x4.div(g, root)));
    v128.store(x + at, moved(value, vShrink, step));
  }
}

/** Without `divide`, the step is rate·m. */
export function radam(begin: i32, end: i32, n: i32, x: i32, grad: i32, l2: f64, keep: f64, sign: f64, m: i32, v: i32,
  beta1: f64, beta2: f64, rate: f64, c2: f64, epsilonRoot: f64, epsilon: f64, divide: f64): void {
  const divides = divide != 0;
  const vSign = all(0, sign), vL2 = all(1, l2), vShrink = all(2, 1 - keep);
  const decay1 = all(3, beta1), share1 = all(4, 1 - beta1), decay2 = all(5, beta2), share2 = all(6, 1 - beta2);
  const vRate = all(7, divides ? rate * Math.sqrt(c2) : rate);
  const inRoot = all(8, epsilonRoot * c2), beside = all(9, epsilon * Math.sqrt(c2));
  for (let i = begin; i < end; i += 4) {
    const at = i << 2;
    const value = v128.load(x + at);
    const g = gradient(v128.load(grad + at), value, vSign, vL2);
    const mean = averaged(v128.load(m + at), decay1, share1, g);
    const square = averagedSquare(v128.load(v + at), decay2, share2, g);
    v128.store(m + at, mean);
    v128.store(v + at, square);
    let step = mean;
    if (divides) step = f32x4.div(mean, f32x4.add(f32x4.sqrt(f32x4.add(square, inRoot)), beside));
    v128.store(x + at, moved(value, vShrink, f32x4.mul(vRate, step)));
  }
}

export function adamax(begin: i32, end: i32, n: i32, x: i32, grad: i32, l2: f64, keep: f64, sign: f64, m: i32, u: i32,
  beta1: f64, beta2: f64, rate: f64, inMax: f64, beside: f64): void {
  const vSign = all(0, sign), vL2 = all(1, l2), vShrink = all(2, 1 - keep);
  const decay1 = all(3, beta1), share1 = all(4, 1 - beta1), decay2 = all(5, beta2);
  const vRate = all(6, rate), vInMax = all(7, inMax), vBeside = all(8, beside);
  for (let i = begin; i < end; i += 4) {
    const at = i << 2;
    const value = v128.load(x + at);
    const g = gradient(v128.load(grad + at), value, vSign, vL2);
    const mean = averaged(v128.load(m + at), decay1, share1, g);
    const largest = f32x4.max(f32x4.mul(decay2, v128.load(u + at)), f32x4.add(f32x4.abs(g), vInMax));
    v128.store(m + at, mean);
    v128.store(u + at, largest);
    v128.store(x + at, moved(value, vShrink, f32x4.mul(vRate, f32x4.div(mean, f32x4.add(largest, vBeside)))));
  }
}
