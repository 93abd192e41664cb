import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from './errors';
import { wasm } from './generated/kernels.wasm';
import { referenceBackend } from './reference-backend';
import { Rng } from './rng';
import { rowKernels } from './row-kernels';
import { Tensor } from './tensor';
import { randomTensor, tensorMatchers } from './testing';
import { wasmBackend } from './wasm-backend';
import { Workspace } from './workspace';
import type { Backend } from './backend';

expect.extend(tensorMatchers);

const backend = wasmBackend({ memoryMiB: 256 });

/** The same numbers in the memory of `backend`. */
const inside = (x: Tensor): Tensor => backend.allocate(x.shape, x.dtype).copyFrom(x);

/** |a − b| ≤ 1e-6·Σ|terms|: what float32 sums of `k` products of numbers about 1 may differ by, in any order. */
const sumTolerance = (k: number) => ({ rtol: 1e-5, atol: 1e-6 * (k + 1) });

const sizes = fc.integer({ min: 1, max: 70 });
const rows = fc.integer({ min: 0, max: 70 });

describe('matrix products equal the reference', () => {
  const form = fc.record({ transposeA: fc.boolean(), transposeB: fc.boolean(), accumulate: fc.boolean() });
  const compare = (
    m: number,
    n: number,
    k: number,
    seed: number,
    options: Parameters<Backend['gemm']>[3] = {},
  ) => {
    const rng = new Rng(seed);
    const a = randomTensor(options.transposeA ? [k, m] : [m, k], rng);
    const b = randomTensor(options.transposeB ? [n, k] : [k, n], rng);
    const start = randomTensor([m, n], rng);
    const expected = start.clone();
    referenceBackend.gemm(a, b, expected, options);
    const close = { ...sumTolerance(k), name: `${m}×${n}×${k}` };
    const elsewhere = start.clone();
    backend.gemm(a, b, elsewhere, options);
    expect(elsewhere).toBeCloseToTensor(expected, close);
    const here = inside(start);
    backend.gemm(inside(a), inside(b), here, options);
    expect(here).toEqualTensor(elsewhere);
    if (options.transposeA) return;
    const packed = start.clone();
    const matrix = backend.pack(b, m, { transposed: options.transposeB });
    backend.gemmPacked(a, matrix, packed, { accumulate: options.accumulate });
    expect(packed).toEqualTensor(elsewhere, 'packed');
  };

  it('on random shapes from 0 or 1 to 70, in every form', () => {
    fc.assert(
      fc.property(rows, sizes, rows, fc.nat(), form, (m, n, k, seed, options) =>
        compare(m, n, k, seed, options),
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    [130, 521, 259],
    [3, 700, 300],
    [128, 512, 256],
    [257, 9, 513],
  ])('across the edges of its blocks: %d × %d × %d', (m, n, k) => {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) compare(m, n, k, 3, { transposeA, transposeB });
    }
  });

  it('keeps huge, tiny and non-finite numbers as they are', () => {
    const a = Tensor.from([
      [1e30, 1],
      [1e-30, 2],
      [1e-42, 3],
      [NaN, 4],
      [Infinity, 5],
    ]); // prettier-ignore
    const b = Tensor.from([
      [1e8, 0.5],
      [0, 0.25],
    ]); // prettier-ignore
    const [expected, actual] = [Tensor.zeros([5, 2]), Tensor.zeros([5, 2])];
    referenceBackend.gemm(a, b, expected);
    backend.gemm(a, b, actual);
    expect(actual).toBeCloseToTensor(expected, { rtol: 1e-6, atol: 1e-44 });
  });

  it('in float64 are the reference', () => {
    const rng = new Rng(1);
    const [a, b] = [
      randomTensor([5, 7], rng, { dtype: 'float64' }),
      randomTensor([7, 3], rng, { dtype: 'float64' }),
    ];
    const [expected, actual] = [Tensor.zeros([5, 3], 'float64'), Tensor.zeros([5, 3], 'float64')];
    referenceBackend.gemm(a, b, expected);
    backend.gemm(a, b, actual);
    expect(actual).toEqualTensor(expected);
  });
});

