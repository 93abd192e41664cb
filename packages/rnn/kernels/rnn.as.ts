/** φ of one step of a plain recurrent network, φ = tanh, or relu where `relu` is 1. The reference is in `rnn-cell.ts`. */
import { put, take } from '../../tensor/kernels/partial.as';
import { tanh, tanhSlope } from '../../tensor/kernels/vector-math.as';

export function rnnForward(begin: i32, end: i32, B: i32, H: i32, relu: i32, a: i32, hNext: i32): void {
  const last = end * H;
  let k = begin * H;
  for (; k + 4 <= last; k += 4) forward(4, relu, a + (k << 2), hNext + (k << 2));
  if (k < last) forward(last - k, relu, a + (k << 2), hNext + (k << 2));
}

/** `rest` numbers. Inlined, as `backward`, four need no checks. */
// @ts-ignore: decorator
@inline
function forward(rest: i32, relu: i32, a: i32, hNext: i32): void {
  const x = take(a, rest);
  const y = relu ? f32x4.max(x, f32x4.splat(0)) : tanh(x);
  put(a, y, rest);
  put(hNext, y, rest);
}

export function rnnBackward(begin: i32, end: i32, B: i32, H: i32, relu: i32, hNext: i32, dh: i32, da: i32): void {
  const last = end * H;
  let k = begin * H;
  for (; k + 4 <= last; k += 4) backward(4, relu, hNext + (k << 2), dh + (k << 2), da + (k << 2));
  if (k < last) backward(last - k, relu, hNext + (k << 2), dh + (k << 2), da + (k << 2));
}

// @ts-ignore: decorator
@inline
function backward(rest: i32, relu: i32, hNext: i32, dh: i32, da: i32): void {
  const y = take(hNext, rest);
  const slope = relu ? v128.and(f32x4.gt(y, f32x4.splat(0)), f32x4.splat(1)) : tanhSlope(y);
  put(da, f32x4.mul(take(dh, rest), slope), rest);
}
