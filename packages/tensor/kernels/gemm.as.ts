/**
 * The matrix product of the wasm backend, in float32. Equals `reference-backend.ts` up to rounding.
 *
 *   C [m, n] (+)= op(A) [m, k] · op(B) [k, n]
 *
 * A transposed operand only has its strides swapped: op(A)[i, p] is at a + 4·(i·aRow + p·aColumn).
 *
 * How it is blocked (Goto & van de Geijn 2008, "Anatomy of high-performance matrix multiplication"):
 *
 *   for p in steps of KC, j in steps of NC:   pack op(B)[p…, j…] into panels of 8 columns    (stays in L2)
 *     for i in steps of MC:                   pack op(A)[i…, p…] into panels of 4 rows       (stays in L1/L2)
 *       every 4 × 8 tile of C:                8 accumulators in registers, one pass over KC
 *
 * Packed panels are read front to back, whatever the layout was, and short ones are filled up with zeros, so that
 * the inner loop has no special case. A 4 × 8 tile takes 8 of the 16 SIMD registers for C and leaves 8 for operands;
 * 3 × 16 spills. Fewer than 4 rows (sampling, single examples) are not worth packing for: see `gemv`.
 */
import { gemv } from './gemv.as';

const KC: i32 = 256;
const NC: i32 = 512;
const MC: i32 = 128;

/** A spare 4 × 8 tile, one packed block of A and one of B: how `scratch` is divided. */
const PACKED_A: i32 = 128;
const PACKED_B: i32 = PACKED_A + ((KC * MC) << 2);

/** Where blocks are packed. Every thread has an instance of the module, and so a `scratch` of its own. */
export let scratch: i32 = 0;

/** Bytes that must be free at `scratch`. */
export function scratchBytes(): i32 {
  return PACKED_B + ((KC * NC) << 2);
}

/**
 * C (+)= op(A)·op(B) for the rows [begin, end) of C, or its columns where `across` is 1: what one thread does. C must
 * not overlap A or B. `begin` is a whole tile (4 rows) or panel (8 columns), so that every
 * number is made in the same way however C is divided.
 */
export function gemm(
  begin: i32, end: i32, across: i32,
  m: i32, n: i32, k: i32,
  a: i32, aRow: i32, aColumn: i32,
  b: i32, bRow: i32, bColumn: i32,
  c: i32, accumulate: i32,
): void {
  const rows = across ? m : end - begin;
  const columns = across ? end - begin : n;
  if (across) { b += (begin * bColumn) << 2; c += begin << 2; }
  else { a += (begin * aRow) << 2; c += (begin * n) << 2; }
  if (!accumulate) clear(rows, columns, c, n << 2);
  if (m < 4) {
    for (let i = 0; i < rows; i++) gemv(columns, k, a + ((i * aRow) << 2), aColumn, b, bRow, bColumn, c + ((i * n) << 2));
    return;
  }
  const packedB = scratch + PACKED_B;
  for (let p = 0; p < k; p += KC) {
    const kc = min(KC, k - p);
    for (let j = 0; j < columns; j += NC) {
      const nc = min(NC, columns - j);
      packB(nc, kc, b + ((p * bRow + j * bColumn) << 2), bRow, bColumn, packedB);
      rowBlocks(rows, nc, kc, a + ((p * aColumn) << 2), aRow, aColumn, packedB, c + (j << 2), n << 2);
    }
  }
}

/** Bytes of a whole op(B) [k, n] in packed form. */
export function packedBytes(n: i32, k: i32): i32 {
  return (k * ((n + 7) & ~7)) << 2;
}

/** The columns [begin, end) of op(B) packed, block of k by block of k: for many products with the same B, see `gemmPacked`. */
export function pack(begin: i32, end: i32, n: i32, k: i32, b: i32, bRow: i32, bColumn: i32, to: i32): void {
  b += (begin * bColumn) << 2;
  for (let p = 0; p < k; p += KC) {
    const kc = min(KC, k - p);
    packB(end - begin, kc, b + ((p * bRow) << 2), bRow, bColumn, to + ((begin * kc) << 2));
    to += packedBytes(n, kc);
  }
}