describe('row kernels equal the reference', () => {
  const [plain, fast] = [rowKernels.reference, backend.load(rowKernels)];

  it('addRowVector and columnSums', () => {
    fc.assert(
      fc.property(rows, sizes, fc.nat(), (n, J, seed) => {
        const rng = new Rng(seed);
        const [x, v] = [randomTensor([n, J], rng), randomTensor([J], rng)];
        const [added, here] = [x.clone(), inside(x)];
        plain.addRowVector(n, J, added, v);
        fast.addRowVector(n, J, here, v);
        expect(here).toEqualTensor(added, 'addRowVector');
        const [sums, sumsHere] = [v.clone(), inside(v)];
        plain.columnSums(n, J, x, sums);
        fast.columnSums(n, J, x, sumsHere);
        expect(sumsHere).toBeCloseToTensor(sums, { ...sumTolerance(n), name: 'columnSums' });
      }),
      { numRuns: 100 },
    );
  });

  it('gatherColumns and scatterColumns', () => {
    fc.assert(
      fc.property(rows, sizes, sizes, fc.boolean(), fc.nat(), (n, J, V, bias, seed) => {
        const rng = new Rng(seed);
        const [W, v, dz] = [randomTensor([J, V], rng), randomTensor([J], rng), randomTensor([n, J], rng)];
        const ids = Tensor.zeros([n], 'int32');
        for (let k = 0; k < n; k++) ids.data[k] = rng.int(V);
        const spare = Tensor.zeros([V, J]);
        const [z, zHere] = [Tensor.zeros([n, J]), Tensor.zeros([n, J])];
        plain.gatherColumns(n, J, V, W, ids, bias ? v : undefined, z, spare);
        fast.gatherColumns(n, J, V, W, ids, bias ? v : undefined, zHere, spare);
        expect(zHere).toEqualTensor(z, 'gatherColumns');
        const [dW, dWHere] = [W.clone(), inside(W)];
        plain.scatterColumns(n, J, V, dW, ids, dz, spare);
        fast.scatterColumns(n, J, V, dWHere, ids, dz, spare);
        expect(dWHere).toBeCloseToTensor(dW, { ...sumTolerance(n), name: 'scatterColumns' });
      }),
      { numRuns: 100 },
    );
  });

  it('softmaxRows', () => {
    fc.assert(
      fc.property(rows, sizes, fc.constantFrom(0.1, 3, 1000), fc.nat(), (n, V, scale, seed) => {
        const z = randomTensor([n, V], new Rng(seed), { scale });
        const run = (kernels: typeof plain) => {
          const [p, max, expSum] = [Tensor.zeros([n, V]), Tensor.zeros([n]), Tensor.zeros([n])];
          kernels.softmaxRows(n, V, z, p, max, expSum);
          return { p, max, expSum };
        };
        const [expected, actual] = [run(plain), run(fast)];
        // z − max z is rounded to float32: relative to eᶻ that is 2⁻²⁴·|z − max z|, at most 87 before eᶻ vanishes
        expect(actual.p).toBeCloseToTensor(expected.p, { rtol: 6e-6, atol: 1e-37, name: 'p' });
        expect(actual.max).toEqualTensor(expected.max, 'max');
        expect(actual.expSum).toBeCloseToTensor(expected.expSum, { rtol: 6e-6, name: 'expSum' });
      }),
      { numRuns: 100 },
    );
  });
});

