/**
 * The gates of one GRU step (reset after the product), four units at a time. The reference and the equations are in
 * `gru-cell.ts`.
 */
import { put, take } from '../../tensor/kernels/partial.as';
import { sigmoid, sigmoidSlope, tanh, tanhSlope } from '../../tensor/kernels/vector-math.as';

export function gruForward(begin: i32, end: i32, B: i32, H: i32, A: i32, U: i32, h: i32, uN: i32, hNext: i32): void {
  const gate = H << 2;
  for (let b = begin; b < end; b++) {
    const a = A + ((b * 3 * H) << 2), u = U + ((b * 3 * H) << 2), first = (b * H) << 2;
    let k = 0;
    for (; k + 4 <= 2 * H; k += 4) resetAndUpdate(4, a + (k << 2), u + (k << 2));
    if (k < 2 * H) resetAndUpdate(2 * H - k, a + (k << 2), u + (k << 2));
    for (k = 0; k + 4 <= H; k += 4) candidate(4, gate, a + (k << 2), u + (k << 2), first + (k << 2), h, uN, hNext);
    if (k < H) candidate(H - k, gate, a + (k << 2), u + (k << 2), first + (k << 2), h, uN, hNext);
  }
}

/** `rest` numbers of r and z, which lie side by side. Inlined, as the two below, whole vectors need no checks. */
// @ts-ignore: decorator
@inline
function resetAndUpdate(rest: i32, a: i32, u: i32): void {
  put(a, sigmoid(f32x4.add(take(a, rest), take(u, rest))), rest);
}

/** `rest` units: a and u are where their r lies; h, uN and hNext have them at `unit`. */
// @ts-ignore: decorator
@inline
function candidate(rest: i32, gate: i32, a: i32, u: i32, unit: i32, h: i32, uN: i32, hNext: i32): void {
  const one = f32x4.splat(1);
  const r = take(a, rest), z = take(a + gate, rest), un = take(u + 2 * gate, rest);
  const n = tanh(f32x4.add(take(a + 2 * gate, rest), f32x4.mul(r, un)));
  put(a + 2 * gate, n, rest);
  put(uN + unit, un, rest);
  put(hNext + unit, f32x4.add(f32x4.mul(f32x4.sub(one, z), n), f32x4.mul(z, take(h + unit, rest))), rest);
}

export function gruBackward(begin: i32, end: i32, B: i32, H: i32, A: i32, uN: i32, h: i32, dA: i32, dU: i32, dh: i32): void {
  const gate = H << 2;
  for (let b = begin; b < end; b++) {
    const row = (b * 3 * H) << 2, first = (b * H) << 2;
    let k = 0;
    for (; k + 4 <= H; k += 4) backward(4, gate, row + (k << 2), first + (k << 2), A, uN, h, dA, dU, dh);
    if (k < H) backward(H - k, gate, row + (k << 2), first + (k << 2), A, uN, h, dA, dU, dh);
  }
}

/** `rest` units: at `at` in A, dA and dU, at `unit` in the others. */
// @ts-ignore: decorator
@inline
function backward(rest: i32, gate: i32, at: i32, unit: i32, A: i32, uN: i32, h: i32, dA: i32, dU: i32, dh: i32): void {
  const one = f32x4.splat(1);
  const r = take(A + at, rest), z = take(A + at + gate, rest), n = take(A + at + 2 * gate, rest);
  const up = take(dh + unit, rest);
  const dn = f32x4.mul(f32x4.mul(up, f32x4.sub(one, z)), tanhSlope(n));
  const dr = f32x4.mul(f32x4.mul(dn, take(uN + unit, rest)), sigmoidSlope(r));
  const dz = f32x4.mul(f32x4.mul(up, f32x4.sub(take(h + unit, rest), n)), sigmoidSlope(z));
  put(dA + at, dr, rest);
  put(dU + at, dr, rest);
  put(dA + at + gate, dz, rest);
  put(dU + at + gate, dz, rest);
  put(dA + at + 2 * gate, dn, rest);
  put(dU + at + 2 * gate, f32x4.mul(dn, r), rest);
  put(dh + unit, f32x4.mul(up, z), rest);
}
