import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Backend, GemmOptions } from './backend';
import { BackendError } from './errors';
import { Rng } from './rng';
import { rowKernels } from './row-kernels';
import { Tensor } from './tensor';
import { randomTensor, tensorMatchers } from './testing';
import { CONTROL_WORDS, counter, DONE, partOf } from './thread-control';
import { ThreadPool } from './thread-pool';
import { wasmBackend } from './wasm-backend';
import type { WasmBackend } from './wasm-backend-options';

expect.extend(tensorMatchers);

/** Backends that divide even the smallest work. */
const make = (threads: number): WasmBackend => wasmBackend({ memoryMiB: 64, threads, workPerThread: 1 });
const one = wasmBackend({ memoryMiB: 64 });
const many = [2, 3, 5].map(make);
afterAll(() => many.forEach((backend) => backend.dispose()));

const control = (backend: Backend) =>
  new Int32Array(backend.allocate([1], 'float32').data.buffer, 0, CONTROL_WORDS);

const soon = { timeout: 20_000, interval: 1 };
const waitForWorkers = (backend: WasmBackend) =>
  vi.waitUntil(() => backend.threadsRunning === backend.threads, soon);

it('parts are all of the work, in order, and begin at multiples of the grain', () => {
  const atLeastOne = (max: number) => fc.integer({ min: 1, max });
  fc.assert(
    fc.property(fc.nat(300), atLeastOne(9), atLeastOne(8), (count, parts, grain) => {
      let last = 0;
      for (let part = 0; part < parts; part++) {
        const [begin, end] = partOf(part, parts, count, grain);
        expect(begin % grain === 0 || begin >= count).toBe(true);
        expect(Math.min(begin, count)).toBe(last);
        last = Math.max(last, end);
      }
      expect(last).toBe(count);
    }),
  );
});

describe.each(many.map((backend) => [backend.threads, backend] as const))(
  '%d threads',
  (threads, backend) => {
    const rows = fc.integer({ min: 0, max: 70 });
    const sizes = fc.integer({ min: 1, max: 70 });

    it('run, and each worker does its part', async () => {
      await waitForWorkers(backend);
      const x = backend.allocate([400, 100], 'float32');
      const v = backend.allocate([100], 'float32');
      const done = () =>
        Array.from({ length: threads - 1 }, (_, k) => control(backend)[counter(k + 1, DONE)]);
      // On a busy machine a worker may be late for many jobs, but not for all.
      for (let k = 0; k < 20_000 && done().includes(0); k++) {
        backend.load(rowKernels).addRowVector(400, 100, x, v);
      }
      expect(done()).not.toContain(0);
    });

    it('products are those of one thread, to the bit', () => {
      const form = fc.record({
        transposeA: fc.boolean(),
        transposeB: fc.boolean(),
        accumulate: fc.boolean(),
      });
      const run = (on: Backend, m: number, n: number, k: number, seed: number, options: GemmOptions) => {
        const rng = new Rng(seed);
        const a = randomTensor(options.transposeA ? [k, m] : [m, k], rng);
        const b = randomTensor(options.transposeB ? [n, k] : [k, n], rng);
        const out = randomTensor([m, n], rng);
        const packed = out.clone();
        on.gemm(a, b, out, options);
        if (!options.transposeA) {
          on.gemmPacked(a, on.pack(b, m, { transposed: options.transposeB }), packed, options);
          expect(packed).toEqualTensor(out, 'packed');
        }
        return out;
      };
      fc.assert(
        fc.property(rows, sizes, rows, fc.nat(), form, (m, n, k, seed, options) => {
          expect(run(backend, m, n, k, seed, options)).toEqualTensor(run(one, m, n, k, seed, options));
        }),
        { numRuns: 200 },
      );
      for (const [m, n, k] of [
        [130, 521, 259],
        [3, 700, 300],
        [257, 9, 513],
      ]) {
        for (const transposeA of [false, true]) {
          const options = { transposeA, transposeB: !transposeA };
          expect(run(backend, m, n, k, 1, options)).toEqualTensor(run(one, m, n, k, 1, options));
        }
      }
    });

    it('row kernels are those of one thread, to the bit', () => {
      const run = (on: Backend, n: number, J: number, V: number, seed: number): Tensor[] => {
        const kernels = on.load(rowKernels);
        const rng = new Rng(seed);
        const [x, v, s, W, dW] = [[n, J], [J], [J], [J, V], [J, V]].map((shape) => randomTensor(shape, rng));
        const ids = Tensor.zeros([n], 'int32');
        for (let k = 0; k < n; k++) ids.data[k] = rng.int(V);
        const [z, p, max, expSum, spare] = [[n, J], [n, J], [n], [n], [V, J]].map((shape) =>
          Tensor.zeros(shape),
        );
        kernels.addRowVector(n, J, x, v);
        kernels.addRows(n, J, x, x.clone());
        kernels.columnSums(n, J, x, s);
        kernels.gatherColumns(n, J, V, W, ids, v, z, spare);
        kernels.scatterColumns(n, J, V, dW, ids, x, spare);
        kernels.softmaxRows(n, J, x, p, max, expSum);
        return [x, s, z, dW, p, max, expSum];
      };
      fc.assert(
        fc.property(rows, sizes, sizes, fc.nat(), (n, J, V, seed) => {
          const [expected, actual] = [run(one, n, J, V, seed), run(backend, n, J, V, seed)];
          expected.forEach((tensor, k) => expect(actual[k]).toEqualTensor(tensor, `result ${k}`));
        }),
      );
    });
  },
);