describe('vector functions', () => {
  type Unary = Readonly<
    Record<'expAll' | 'sigmoidAll' | 'tanhAll', (count: number, x: Tensor, y: Tensor) => void>
  >;
  const unused = () => expect.unreachable('the backend runs its own kernel');
  const fast = backend.load<Unary>({
    reference: { expAll: unused, sigmoidAll: unused, tanhAll: unused },
    wasm,
  });
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

  /** Every float32 in (−100, 100) whose bit pattern is a multiple of `step`, so all magnitudes down to denormals. */
  const floats = (limit: number): Tensor => {
    const bits: number[] = [];
    for (let pattern = 0; pattern < 0x7f800000; pattern += 4099) bits.push(pattern);
    const positive = new Float32Array(Uint32Array.from(bits).buffer).filter((x) => x <= limit);
    return Tensor.from(Float32Array.from([...positive, ...positive.map((x) => -x)]));
  };

  it.each([
    ['expAll', Math.exp, 87, 2e-7],
    ['sigmoidAll', sigmoid, 87, 3e-7],
    ['tanhAll', Math.tanh, 100, 4e-7],
  ] as const)('%s is within its documented relative error', (name, exact, limit, bound) => {
    const x = floats(limit);
    const y = Tensor.zeros(x.shape);
    fast[name](x.size, x, y);
    let worst = 0;
    for (let k = 0; k < x.size; k++) {
      const wanted = exact(x.data[k]);
      const error = Math.abs(y.data[k] - wanted) / Math.max(Math.abs(wanted), 1.2e-38);
      if (!(error <= worst)) worst = error;
    }
    expect(x.size).toBeGreaterThan(200_000);
    expect(worst).toBeLessThanOrEqual(bound);
    expect(worst).toBeGreaterThan(1e-9);
  });

  it('are finite for huge numbers, keep NaN and the sign of zero', () => {
    const x = Tensor.from([1e4, -1e4, 3e38, -3e38, NaN, 0, -0]);
    const run = (name: keyof Unary) => {
      const y = Tensor.zeros([7]);
      fast[name](7, x, y);
      return [...y.data];
    };
    const e = run('expAll');
    expect(e[0]).toBeGreaterThan(2e38);
    expect([e[1], e[4], e[5]]).toEqual([expect.closeTo(0, 37), NaN, 1]);
    expect(run('sigmoidAll')).toEqual([1, expect.closeTo(0, 37), 1, expect.closeTo(0, 37), NaN, 0.5, 0.5]);
    expect(run('tanhAll')).toEqual([1, -1, 1, -1, NaN, 0, -0]);
  });
});

describe('memory', () => {
  it('is zero when it is handed out, and shared by views', () => {
    const x = backend.allocate([3, 5], 'float32');
    expect(x.data.every((value) => value === 0)).toBe(true);
    expect(x.row(1).data.buffer).toBe(x.data.buffer);
  });

  it('goes to the next tensor when a model is garbage, and stays while a view of it is alive', async () => {
    setFlagsFromString('--expose-gc');
    const collect = async () => {
      runInNewContext('gc')();
      await new Promise((resolve) => setTimeout(resolve, 10)); // finalisers run between macrotasks
    };
    const small = wasmBackend({ memoryMiB: 64 });
    const kept = small.allocate([3, 1000], 'float32').fill(7).row(1);
    // 40 × 16 MiB in 64 MiB: only possible when what is dropped comes back
    for (let n = 0; n < 40; n++) {
      small.allocate([2 ** 22], 'float32').data[0] = 1;
      await collect();
    }
    expect(kept.data.every((value) => value === 7)).toBe(true);
    expect(small.allocate([3, 1000], 'float32').data.byteOffset).not.toBe(kept.data.byteOffset - 4000);
  });

  it('comes back at once with release, once, and with a workspace that is disposed', () => {
    const small = wasmBackend({ memoryMiB: 64 });
    for (let n = 0; n < 20; n++) {
      const workspace = new Workspace(small);
      const large = workspace.run(() => small.temporary([2 ** 21], 'float32'));
      expect(large.data[5]).toBe(0);
      large.fill(n + 1);
      workspace.dispose();
    }
    const first = small.allocate([100], 'float32');
    small.release(first);
    small.release(first);
    small.release(first.row(0));
    small.release(Tensor.zeros([100]));
    const [second, third] = [small.allocate([100], 'float32'), small.allocate([100], 'float32')];
    expect(second.data.byteOffset).toBe(first.data.byteOffset);
    expect(third.data.byteOffset).not.toBe(first.data.byteOffset);
  });

  it('says when it is used up, and what to do', () => {
    const small = wasmBackend({ memoryMiB: 64 });
    expect(() => small.allocate([2 ** 25], 'float32')).toThrow(
      /^WasmHeap: no room for 134217728 bytes, \d+ of 64 MiB are used\. Use a smaller model or batch, or wasmBackend\({ memoryMiB: 128 }\)\.$/,
    );
  });

  it.each([0, 63, 64.5, 5000])('refuses to reserve %d MiB', (memoryMiB) => {
    expect(() => wasmBackend({ memoryMiB })).toThrow(
      new ConfigError(`wasmBackend: memoryMiB is ${memoryMiB}, expected an integer from 64 to 4095.`),
    );
  });
});
