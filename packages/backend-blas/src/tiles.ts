/**
 * A matrix cut into tiles that are multiplied one by one, for libraries that take small products as they are.
 *
 * A library copies both operands into an order of its own before it multiplies (Goto & van de Geijn 2008), every time.
 * With 32 rows on the other side that is a quarter to a half of the work, and the weights are the same at every time step.
 * Below 10⁶ multiplications OpenBLAS does not copy, on processors with AVX-512 (its `small_matrix_permit`). So op(B) is
 * cut, once a sequence, into tiles of so many multiplications, each in one piece of memory:
 *
 *   for p in steps of `depth`, j in steps of `columns`:   tile [d, w] = op(B)[p…p+d, j…j+w]   at p·n + j·d
 *   C[:, j…j+w] = Σₚ A[:, p…p+d]·tile
 *
 * Measured with OpenBLAS 0.3.21 and 0.3.31 on one core, 32 rows, GFLOP/s: H 128: 82 → 111, H 256: 65 → 109,
 * H 512: 62 → 108. With its kernels for AVX2, which always copy, tiles gain nothing.
 */
import type { BlasCalls, Numbers } from './blas-calls';

/** The size of all tiles but those at the edges. */
export interface Tile {
  readonly columns: number;
  readonly depth: number;
}

const SMALL = 1e6;
const COLUMNS = 64;
const DEPTHS = [256, 128, 64];

/** The deepest tile that is a small product for so many rows of A; `undefined` when there are too many. */
export function tileFor(rows: number): Tile | undefined {
  const depth = DEPTHS.find((depth) => rows * COLUMNS * depth <= SMALL);
  return depth === undefined ? undefined : { columns: COLUMNS, depth };
}

/** Writes the tiles of op(b) [k, n] into `panels`. */
export function packTiles(
  copy: NonNullable<BlasCalls['copy']>,
  { columns, depth }: Tile,
  [k, n]: readonly [number, number],
  b: Numbers,
  transposed: boolean,
  panels: Numbers,
): void {
  for (let p = 0; p < k; p += depth) {
    const d = Math.min(depth, k - p);
    for (let j = 0; j < n; j += columns) {
      const w = Math.min(columns, n - j);
      const to = panels.subarray(p * n + j * d);
      if (transposed) copy(true, w, d, b.subarray(j * k + p), k, to, w);
      else copy(false, d, w, b.subarray(p * n + j), n, to, w);
    }
  }
}