/** C (+)= A·op(B), as `gemm`, for a B that `pack` has packed; bit for bit what `gemm` gives for m ≥ 4. */
export function gemmPacked(
  begin: i32, end: i32, across: i32,
  m: i32, n: i32, k: i32,
  a: i32, packed: i32,
  c: i32, accumulate: i32,
): void {
  const rows = across ? m : end - begin;
  const first = across ? begin : 0, last = across ? end : n;
  if (!across) { a += (begin * k) << 2; c += (begin * n) << 2; }
  if (!accumulate) clear(rows, last - first, c + (first << 2), n << 2);
  for (let p = 0; p < k; p += KC) {
    const kc = min(KC, k - p);
    for (let j = first; j < last; j += NC) {
      const panels = packed + ((j * kc) << 2);
      rowBlocks(rows, min(NC, last - j), kc, a + (p << 2), k, 1, panels, c + (j << 2), n << 2);
    }
    packed += packedBytes(n, kc);
  }
}

function clear(rows: i32, columns: i32, c: i32, stride: i32): void {
  for (let i = 0; i < rows; i++) memory.fill(c + i * stride, 0, columns << 2);
}

/** C += op(A)·B for one packed block of B, in blocks of rows of A. */
function rowBlocks(m: i32, n: i32, k: i32, a: i32, aRow: i32, aColumn: i32, packedB: i32, c: i32, stride: i32): void {
  const packedA = scratch + PACKED_A;
  for (let i = 0; i < m; i += MC) {
    const mc = min(MC, m - i);
    packA(mc, k, a + ((i * aRow) << 2), aRow, aColumn, packedA);
    block(mc, n, k, packedA, packedB, c + i * stride, stride, scratch);
  }
}

/** Panels of 4 rows: to[p][0…3] = A[i…i+3, p]. */
function packA(m: i32, k: i32, a: i32, row: i32, column: i32, to: i32): void {
  for (let i = 0; i < m; i += 4) {
    const rows = min(4, m - i);
    const from = a + ((i * row) << 2);
    if (rows == 4 && column == 1) transpose4(k, from, row << 2, to, 16);
    else if (rows == 4 && row == 1) {
      for (let p = 0; p < k; p++) v128.store(to + (p << 4), v128.load(from + ((p * column) << 2)));
    } else packSlowly(rows, 4, k, from, row, column, to);
    to += k << 4;
  }
}

/** Panels of 8 columns: to[p][0…7] = B[p, j…j+7]. */
function packB(n: i32, k: i32, b: i32, row: i32, column: i32, to: i32): void {
  const panel = k << 5;
  let j = 0;
  if (column == 1) for (; j + 16 <= n; j += 16, to += 2 * panel) packPair(b + (j << 2), row << 2, to, panel);
  for (; j < n; j += 8, to += panel) {
    const columns = min(8, n - j);
    const from = b + ((j * column) << 2);
    if (columns == 8 && column == 1) {
      for (let p = 0; p < k; p++) {
        v128.store(to + (p << 5), v128.load(from + ((p * row) << 2)));
        v128.store(to + (p << 5), v128.load(from + ((p * row) << 2), 16), 16);
      }
    } else if (columns == 8 && row == 1) {
      transpose4(k, from, column << 2, to, 32);
      transpose4(k, from + (column << 4), column << 2, to + 16, 32);
    } else packSlowly(columns, 8, k, from, column, row, to);
  }
}

/** Two panels at once, as 16 columns are a line of the cache, which alone would be fetched twice. */
function packPair(from: i32, stride: i32, to: i32, panel: i32): void {
  const end = to + panel;
  while (to < end) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to + panel, v128.load(from, 32));
    v128.store(to + panel, v128.load(from, 48), 16);
    from += stride;
    to += 32;
  }
}

