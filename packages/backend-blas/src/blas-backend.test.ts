/** Products equal the reference in every form, in both dtypes, wherever the tensors live. */
import { referenceBackend, Rng, rowKernels, Tensor, Workspace, type GemmOptions } from '@rnnlab/tensor';
import { randomTensor, tensorMatchers } from '@rnnlab/tensor/testing';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { blasBackend } from './blas-backend';
import { openBlas } from './find-blas';
import { fortranBlas } from './fortran-blas';
import { hasBlas, systemBlas } from './testing/system-blas';

expect.extend(tensorMatchers);

const sizes = fc.integer({ min: 1, max: 70 });
const sizesOrNone = fc.integer({ min: 0, max: 70 });
const form = fc.record({ transposeA: fc.boolean(), transposeB: fc.boolean(), accumulate: fc.boolean() });
const dtypes = fc.constantFrom('float32' as const, 'float64' as const);

/** |a − b| ≤ ε·Σ|terms|, for sums of k products of numbers about 1, in any order. */
const close = (dtype: 'float32' | 'float64', k: number) =>
  dtype === 'float32' ? { rtol: 1e-5, atol: 1e-6 * (k + 1) } : { rtol: 1e-13, atol: 1e-14 * (k + 1) };

type Case = readonly [m: number, n: number, k: number, seed: number, dtype: 'float32' | 'float64'];

function operands([m, n, k, seed, dtype]: Case, { transposeA, transposeB }: GemmOptions) {
  const rng = new Rng(seed);
  const a = randomTensor(transposeA ? [k, m] : [m, k], rng, { dtype });
  const b = randomTensor(transposeB ? [n, k] : [k, n], rng, { dtype });
  return { a, b, start: randomTensor([m, n], rng, { dtype }) };
}

const bytes = ({ data }: Tensor) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** gemm and gemmPacked of a backend, on tensors outside and inside its memory, against the reference. */
function compare(backend: typeof systemBlas, of: Case, options: GemmOptions): void {
  const { a, b, start } = operands(of, options);
  const [m, n, k, , dtype] = of;
  const expected = start.clone();
  referenceBackend.gemm(a, b, expected, options);
  const tolerance = { ...close(dtype, k), name: `${dtype} ${m}×${n}×${k} ${JSON.stringify(options)}` };
  const outside = start.clone();
  backend.gemm(a, b, outside, options);
  expect(outside).toBeCloseToTensor(expected, tolerance);
  const inside = (x: Tensor) => backend.allocate(x.shape, x.dtype).copyFrom(x);
  const [aHere, bHere, here] = [a, b, start].map(inside);
  backend.gemm(aHere, bHere, here, options);
  expect(here).toBeCloseToTensor(expected, tolerance);
  expect([bytes(aHere).equals(bytes(a)), bytes(bHere).equals(bytes(b))]).toEqual([true, true]);
  if (options.transposeA) return;
  const packed = (x: Tensor, y: Tensor, out: Tensor) => {
    const matrix = backend.pack(y, m, { transposed: options.transposeB });
    backend.gemmPacked(x, matrix, out, { accumulate: options.accumulate });
    expect(out).toBeCloseToTensor(expected, { ...tolerance, name: `packed, ${tolerance.name}` });
  };
  packed(a, b, start.clone());
  const workspace = new Workspace(backend);
  workspace.run(() => packed(a, b, start.clone()));
  workspace.run(() => packed(aHere, bHere, inside(start)));
  workspace.dispose();
}

