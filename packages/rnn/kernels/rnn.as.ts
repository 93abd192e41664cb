/** φ of one step of a plain recurrent network, φ = tanh, or relu where `relu` is 1. The reference is in `rnn-cell.ts`. */
import { put, take } from '../../tensor/kernels/partial.as';
import { tanh, tanhSlope } from '../../tensor/kernels/vector-math.as';

export function rnnForward(begin: i32, end: i32, B: i32, H: i32, relu: i32, a: i32, hNext: i32): void {
  const zero = f32x4.splat(0);
  const last = end * H;
  for (let k = begin * H; k < last; k += 4) {
    const x = take(a + (k << 2), last - k);
    const y = relu ? f32x4.max(x, zero) : tanh(x);
    put(a + (k << 2), y, last - k);
    put(hNext + (k << 2), y, last - k);
  }
}

export function rnnBackward(begin: i32, end: i32, B: i32, H: i32, relu: i32, hNext: i32, dh: i32, da: i32): void {
  const one = f32x4.splat(1), zero = f32x4.splat(0);
  const last = end * H;
  for (let k = begin * H; k < last; k += 4) {
    const y = take(hNext + (k << 2), last - k);
    const slope = relu ? v128.and(f32x4.gt(y, zero), one) : tanhSlope(y);
    put(da + (k << 2), f32x4.mul(take(dh + (k << 2), last - k), slope), last - k);
  }
}
