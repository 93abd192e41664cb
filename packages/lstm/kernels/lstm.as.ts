/**
 * The gates of one LSTM step, four units at a time. The reference and the equations are in `lstm-cell.ts`.
 *
 * Forward, a row is gone over several times while it is in L1, a gate at a time: a loop with one exponential in it keeps its
 * constants in registers, one with five does not and takes twice as long.
 */
import { sigmoidAll, tanhAll } from '../../tensor/kernels/activate.as';
import { put, take } from '../../tensor/kernels/partial.as';
import { sigmoidSlope, tanh, tanhSlope } from '../../tensor/kernels/vector-math.as';

export function lstmForward(begin: i32, end: i32, B: i32, H: i32, A: i32, c: i32, cNext: i32, tanhC: i32, hNext: i32): void {
  const gate = H << 2;
  for (let b = begin; b < end; b++) {
    const row = A + ((b * 4 * H) << 2), first = (b * H) << 2;
    sigmoidAll(0, 2 * H, 2 * H, row, row); // i and f
    tanhAll(0, H, H, row + 2 * gate, row + 2 * gate);
    sigmoidAll(0, H, H, row + 3 * gate, row + 3 * gate);
    let k = 0;
    for (; k + 4 <= H; k += 4) forward(4, gate, row + (k << 2), first + (k << 2), c, cNext, tanhC, hNext);
    if (k < H) forward(H - k, gate, row + (k << 2), first + (k << 2), c, cNext, tanhC, hNext);
  }
}

/** `rest` units: their gates from `at` on, a gate behind the other; at `unit` in the others. Inlined, four units need no checks. */
// @ts-ignore: decorator
@inline
function forward(rest: i32, gate: i32, at: i32, unit: i32, c: i32, cNext: i32, tanhC: i32, hNext: i32): void {
  const i = take(at, rest), f = take(at + gate, rest), g = take(at + 2 * gate, rest), o = take(at + 3 * gate, rest);
  const next = f32x4.add(f32x4.mul(f, take(c + unit, rest)), f32x4.mul(i, g));
  const shown = tanh(next);
  put(cNext + unit, next, rest);
  put(tanhC + unit, shown, rest);
  put(hNext + unit, f32x4.mul(o, shown), rest);
}

export function lstmBackward(begin: i32, end: i32, B: i32, H: i32, A: i32, c: i32, tanhC: i32, dA: i32, dh: i32, dc: i32): void {
  const gate = H << 2;
  for (let b = begin; b < end; b++) {
    const row = (b * 4 * H) << 2, first = (b * H) << 2;
    let k = 0;
    for (; k + 4 <= H; k += 4) backward(4, gate, row + (k << 2), first + (k << 2), A, c, tanhC, dA, dh, dc);
    if (k < H) backward(H - k, gate, row + (k << 2), first + (k << 2), A, c, tanhC, dA, dh, dc);
  }
}

/** As `forward`; `at` is in A and dA. */
// @ts-ignore: decorator
@inline
function backward(rest: i32, gate: i32, at: i32, unit: i32, A: i32, c: i32, tanhC: i32, dA: i32, dh: i32, dc: i32): void {
  const i = take(A + at, rest), f = take(A + at + gate, rest);
  const g = take(A + at + 2 * gate, rest), o = take(A + at + 3 * gate, rest);
  const shown = take(tanhC + unit, rest);
  const up = take(dh + unit, rest);
  const dcNext = f32x4.add(take(dc + unit, rest), f32x4.mul(f32x4.mul(up, o), tanhSlope(shown)));
  const dg = f32x4.mul(f32x4.mul(dcNext, i), tanhSlope(g));
  put(dA + at, f32x4.mul(f32x4.mul(dcNext, g), sigmoidSlope(i)), rest);
  put(dA + at + gate, f32x4.mul(f32x4.mul(dcNext, take(c + unit, rest)), sigmoidSlope(f)), rest);
  put(dA + at + 2 * gate, dg, rest);
  put(dA + at + 3 * gate, f32x4.mul(f32x4.mul(up, shown), sigmoidSlope(o)), rest);
  put(dc + unit, f32x4.mul(dcNext, f), rest);
}
