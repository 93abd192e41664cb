/** y = φ(x) for `count` numbers. The reference is `activations.ts`. */
import { exp, sigmoid, tanh } from './vector-math.as';
import { put, take } from './partial.as';

export function expAll(count: i32, x: i32, y: i32): void {
  for (let k = 0; k < count; k += 4) put(y + (k << 2), exp(take(x + (k << 2), count - k)), count - k);
}

export function sigmoidAll(count: i32, x: i32, y: i32): void {
  for (let k = 0; k < count; k += 4) put(y + (k << 2), sigmoid(take(x + (k << 2), count - k)), count - k);
}

export function tanhAll(count: i32, x: i32, y: i32): void {
  for (let k = 0; k < count; k += 4) put(y + (k << 2), tanh(take(x + (k << 2), count - k)), count - k);
}
