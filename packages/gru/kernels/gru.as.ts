/**
 * The gates of one GRU step (reset after the product), four units at a time. The reference and the equations are in
 * `gru-cell.ts`.
 */
import { put, take } from '../../tensor/kernels/partial.as';
import { sigmoid, sigmoidSlope, tanh, tanhSlope } from '../../tensor/kernels/vector-math.as';

export function gruForward(begin: i32, end: i32, B: i32, H: i32, A: i32, U: i32, h: i32, uN: i32, hNext: i32): void {
  const one = f32x4.splat(1);
  const gate = H << 2;
  for (let b = begin; b < end; b++) {
    const a = A + ((b * 3 * H) << 2), u = U + ((b * 3 * H) << 2);
    for (let k = 0; k < 2 * H; k += 4) { // r and z, which lie side by side
      const at = k << 2, rest = 2 * H - k;
      put(a + at, sigmoid(f32x4.add(take(a + at, rest), take(u + at, rest))), rest);
    }
    for (let k = 0; k < H; k += 4) {
      const rest = H - k;
      const at = a + (k << 2);
      const unit = (b * H + k) << 2;
      const r = take(at, rest), z = take(at + gate, rest), un = take(u + 2 * gate + (k << 2), rest);
      const n = tanh(f32x4.add(take(at + 2 * gate, rest), f32x4.mul(r, un)));
      put(at + 2 * gate, n, rest);
      put(uN + unit, un, rest);
      put(hNext + unit, f32x4.add(f32x4.mul(f32x4.sub(one, z), n), f32x4.mul(z, take(h + unit, rest))), rest);
    }
  }
}

export function gruBackward(begin: i32, end: i32, B: i32, H: i32, A: i32, uN: i32, h: i32, dA: i32, dU: i32, dh: i32): void {
  const one = f32x4.splat(1);
  const gate = H << 2;
  for (let b = begin; b < end; b++) {
    for (let k = 0; k < H; k += 4) {
      const rest = H - k;
      const at = (b * 3 * H + k) << 2;
      const unit = (b * H + k) << 2;
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
  }
}
