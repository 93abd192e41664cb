/**
 * What layers do to the rows of a matrix besides products. The reference of each is in `row-kernels.ts`.
 *
 *   addRowVector     x[n, :] += v
 *   addRows          x[n, :] += y[n, :]
 *   columnSums       s += Σₙ x[n, :]
 *   gatherColumns    z[n, :] = W[:, ids[n]] + v            W [J, V]: the product with one-hot rows, picked
 *   scatterColumns   dW[:, ids[n]] += dz[n, :]
 *
 * A column of W lies across J cache lines. So W is transposed once into `spare` [V, J], with v added, which many ids then share,
 * and both sides of every copy are read in order; backward sums into `spare` and adds its transpose to dW. Where there are
 * fewer ids than columns, as in sampling, the few that are asked for are picked as they lie.
 *
 * [begin, end) is what one thread does: rows in addRowVector and addRows, columns of x, W and dW in the others.
 */
import { put, take } from './partial.as';

export function addRowVector(begin: i32, end: i32, rows: i32, columns: i32, x: i32, v: i32): void {
  for (let n = begin; n < end; n++) addInto(columns, v, x + ((n * columns) << 2));
}

export function addRows(begin: i32, end: i32, rows: i32, columns: i32, x: i32, y: i32): void {
  const from = (begin * columns) << 2;
  addInto((end - begin) * columns, y + from, x + from);
}

export function columnSums(begin: i32, end: i32, rows: i32, columns: i32, x: i32, s: i32): void {
  let j = begin;
  // 32 columns at once: whole cache lines of every row, which is gone over once.
  for (; j + 32 <= end; j += 32) {
    const to = s + (j << 2);
    let s0 = v128.load(to, 0), s1 = v128.load(to, 16), s2 = v128.load(to, 32), s3 = v128.load(to, 48);
    let s4 = v128.load(to, 64), s5 = v128.load(to, 80), s6 = v128.load(to, 96), s7 = v128.load(to, 112);
    let from = x + (j << 2);
    for (let n = 0; n < rows; n++) {
      s0 = f32x4.add(s0, v128.load(from, 0)); s1 = f32x4.add(s1, v128.load(from, 16));
      s2 = f32x4.add(s2, v128.load(from, 32)); s3 = f32x4.add(s3, v128.load(from, 48));
      s4 = f32x4.add(s4, v128.load(from, 64)); s5 = f32x4.add(s5, v128.load(from, 80));
      s6 = f32x4.add(s6, v128.load(from, 96)); s7 = f32x4.add(s7, v128.load(from, 112));
      from += columns << 2;
    }
    v128.store(to, s0, 0); v128.store(to, s1, 16); v128.store(to, s2, 32); v128.store(to, s3, 48);
    v128.store(to, s4, 64); v128.store(to, s5, 80); v128.store(to, s6, 96); v128.store(to, s7, 112);
  }
  for (; j < end; j += 4) {
    const count = end - j;
    let from = x + (j << 2);
    let sum = take(s + (j << 2), count);
    for (let n = 0; n < rows; n++) {
      sum = f32x4.add(sum, take(from, count));
      from += columns << 2;
    }
    put(s + (j << 2), sum, count);
  }
}

export function gatherColumns(begin: i32, end: i32, rows: i32, J: i32, V: i32, W: i32, ids: i32, v: i32, z: i32, spare: i32): void {
  const count = end - begin;
  if (rows < V) {
    for (let n = 0; n < rows; n++) {
      const from = W + (load<i32>(ids + (n << 2)) << 2);
      const to = z + ((n * J) << 2);
      for (let j = begin; j < end; j++) store<f32>(to + (j << 2), load<f32>(from + ((j * V) << 2)));
      if (v) addInto(count, v + (begin << 2), to + (begin << 2));
    }
    return;
  }
  for (let j = begin; j < end; j++) {
    const bias: f32 = v ? load<f32>(v + (j << 2)) : 0;
    for (let k = 0; k < V; k++) store<f32>(spare + ((k * J + j) << 2), load<f32>(W + ((j * V + k) << 2)) + bias);
  }
  for (let n = 0; n < rows; n++) {
    const from = spare + ((load<i32>(ids + (n << 2)) * J + begin) << 2);
    memory.copy(z + ((n * J + begin) << 2), from, count << 2);
  }
}

export function scatterColumns(begin: i32, end: i32, rows: i32, J: i32, V: i32, dW: i32, ids: i32, dz: i32, spare: i32): void {
  const count = end - begin;
  for (let k = 0; k < V; k++) memory.fill(spare + ((k * J + begin) << 2), 0, count << 2);
  for (let n = 0; n < rows; n++) {
    addInto(count, dz + ((n * J + begin) << 2), spare + ((load<i32>(ids + (n << 2)) * J + begin) << 2));
  }
  for (let j = begin; j < end; j++) {
    for (let k = 0; k < V; k++) {
      const at = dW + ((j * V + k) << 2);
      store<f32>(at, load<f32>(at) + load<f32>(spare + ((k * J + j) << 2)));
    }
  }
}

/** to += from, `count` numbers each. */
function addInto(count: i32, from: i32, to: i32): void {
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    v128.store(to + (j << 2), f32x4.add(v128.load(to + (j << 2)), v128.load(from + (j << 2))));
  }
  if (j < count) {
    const rest = count - j;
    put(to + (j << 2), f32x4.add(take(to + (j << 2), rest), take(from + (j << 2), rest)), rest);
  }
}