describe('rowwise', () => {
  /** More steps than the ring holds, of everything that a cell does, and now and then something that is not by rows. */
  const chain = (on: Backend, B: number, H: number, seed: number, others: boolean): Tensor[] => {
    const rng = new Rng(seed);
    const place = (...shape: number[]) => on.allocate(shape, 'float32').copyFrom(randomTensor(shape, rng));
    const [x, y, W, v, s] = [place(B, H), place(B, H), place(H, H), place(H), place(H)];
    const { addRowVector, addRows, columnSums, softmaxRows } = on.load(rowKernels);
    const [max, expSum] = [place(B), place(B)];
    const outside = randomTensor([B, H], rng);
    const wide = randomTensor([B, H], rng, { dtype: 'float64' });
    const packed = on.pack(W, B);
    on.rowwise(B, B * H * H, () => {
      for (let t = 0; t < 30; t++) {
        on.gemmPacked(x, packed, y, { accumulate: t % 3 > 0 });
        addRowVector(B, H, y, v);
        softmaxRows(B, H, y, x, max, expSum);
        addRows(B, H, x, y);
        if (!others || t % 7) continue;
        columnSums(B, H, x, s);
        addRows(B, H, outside, x);
        addRows(B, H, wide, x.clone('float64'));
        on.rowwise(B, 1, () => on.gemm(y, W, x));
      }
    });
    return [x, y, s, outside, wide];
  };

  it.each(many.map((backend) => [backend.threads, backend] as const))(
    'gives the bits of one thread on %d, also with operations that are not by rows in between',
    (_threads, backend) => {
      const sizes = fc.record({ B: fc.integer({ min: 1, max: 40 }), H: fc.integer({ min: 1, max: 40 }) });
      fc.assert(
        fc.property(sizes, fc.nat(), fc.boolean(), ({ B, H }, seed, others) => {
          const [expected, actual] = [one, backend].map((on) => chain(on, B, H, seed, others));
          expected.forEach((tensor, k) => expect(actual[k]).toEqualTensor(tensor, `result ${k}`));
        }),
      );
    },
  );

  it('meets also where the task throws, and can be used again', () => {
    const [x, v] = [Tensor.zeros([64, 8]), Tensor.full([8], 1)].map((tensor) =>
      many[0].allocate(tensor.shape, 'float32').copyFrom(tensor),
    );
    const { addRowVector } = many[0].load(rowKernels);
    const failing = () => {
      for (let t = 0; t < 20; t++) addRowVector(64, 8, x, v);
      throw new Error('in the middle');
    };
    expect(() => many[0].rowwise(64, 1e6, failing)).toThrow('in the middle');
    expect(x.data.every((value) => value === 20)).toBe(true);
    many[0].rowwise(64, 1e6, () => addRowVector(64, 8, x, v));
    expect(x.data.every((value) => value === 21)).toBe(true);
  });

  it('leaves nothing to workers that are not there yet', () => {
    const fresh = make(5);
    const [expected, actual] = [one, fresh].map((on) => chain(on, 33, 9, 4, true));
    expected.forEach((tensor, k) => expect(actual[k]).toEqualTensor(tensor, `result ${k}`));
    fresh.dispose();
  });
});

describe('workers', () => {
  it('join late: what is asked before they run is done by the calling thread', () => {
    const fresh = make(5);
    const a = randomTensor([33, 20], new Rng(1));
    const [expected, actual] = [Tensor.zeros([33, 33]), Tensor.zeros([33, 33])];
    one.gemm(a, a, expected, { transposeB: true });
    fresh.gemm(a, a, actual, { transposeB: true });
    expect(actual).toEqualTensor(expected);
    fresh.dispose();
  });

  it('an error in one is thrown with its cause, and again at every later call', async () => {
    const memory = new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true });
    const pool = new ThreadPool(memory);
    pool.start([2 * 65536]);
    const words = new Int32Array(memory.buffer);
    await vi.waitUntil(() => pool.ready === 1, soon);
    // The worker knows no function 7. This thread's own part takes long enough for the worker to come first.
    const unknown = {
      index: 7,
      run: (begin: number) => void (begin === 0 && Atomics.wait(words, 0, 0, 100)),
    };
    const run = () => {
      pool.begin(unknown, 8, 4, 2, []);
      pool.join();
    };
    expect(run).toThrow(
      /^wasm backend: a worker has failed: TypeError: .+\. Make a new backend; where workers cannot start, use wasmBackend\({ threads: 1 }\)\.$/,
    );
    expect(run).toThrow(BackendError);
    pool.dispose();
  });

  it('end with the backend, which then says that it was disposed', () => {
    const fresh = make(3);
    const x = fresh.allocate([3, 5], 'float32');
    fresh.dispose();
    fresh.dispose();
    expect(() => fresh.gemm(x, x, x)).toThrow('wasm backend: it was disposed. Make a new one.');
    expect(() => fresh.allocate([1], 'float32')).toThrow('wasm backend: it was disposed. Make a new one.');
  });

  it.each([0, 65, 1.5, NaN])('refuses %d threads', (threads) => {
    expect(() => wasmBackend({ threads })).toThrow(
      `wasmBackend: threads is ${threads}, expected an integer from 1 to 64, or 'auto'.`,
    );
  });
});
