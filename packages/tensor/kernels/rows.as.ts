/**
 * What layers do to the rows of a matrix besides products. The reference of each is in `row-kernels.ts`.
 *
 *   addRowVector     x[n, :] += v
 *   columnSums       s += Σₙ x[n, :]
 *   gatherColumns    z[n, :] = W[:, ids[n]] + v            W [J, V]: the product with one-hot rows, picked
 *   scatterColumns   dW[:, ids[n]] += dz[n, :]
 *
 * A column of W lies across J cache lines. So W is transposed once into `spare` [V, J], which many ids then share,
 * and both sides of every copy are read in order; backward sums into `spare` and adds its transpose to dW.
 */
import { put, take } from './partial.as';

export function addRowVector(rows: i32, columns: i32, x: i32, v: i32): void {
  for (let n = 0; n < rows; n++) addInto(columns, v, x + ((n * columns) << 2));
}

export function columnSums(rows: i32, columns: i32, x: i32, s: i32): void {
  for (let j = 0; j < columns; j += 4) {
    const count = columns - j;
    let from = x + (j << 2);
    let sum = take(s + (j << 2), count);
    for (let n = 0; n < rows; n++) {
      sum = f32x4.add(sum, take(from, count));
      from += columns << 2;
    }
    put(s + (j << 2), sum, count);
  }
}

export function gatherColumns(rows: i32, J: i32, V: i32, W: i32, ids: i32, v: i32, z: i32, spare: i32): void {
  transpose(J, V, W, spare);
  for (let n = 0; n < rows; n++) {
    const to = z + ((n * J) << 2);
    memory.copy(to, spare + ((load<i32>(ids + (n << 2)) * J) << 2), J << 2);
    if (v) addInto(J, v, to);
  }
}

export function scatterColumns(rows: i32, J: i32, V: i32, dW: i32, ids: i32, dz: i32, spare: i32): void {
  memory.fill(spare, 0, (J * V) << 2);
  for (let n = 0; n < rows; n++) addInto(J, dz + ((n * J) << 2), spare + ((load<i32>(ids + (n << 2)) * J) << 2));
  for (let j = 0; j < J; j++) {
    for (let k = 0; k < V; k++) {
      const at = dW + ((j * V + k) << 2);
      store<f32>(at, load<f32>(at) + load<f32>(spare + ((k * J + j) << 2)));
    }
  }
}

/** to += from, `count` numbers each. */
function addInto(count: i32, from: i32, to: i32): void {
  for (let j = 0; j < count; j += 4) {
    const rest = count - j;
    const at = to + (j << 2);
    put(at, f32x4.add(take(at, rest), take(from + (j << 2), rest)), rest);
  }
}

/** to [columns, rows] = from [rows, columns]ᵀ */
function transpose(rows: i32, columns: i32, from: i32, to: i32): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) store<f32>(to + ((j * rows + i) << 2), load<f32>(from + ((i * columns + j) << 2)));
  }
}