/** to[p·step] = four neighbours across, from four rows of k that lie `stride` bytes apart. */
function transpose4(k: i32, from: i32, stride: i32, to: i32, step: i32): void {
  let r0 = from, r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride;
  let p = 0;
  for (; p + 4 <= k; p += 4) {
    const x0 = v128.load(r0), x1 = v128.load(r1), x2 = v128.load(r2), x3 = v128.load(r3);
    const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5), low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7), high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f64>(low01, low23, 0, 2));
    v128.store(to + step, v128.shuffle<f64>(low01, low23, 1, 3));
    v128.store(to + 2 * step, v128.shuffle<f64>(high01, high23, 0, 2));
    v128.store(to + 3 * step, v128.shuffle<f64>(high01, high23, 1, 3));
    r0 += 16; r1 += 16; r2 += 16; r3 += 16;
    to += step << 2;
  }
  for (; p < k; p++) {
    store<f32>(to, load<f32>(r0));
    store<f32>(to, load<f32>(r1), 4);
    store<f32>(to, load<f32>(r2), 8);
    store<f32>(to, load<f32>(r3), 12);
    r0 += 4; r1 += 4; r2 += 4; r3 += 4;
    to += step;
  }
}

/** Any strides, and panels that are filled up with zeros: to[p][q] = q < count ? from[q·across + p·along] : 0. */
function packSlowly(count: i32, width: i32, k: i32, from: i32, across: i32, along: i32, to: i32): void {
  for (let p = 0; p < k; p++) {
    for (let q = 0; q < width; q++) {
      const value: f32 = q < count ? load<f32>(from + ((q * across + p * along) << 2)) : 0;
      store<f32>(to + ((p * width + q) << 2), value);
    }
  }
}

/** All tiles of one block of C. The panel of B stays in L1 while the panels of A pass by. */
function block(m: i32, n: i32, k: i32, a: i32, b: i32, c: i32, stride: i32, spare: i32): void {
  for (let j = 0; j < n; j += 8) {
    const panelB = b + ((j * k) << 2);
    for (let i = 0; i < m; i += 4) {
      const panelA = a + ((i * k) << 2);
      const corner = c + i * stride + (j << 2);
      if (i + 4 <= m && j + 8 <= n) tile(k, panelA, panelB, corner, stride);
      else edgeTile(min(4, m - i), min(8, n - j), k, panelA, panelB, corner, stride, spare);
    }
  }
}

/**
 * C[4, 8] += Aᵀ[k, 4]ᵀ · B[k, 8].
 *
 * One step of k a turn: engines unroll a loop themselves, and keep the 16 sums in turn when they do. Written out by hand,
 * V8 adds twice to one sum and then twice to the next, and holds the address of every `load32_splat` in a register.
 */
function tile(k: i32, a: i32, b: i32, c: i32, stride: i32): void {
  let c00 = v128.load(c), c01 = v128.load(c, 16);
  let c10 = v128.load(c + stride), c11 = v128.load(c + stride, 16);
  let c20 = v128.load(c + 2 * stride), c21 = v128.load(c + 2 * stride, 16);
  let c30 = v128.load(c + 3 * stride), c31 = v128.load(c + 3 * stride, 16);
  const end = a + (k << 4);
  while (a < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(x, b0)); c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0)); c11 = f32x4.add(c11, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0)); c21 = f32x4.add(c21, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(x, b0)); c31 = f32x4.add(c31, f32x4.mul(x, b1));
    a += 16;
    b += 32;
  }
  v128.store(c, c00); v128.store(c, c01, 16);
  v128.store(c + stride, c10); v128.store(c + stride, c11, 16);
  v128.store(c + 2 * stride, c20); v128.store(c + 2 * stride, c21, 16);
  v128.store(c + 3 * stride, c30); v128.store(c + 3 * stride, c31, 16);
}

/** A tile that reaches over the edge of C: computed whole in `spare`, copied back as far as it is inside. */
function edgeTile(rows: i32, columns: i32, k: i32, a: i32, b: i32, c: i32, stride: i32, spare: i32): void {
  for (let i = 0; i < rows; i++) memory.copy(spare + (i << 5), c + i * stride, columns << 2);
  tile(k, a, b, spare, 32);
  for (let i = 0; i < rows; i++) memory.copy(c + i * stride, spare + (i << 5), columns << 2);
}
