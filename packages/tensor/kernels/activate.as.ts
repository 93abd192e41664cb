/** y = φ(x) for `count` numbers. The reference is `activations.ts`. */
import { exp, sigmoid, tanh } from './vector-math.as';
import { put, take } from './partial.as';

export function expAll(begin: i32, end: i32, count: i32, x: i32, y: i32): void {
  for (let k = begin; k < end; k += 4) put(y + (k << 2), exp(take(x + (k << 2), end - k)), end - k);
}

export function sigmoidAll(begin: i32, end: i32, count: i32, x: i32, y: i32): void {
  for (let k = begin; k < end; k += 4) put(y + (k << 2), sigmoid(take(x + (k << 2), end - k)), end - k);
}

export function tanhAll(begin: i32, end: i32, count: i32, x: i32, y: i32): void {
  for (let k = begin; k < end; k += 4) put(y + (k << 2), tanh(take(x + (k << 2), end - k)), end - k);
}