describe.runIf(hasBlas)('matrix products equal the reference', () => {
  it('on random shapes from 0 or 1 to 70, in every form', () => {
    fc.assert(
      fc.property(sizesOrNone, sizes, sizesOrNone, fc.nat(), dtypes, form, (m, n, k, seed, dtype, options) =>
        compare(systemBlas, [m, n, k, seed, dtype], options),
      ),
      { numRuns: 400 },
    );
  });

  // Few rows and much work are multiplied row by row, see FEW_ROWS.
  it.each([
    [1, 300, 130],
    [2, 70, 1900],
    [3, 95, 930],
    [4, 81, 811],
    [5, 67, 790],
    [33, 130, 67],
  ])('for %d × %d × %d', (m, n, k) => {
    for (const transposeA of [false, true])
      for (const transposeB of [false, true])
        for (const accumulate of [false, true])
          for (const dtype of ['float32', 'float64'] as const)
            compare(systemBlas, [m, n, k, 5, dtype], { transposeA, transposeB, accumulate });
  });

  it.each([2, 3])('on %d threads', async (threads) => {
    const backend = blasBackend({ library: systemBlas.library, threads, memoryMiB: 64 });
    expect(backend.name).toBe(`${systemBlas.name}, ${threads} threads`);
    expect([backend.threads, systemBlas.threads]).toEqual([threads, 1]);
    await vi.waitFor(() => expect(backend.threadsRunning).toBe(threads), 10_000);
    const shapes = [
      [33, 130, 250],
      [1, 701, 800],
      [3, 390, 470],
      [131, 34, 245],
      [5, 97, 1111],
      [70, 70, 7],
    ] as const;
    for (const [m, n, k] of shapes)
      for (const transposeA of [false, true])
        for (const transposeB of [false, true])
          for (const [accumulate, dtype] of [
            [true, 'float32'],
            [false, 'float64'],
          ] as const)
            compare(backend, [m, n, k, threads, dtype], { transposeA, transposeB, accumulate });
    backend.dispose();
  });

  it("by Fortran's interface", () => {
    const { find } = openBlas(systemBlas.library);
    fc.assert(
      fc.property(sizes, sizes, sizes, fc.nat(), dtypes, form, (m, n, k, seed, dtype, options) => {
        const { a, b, start } = operands([m, n, k, seed, dtype], options);
        const expected = start.clone();
        referenceBackend.gemm(a, b, expected, options);
        const { gemm } = fortranBlas(find, dtype === 'float32' ? 's' : 'd')!;
        const [x, y, z] = [a, b, start].map(({ data }) => data as Float32Array);
        gemm(options.transposeA!, options.transposeB!, m, n, k, x, y, options.accumulate ? 1 : 0, z);
        expect(start).toBeCloseToTensor(expected, close(dtype, k));
      }),
      { numRuns: 100 },
    );
  });

  it('replaces what was in out, even NaN, unless it adds', () => {
    for (const rows of [1, 3, 40]) {
      const { a, b, start } = operands([rows, 9, 7, 1, 'float32'], {});
      const expected = Tensor.zeros(start.shape);
      referenceBackend.gemm(a, b, expected);
      systemBlas.gemm(a, b, start.fill(NaN));
      expect(start).toBeCloseToTensor(expected, close('float32', 7));
      systemBlas.gemm(a, b, start.fill(NaN), { accumulate: true });
      expect([...start.data].every(Number.isNaN)).toBe(true);
    }
  });

  it('of no terms are 0, or change nothing', () => {
    const [a, b, out] = [Tensor.zeros([3, 0]), Tensor.zeros([0, 2]), Tensor.full([3, 2], 7)];
    systemBlas.gemm(a, b, out, { accumulate: true });
    expect([...out.data]).toEqual([7, 7, 7, 7, 7, 7]);
    systemBlas.gemm(a, b, out);
    expect([...out.data]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('of int32 are the reference', () => {
    const a = new Tensor(Int32Array.of(1, 2, 3, 4), [2, 2]);
    const out = new Tensor(Int32Array.of(10, 20, 30, 40), [2, 2]);
    systemBlas.gemm(a, a, out, { accumulate: true });
    expect([...out.data]).toEqual([17, 30, 45, 62]);
    expect(systemBlas.pack(a, 9, { transposed: true })).toEqual({ source: a, transposed: true });
  });

  it('keep huge, tiny and non-finite numbers as they are', () => {
    const a = Tensor.from([
      [1e30, 1],
      [1e-30, 2],
      [1e-42, 3],
      [NaN, 4],
      [Infinity, 5],
    ]); // prettier-ignore
    const b = Tensor.from([
      [1e8, 0.5],
      [0.5, 0.25],
    ]); // prettier-ignore
    const [expected, actual] = [Tensor.zeros([5, 2]), Tensor.zeros([5, 2])];
    referenceBackend.gemm(a, b, expected);
    systemBlas.gemm(a, b, actual);
    expect(actual).toBeCloseToTensor(expected, { rtol: 1e-6, atol: 1e-44 });
  });
});

describe.runIf(hasBlas)('memory and kernels are those of the wasm backend', () => {
  it('hands out zeros, and the same memory again in a workspace', () => {
    const workspace = new Workspace(systemBlas);
    const run = () => workspace.run(() => systemBlas.temporary([3, 5], 'float32'));
    const first = run();
    expect(systemBlas.workspace).toBeUndefined();
    expect(run()).toBe(first);
    expect(first.data.buffer).toBe(systemBlas.allocate([2], 'float32').data.buffer);
    workspace.dispose();
  });

  it('packs bᵀ into the workspace, and nothing for few rows', () => {
    const b = systemBlas.allocate([6, 11], 'float32');
    expect(systemBlas.pack(b, 4, { transposed: true })).toEqual({ source: b, transposed: true });
    const workspace = new Workspace(systemBlas);
    const pack = () => workspace.run(() => systemBlas.pack(b, 32, { transposed: true }));
    expect(pack().panels).toBe(pack().panels);
    workspace.dispose();
  });

  it('loads kernels once', () => {
    expect(systemBlas.load(rowKernels)).toBe(systemBlas.load(rowKernels));
  });

  it('is of no use after dispose', () => {
    const backend = blasBackend({ library: systemBlas.library, memoryMiB: 64 });
    backend.dispose();
    expect(() => backend.allocate([2], 'float32')).toThrow('it was disposed. Make a new one.');
  });
});
