/** Products of tiles equal the reference on any processor, also on one whose library gains nothing by them. */
import { referenceBackend, Rng, wasmBackend } from '@rnnlab/tensor';
import { randomTensor, tensorMatchers } from '@rnnlab/tensor/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindBlas } from './blas-library';
import type { Numbers } from './blas-calls';
import { openBlas } from './find-blas';
import { nativeProducts } from './native-products';
import { hasBlas, systemBlas } from './testing/system-blas';
import { packTiles, tileFor } from './tiles';

expect.extend(tensorMatchers);

it.each([
  [5, { columns: 64, depth: 256 }],
  [61, { columns: 64, depth: 256 }],
  [62, { columns: 64, depth: 128 }],
  [244, { columns: 64, depth: 64 }],
  [245, undefined],
])('for %d rows are %j', (rows, tile) => {
  expect(tileFor(rows)).toEqual(tile);
});

describe.runIf(hasBlas)('products of tiles', () => {
  const memory = wasmBackend({ memoryMiB: 64, threads: 2 });
  const library = hasBlas ? bindBlas(openBlas(systemBlas.library)) : undefined;
  const products = hasBlas ? nativeProducts(memory, systemBlas.library) : undefined;
  const sizes = fc.integer({ min: 1, max: 70 });

  it.runIf(library?.calls.float32.copy && library.cInterface)('equal the reference', () => {
    const tiles = fc.record({ columns: fc.constantFrom(16, 32, 64), depth: fc.integer({ min: 1, max: 40 }) });
    fc.assert(
      fc.property(
        ...([sizes, sizes, sizes, fc.nat(), tiles, fc.boolean(), fc.boolean()] as const),
        (m, n, k, seed, tile, transposed, accumulate) => {
          const rng = new Rng(seed);
          const inside = (...shape: number[]) =>
            memory.allocate(shape, 'float32').copyFrom(randomTensor(shape, rng));
          const [a, b, out] = [inside(m, k), transposed ? inside(n, k) : inside(k, n), inside(m, n)];
          const expected = out.clone();
          referenceBackend.gemm(a, b, expected, { transposeB: transposed, accumulate });
          const panels = inside(k, n);
          const [from, to] = [b.data as Numbers, panels.data as Numbers];
          packTiles(library!.calls.float32.copy!, tile, [k, n], from, transposed, to);
          const division = { count: n, grain: tile.columns, threads: 2 };
          const { columns, depth } = tile;
          products!.tiles(division, m, n, k, columns, depth, a, panels, out, accumulate ? 1 : 0);
          expect(out).toBeCloseToTensor(expected, { rtol: 1e-5, atol: 1e-6 * (k + 1) });
        },
      ),
      { numRuns: 200 },
    );
    memory.dispose();
  });
});
