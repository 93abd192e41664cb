/**
 * y = φ(x) for `count` numbers. The reference is `activations.ts`.
 *
 * Every operation of an exponential waits for the one before, for sixty cycles in all, and a processor looks ahead over only so many that
 * wait. So two vectors go through it side by side, step by step.
 */
import {
  exp, expBounded, expOfRest, expRest, expRounded, sigmoid, sigmoidOfExp,
  tanh, tanhBounded, tanhDenominator, tanhNumerator, tanhOfQuotient,
} from './vector-math.as';
import { put, take } from './partial.as';

export function expAll(begin: i32, end: i32, count: i32, x: i32, y: i32): void {
  exponentials(begin, end, x, y, false);
}

export function sigmoidAll(begin: i32, end: i32, count: i32, x: i32, y: i32): void {
  exponentials(begin, end, x, y, true);
}

/** eˣ, or σ(x) from e⁻ˣ. */
// @ts-ignore: decorator
@inline
function exponentials(begin: i32, end: i32, x: i32, y: i32, ofSigmoid: bool): void {
  let k = begin;
  for (; k + 8 <= end; k += 8) {
    const from = x + (k << 2), to = y + (k << 2);
    let x0 = v128.load(from), x1 = v128.load(from, 16);
    if (ofSigmoid) { x0 = f32x4.neg(x0); x1 = f32x4.neg(x1); }
    x0 = expBounded(x0); x1 = expBounded(x1);
    const rounded0 = expRounded(x0), rounded1 = expRounded(x1);
    const r0 = expRest(x0, rounded0), r1 = expRest(x1, rounded1);
    const e0 = expOfRest(r0, rounded0), e1 = expOfRest(r1, rounded1);
    v128.store(to, ofSigmoid ? sigmoidOfExp(e0) : e0);
    v128.store(to, ofSigmoid ? sigmoidOfExp(e1) : e1, 16);
  }
  for (; k < end; k += 4) {
    const last = take(x + (k << 2), end - k);
    put(y + (k << 2), ofSigmoid ? sigmoid(last) : exp(last), end - k);
  }
}

export function tanhAll(begin: i32, end: i32, count: i32, x: i32, y: i32): void {
  let k = begin;
  for (; k + 8 <= end; k += 8) {
    const from = x + (k << 2), to = y + (k << 2);
    const x0 = v128.load(from), x1 = v128.load(from, 16);
    const bounded0 = tanhBounded(x0), bounded1 = tanhBounded(x1);
    const p0 = tanhNumerator(bounded0), p1 = tanhNumerator(bounded1);
    const q0 = tanhDenominator(bounded0), q1 = tanhDenominator(bounded1);
    v128.store(to, tanhOfQuotient(x0, p0, q0));
    v128.store(to, tanhOfQuotient(x1, p1, q1), 16);
  }
  for (; k < end; k += 4) put(y + (k << 2), tanh(take(x + (k << 2), end - k)), end - k);
}
