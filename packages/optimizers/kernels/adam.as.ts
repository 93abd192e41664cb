/**
 * The twins of `update` in `../src/adam.ts`, `nadam.ts`, `radam.ts` and `adamax.ts`.
 *
 * With √c taken out of the root, what is the same for all elements is worked out once, and a division is saved:
 *
 *   rate·m / (√(v/c + ε_root) + ε) = (rate·√c)·m / (√(v + ε_root·c) + ε·√c)
 *
 * The division by the root comes before the product with the rate, lest a tiny m vanish among the denormals.
 */
import { put, take } from '../../tensor/kernels/partial.as';
import { all, averaged, averagedSquare, gradient, moved } from './element.as';

/** vMax is absent without amsgrad. */
export function adam(begin: i32, end: i32, n: i32, x: i32, grad: i32, l2: f64, keep: f64, sign: f64, m: i32, v: i32, vMax: i32,
  beta1: f64, beta2: f64, rate: f64, c: f64, epsilonRoot: f64, epsilon: f64, cMax: f64): void {
  const vSign = all(sign), vL2 = all(l2), vShrink = all(1 - keep);
  const decay1 = all(beta1), share1 = all(1 - beta1), decay2 = all(beta2), share2 = all(1 - beta2);
  const vRate = all(rate * Math.sqrt(c)), inRoot = all(epsilonRoot * c), beside = all(epsilon * Math.sqrt(c));
  const perMax = all(1 / cMax);
  for (let i = begin; i < end; i += 4) {
    const at = i << 2, rest = end - i;
    const value = take(x + at, rest);
    const g = gradient(take(grad + at, rest), value, vSign, vL2);
    const mean = averaged(take(m + at, rest), decay1, share1, g);
    let square = averagedSquare(take(v + at, rest), decay2, share2, g);
    put(m + at, mean, rest);
    put(v + at, square, rest);
    if (vMax) {
      square = f32x4.max(take(vMax + at, rest), f32x4.mul(square, perMax));
      put(vMax + at, square, rest);
    }
    const root = f32x4.add(f32x4.sqrt(f32x4.add(square, inRoot)), beside);
    put(x + at, moved(value, vShrink, f32x4.mul(vRate, f32x4.div(mean, root))), rest);
  }
}

export function nadam(begin: i32, end: i32, n: i32, x: i32, grad: i32, l2: f64, keep: f64, sign: f64, m: i32, v: i32,
  beta1: f64, beta2: f64, ofM: f64, ofG: f64, c2: f64, epsilonRoot: f64, epsilon: f64): void {
  const vSign = all(sign), vL2 = all(l2), vShrink = all(1 - keep);
  const decay1 = all(beta1), share1 = all(1 - beta1), decay2 = all(beta2), share2 = all(1 - beta2);
  const vOfM = all(ofM * Math.sqrt(c2)), vOfG = all(ofG * Math.sqrt(c2));
  const inRoot = all(epsilonRoot * c2), beside = all(epsilon * Math.sqrt(c2));
  for (let i = begin; i < end; i += 4) {
    const at = i << 2, rest = end - i;
    const value = take(x + at, rest);
    const g = gradient(take(grad + at, rest), value, vSign, vL2);
    const mean = averaged(take(m + at, rest), decay1, share1, g);
    const square = averagedSquare(take(v + at, rest), decay2, share2, g);
    put(m + at, mean, rest);
    put(v + at, square, rest);
    const root = f32x4.add(f32x4.sqrt(f32x4.add(square, inRoot)), beside);
    const step = f32x4.add(f32x4.mul(vOfM, f32x4.div(mean, root)), f32x4.mul(vOfG, f32x4.div(g, root)));
    put(x + at, moved(value, vShrink, step), rest);
  }
}

/** Without `divide`, the step is rate·m. */
export function radam(begin: i32, end: i32, n: i32, x: i32, grad: i32, l2: f64, keep: f64, sign: f64, m: i32, v: i32,
  beta1: f64, beta2: f64, rate: f64, c2: f64, epsilonRoot: f64, epsilon: f64, divide: f64): void {
  const divides = divide != 0;
  const vSign = all(sign), vL2 = all(l2), vShrink = all(1 - keep);
  const decay1 = all(beta1), share1 = all(1 - beta1), decay2 = all(beta2), share2 = all(1 - beta2);
  const vRate = all(divides ? rate * Math.sqrt(c2) : rate);
  const inRoot = all(epsilonRoot * c2), beside = all(epsilon * Math.sqrt(c2));
  for (let i = begin; i < end; i += 4) {
    const at = i << 2, rest = end - i;
    const value = take(x + at, rest);
    const g = gradient(take(grad + at, rest), value, vSign, vL2);
    const mean = averaged(take(m + at, rest), decay1, share1, g);
    const square = averagedSquare(take(v + at, rest), decay2, share2, g);
    put(m + at, mean, rest);
    put(v + at, square, rest);
    let step = mean;
    if (divides) step = f32x4.div(mean, f32x4.add(f32x4.sqrt(f32x4.add(square, inRoot)), beside));
    put(x + at, moved(value, vShrink, f32x4.mul(vRate, step)), rest);
  }
}

export function adamax(begin: i32, end: i32, n: i32, x: i32, grad: i32, l2: f64, keep: f64, sign: f64, m: i32, u: i32,
  beta1: f64, beta2: f64, rate: f64, inMax: f64, beside: f64): void {
  const vSign = all(sign), vL2 = all(l2), vShrink = all(1 - keep);
  const decay1 = all(beta1), share1 = all(1 - beta1), decay2 = all(beta2);
  const vRate = all(rate), vInMax = all(inMax), vBeside = all(beside);
  for (let i = begin; i < end; i += 4) {
    const at = i << 2, rest = end - i;
    const value = take(x + at, rest);
    const g = gradient(take(grad + at, rest), value, vSign, vL2);
    const mean = averaged(take(m + at, rest), decay1, share1, g);
    const largest = f32x4.max(f32x4.mul(decay2, take(u + at, rest)), f32x4.add(f32x4.abs(g), vInMax));
    put(m + at, mean, rest);
    put(u + at, largest, rest);
    put(x + at, moved(value, vShrink, f32x4.mul(vRate, f32x4.div(mean, f32x4.add(largest, vBeside)))), rest);
  }
}
