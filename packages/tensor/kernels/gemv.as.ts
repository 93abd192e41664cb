/**
 * One row times a matrix, without packing: y [n] += x [k] · op(B) [k, n].
 *
 * B is read once and every number of it is used once, so the speed is that of memory. Two loops, by how B lies:
 *
 *   rows of op(B) contiguous (bColumn = 1):   y += x[p]·B[p, :], for 32 numbers of y at a time
 *   columns contiguous (bRow = 1):            y[j] += ⟨x, B[:, j]⟩, four j at a time, each as eight partial sums
 */
import { put, take } from './partial.as';

/** y += x·op(B). x has stride `xStride`, in numbers. */
export function gemv(n: i32, k: i32, x: i32, xStride: i32, b: i32, bRow: i32, bColumn: i32, y: i32): void {
  if (bColumn == 1) addRows(n, k, x, xStride, b, bRow << 2, y);
  else if (bRow == 1 && xStride == 1) addDots(n, k, x, b, bColumn << 2, y);
  else {
    for (let j = 0; j < n; j++) {
      let sum = load<f32>(y + (j << 2));
      for (let p = 0; p < k; p++) sum += load<f32>(x + ((p * xStride) << 2)) * load<f32>(b + ((p * bRow + j * bColumn) << 2));
      store<f32>(y + (j << 2), sum);
    }
  }
}

function addRows(n: i32, k: i32, x: i32, xStride: i32, b: i32, stride: i32, y: i32): void {
  const step = xStride << 2;
  let j = 0;
  // 32 sums stay in registers while their columns are gone through: y is touched once, and B in whole cache lines.
  for (; j + 32 <= n; j += 32) {
    const at = y + (j << 2);
    let s0 = v128.load(at, 0), s1 = v128.load(at, 16), s2 = v128.load(at, 32), s3 = v128.load(at, 48);
    let s4 = v128.load(at, 64), s5 = v128.load(at, 80), s6 = v128.load(at, 96), s7 = v128.load(at, 112);
    let from = b + (j << 2);
    let xp = x;
    for (let p = 0; p < k; p++) {
      const factor = v128.load32_splat(xp);
      s0 = f32x4.add(s0, f32x4.mul(factor, v128.load(from, 0))); s1 = f32x4.add(s1, f32x4.mul(factor, v128.load(from, 16)));
      s2 = f32x4.add(s2, f32x4.mul(factor, v128.load(from, 32))); s3 = f32x4.add(s3, f32x4.mul(factor, v128.load(from, 48)));
      s4 = f32x4.add(s4, f32x4.mul(factor, v128.load(from, 64))); s5 = f32x4.add(s5, f32x4.mul(factor, v128.load(from, 80)));
      s6 = f32x4.add(s6, f32x4.mul(factor, v128.load(from, 96))); s7 = f32x4.add(s7, f32x4.mul(factor, v128.load(from, 112)));
      from += stride;
      xp += step;
    }
    v128.store(at, s0, 0); v128.store(at, s1, 16); v128.store(at, s2, 32); v128.store(at, s3, 48);
    v128.store(at, s4, 64); v128.store(at, s5, 80); v128.store(at, s6, 96); v128.store(at, s7, 112);
  }
  for (; j < n; j += 4) {
    const rest = n - j;
    const at = y + (j << 2);
    let sum = take(at, rest);
    let from = b + (j << 2);
    let xp = x;
    for (let p = 0; p < k; p++) {
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(xp), take(from, rest)));
      from += stride;
      xp += step;
    }
    put(at, sum, rest);
  }
}

function addDots(n: i32, k: i32, x: i32, b: i32, stride: i32, y: i32): void {
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    let b0 = b, b1 = b + stride, b2 = b + 2 * stride, b3 = b + 3 * stride;
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
    let t0 = f32x4.splat(0), t1 = f32x4.splat(0), t2 = f32x4.splat(0), t3 = f32x4.splat(0);
    let p = 0;
    let from = x;
    for (; p + 8 <= k; p += 8) {
      const x0 = v128.load(from), x1 = v128.load(from, 16);
      s0 = f32x4.add(s0, f32x4.mul(x0, v128.load(b0))); t0 = f32x4.add(t0, f32x4.mul(x1, v128.load(b0, 16)));
      s1 = f32x4.add(s1, f32x4.mul(x0, v128.load(b1))); t1 = f32x4.add(t1, f32x4.mul(x1, v128.load(b1, 16)));
      s2 = f32x4.add(s2, f32x4.mul(x0, v128.load(b2))); t2 = f32x4.add(t2, f32x4.mul(x1, v128.load(b2, 16)));
      s3 = f32x4.add(s3, f32x4.mul(x0, v128.load(b3))); t3 = f32x4.add(t3, f32x4.mul(x1, v128.load(b3, 16)));
      from += 32; b0 += 32; b1 += 32; b2 += 32; b3 += 32;
    }
    s0 = f32x4.add(s0, t0); s1 = f32x4.add(s1, t1); s2 = f32x4.add(s2, t2); s3 = f32x4.add(s3, t3);
    // [Σ s0, Σ s1, Σ s2, Σ s3] by transposing and adding
    const low01 = v128.shuffle<f32>(s0, s1, 0, 4, 1, 5), high01 = v128.shuffle<f32>(s0, s1, 2, 6, 3, 7);
    const low23 = v128.shuffle<f32>(s2, s3, 0, 4, 1, 5), high23 = v128.shuffle<f32>(s2, s3, 2, 6, 3, 7);
    let sums = f32x4.add(
      f32x4.add(v128.shuffle<f64>(low01, low23, 0, 2), v128.shuffle<f64>(low01, low23, 1, 3)),
      f32x4.add(v128.shuffle<f64>(high01, high23, 0, 2), v128.shuffle<f64>(high01, high23, 1, 3)),
    );
    for (; p < k; p++) {
      const column = f32x4(load<f32>(b0), load<f32>(b1), load<f32>(b2), load<f32>(b3));
      sums = f32x4.add(sums, f32x4.mul(v128.load32_splat(from), column));
      from += 4; b0 += 4; b1 += 4; b2 += 4; b3 += 4;
    }
    const at = y + (j << 2);
    v128.store(at, f32x4.add(v128.load(at), sums));
    b += stride << 2;
  }
  for (; j < n; j++) {
    let sum: f32 = 0;
    for (let p = 0; p < k; p++) sum += load<f32>(x + (p << 2)) * load<f32>(b + (p << 2));
    store<f32>(y + (j << 2), load<f32>(y + (j << 2)) + sum);
    b += stride;
  }
}
