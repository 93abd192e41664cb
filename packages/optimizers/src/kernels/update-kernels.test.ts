import { Parameter, referenceBackend, Rng, Tensor, wasmBackend, type Backend } from '@rnnlab/tensor';
import { describe, expect, it, vi } from 'vitest';
import { Adam, LBFGS, SGD, WeightAverage, type FloatArray, type Optimizer } from '../index';
import { makeVariant, variants } from '../testing/optimizer-variants';
import { updateKernels } from './update-kernels';

const backend = wasmBackend({ memoryMiB: 64 });
const kernels = updateKernels(backend);

/** Whole vectors and all tails. */
const sizes = [1, 2, 3, 4, 5, 7, 8, 13, 31, 66, 70, 515];
const steps = 8;

/** Parameters of all sizes. `random` gives the values. */
function parametersOn(on: Backend | undefined, random: Rng): Parameter[] {
  return sizes.map((size, k) => {
    const [value, grad] = [0, 1].map(() => on?.allocate([size], 'float32') ?? Tensor.zeros([size]));
    for (let i = 0; i < size; i++) value.data[i] = random.normal();
    return new Parameter(`p${k}`, value, grad);
  });
}

/** New gradients, some of them 0, in sizes that differ from parameter to parameter. */
function drawGradients(parameters: readonly Parameter[], random: Rng): void {
  for (const [k, { grad }] of parameters.entries()) {
    for (let i = 0; i < grad.size; i++)
      grad.data[i] = random.uniform() < 0.1 ? 0 : random.normal() * 10 ** -(k % 4);
  }
}

/** One number for each array, which differs when a bit does: long lists take vitest minutes to compare when they differ. */
const bitsOf = (arrays: Iterable<FloatArray>) =>
  Array.from(arrays, (array) => {
    const bytes = new Uint8Array(array.slice().buffer);
    return bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5); // Fowler, Noll & Vo
  });

/** max|xᵢ|, without those that are NaN. */
const largest = (array: ArrayLike<number>) =>
  Array.from(array).reduce((max, x) => (Math.abs(x) > max ? Math.abs(x) : max), 0);

/** Expects |a − b| ≤ 2⁻²⁴·(2·|b| + 8·scale) in every element, and the same NaNs. */
function expectNear(what: string, a: FloatArray, b: FloatArray, scale: number): void {
  for (let i = 0; i < b.length; i++) {
    if (Number.isNaN(a[i]) && Number.isNaN(b[i])) continue;
    const off = Math.abs(a[i] - b[i]) * 2 ** 24;
    if (!(off <= 2 * Math.abs(b[i]) + 8 * scale))
      expect.fail(`${what}[${i}] is ${a[i]}, expected ${b[i]}, step ${scale}`);
  }
}

describe.each(variants)('%s %o', (name, options) => {
  const rng = new Rng(3);
  const [ours, theirs] = [parametersOn(backend, new Rng(1)), parametersOn(undefined, new Rng(1))];
  const compiled = makeVariant(name, ours, { ...options, learningRate: 0.02, kernels });
  const plain = makeVariant(name, theirs, { ...options, learningRate: 0.02 });

  it('every step is that of the TypeScript loop', () => {
    for (let t = 1; t <= steps; t++) {
      plain.loadStateDict(compiled.stateDict());
      drawGradients(ours, rng);
      for (const [k, { value, grad }] of ours.entries()) {
        theirs[k].value.copyFrom(value);
        theirs[k].grad.copyFrom(grad);
      }
      const before = ours.map(({ value }) => value.clone());
      const slotsBefore = compiled.stateDict().slots;
      compiled.step();
      plain.step();
      for (const [k, { value, name: parameter }] of theirs.entries()) {
        const moves = value.data.map((x, i) => x - before[k].data[i]);
        const where = `step ${t}, ${parameter}`;
        expectNear(where, ours[k].value.data as FloatArray, value.data as FloatArray, largest(moves));
        expect(ours[k].grad.data, where).toEqual(theirs[k].grad.data);
      }
      const slots = plain.stateDict().slots;
      for (const [slot, array] of compiled.stateDict().slots) {
        // Rounding is that of the terms, also where they cancel.
        const scale = Math.max(largest(array), largest(slotsBefore.get(slot)!));
        expectNear(`step ${t}, ${slot}`, array, slots.get(slot)!, scale);
      }
    }
  });
});

it('Lion is that of the TypeScript loop to the bit, where its sign is rounding too', () => {
  const run = (on: Backend | undefined) => {
    const [w] = parametersOn(on, new Rng(1)).slice(-1);
    const optimizer = makeVariant('Lion', [w], { weightDecay: 0.1, kernels: on && kernels });
    const rng = new Rng(2);
    for (let t = 0; t < 5; t++) {
      const { m } = optimizer.groups[0].entries[0].slots;
      // −9·m makes 0.9·m + (1 − 0.9)·g vanish but for rounding.
      for (let i = 0; i < m.length; i++)
        w.grad.data[i] = i % 2 && t ? -9 * m[i] : rng.normal() * 10 ** -(i % 45);
      optimizer.step();
    }
    return bitsOf([w.value.data as FloatArray, ...optimizer.stateDict().slots.values()]);
  };
  expect(run(backend)).toEqual(run(undefined));
});

it('what lies beside a parameter stays as it is', () => {
  const [values, grads] = [0, 1].map(() => backend.allocate([3, 7], 'float32'));
  values.fill(1);
  grads.fill(0.5);
  const optimizer = new Adam([new Parameter('w', values.row(1), grads.row(1))], {
    learningRate: 0.1,
    kernels,
  });
  optimizer.step();
  for (const x of values.row(1).data) expect(x).toBeCloseTo(0.9, 6);
  expect([...values.row(0).data, ...values.row(2).data]).toEqual(Array(14).fill(1));
  expect([...grads.data]).toEqual(Array(21).fill(0.5));
});

describe('hostile gradients', () => {
  // Whole vectors, which is all that the compiled loops see.
  const hostile = [
    NaN,
    0,
    -0,
    1e-45,
    -3e-42,
    1e-38,
    2e-30,
    -1e-20,
    1e-8,
    1e-3,
    1,
    -7,
    1e8,
    -1e15,
    3e18,
    -2e-45,
  ];

  // Elsewhere λx or a square may cancel a gradient but for rounding.
  const exact = ([name, options]: [string, object]) =>
    name !== 'RMSProp' && !('weightDecay' in options && 'maximize' in options === false);

  it.each(variants.filter(exact))('%s %o', (name, options) => {
    const run = (on: Backend | undefined) => {
      const [value, grad] = [0, 1].map(() => (on ?? referenceBackend).allocate([hostile.length], 'float32'));
      const optimizer = makeVariant(name, [new Parameter('w', value, grad)], {
        ...options,
        kernels: on && kernels,
      });
      for (let t = 0; t < 3; t++) {
        grad.data.set(hostile);
        optimizer.step();
      }
      return { x: value.data as FloatArray, slots: optimizer.stateDict().slots };
    };
    const [ours, theirs] = [run(backend), run(undefined)];
    for (const [slot, array] of [...theirs.slots, ['x', theirs.x] as const]) {
      const actual = slot === 'x' ? ours.x : ours.slots.get(slot)!;
      for (const [i, expected] of array.entries()) {
        const where = `${slot}[${i}], gradient ${hostile[i]}`;
        if (Number.isNaN(expected)) expect(actual[i], where).toBeNaN();
        // Three steps of rounding, and a denormal has fewer digits.
        else
          expect(Math.abs(actual[i] - expected), where).toBeLessThanOrEqual(
            2e-6 * Math.abs(expected) + 1e-43,
          );
      }
    }
  });
});

it('threads do not change a bit', async () => {
  const run = (on: Backend): unknown => {
    const own = updateKernels(on);
    const twenty = on.allocate([20_011], 'float32'); // blocks of squares
    for (let i = 0; i < twenty.size; i++) twenty.data[i] = Math.sin(i);
    return variants
      .filter(([name], k) => name !== variants[k + 1]?.[0])
      .map(([name, options]) => {
        const parameters = parametersOn(on, new Rng(1)).filter(
          ({ value }) => value.size % 10 === 1 || value.size > 60,
        );
        const optimizer = makeVariant(name, parameters, { ...options, kernels: own });
        const average = new WeightAverage(parameters, { decay: 0.9, kernels: own });
        const norms = [own.sumOfSquares([twenty.data as FloatArray])];
        const rng = new Rng(4);
        for (let t = 0; t < 2; t++) {
          drawGradients(parameters, rng);
          const grads = parameters.map(({ grad }) => grad.data as FloatArray);
          norms.push(own.sumOfSquares(grads));
          own.scale(grads, 0.7);
          optimizer.step();
          average.update();
        }
        const arrays = [...optimizer.stateDict().slots.values(), ...average.stateDict().averages.values()];
        return [norms, bitsOf([...parameters.map(({ value }) => value.data as FloatArray), ...arrays])];
      });
  };
  const expected = run(backend);
  for (const threads of [2, 3, 5]) {
    const many = wasmBackend({ memoryMiB: 64, threads, workPerThread: 1 });
    await vi.waitUntil(() => many.threadsRunning === threads, { timeout: 20_000, interval: 1 });
    expect(run(many)).toEqual(expected);
    many.dispose();
  }
});

describe('where the loops run', () => {
  /** Counts what is called by name. */
  function counting(): { counted: Backend; calls: Record<string, number> } {
    const calls: Record<string, number> = {};
    const load: Backend['load'] = (set) => {
      const run = backend.load(set);
      const count = ([name, loop]: [string, (...args: never[]) => void]) => [
        name,
        (...args: never[]) => {
          calls[name] = (calls[name] ?? 0) + 1;
          loop(...args);
        },
      ];
      return Object.fromEntries(Object.entries(run).map((entry) => count(entry))) as typeof run;
    };
    return {
      counted: { ...referenceBackend, allocate: (...args) => backend.allocate(...args), load },
      calls,
    };
  }

  it.each(variants)('%s %o is compiled', (name, options) => {
    const { counted, calls } = counting();
    const w = new Parameter('w', counted.allocate([3], 'float32'), counted.allocate([3], 'float32'));
    const optimizer: Optimizer = makeVariant(name, [w], { ...options, kernels: updateKernels(counted) });
    optimizer.step();
    expect(Object.values(calls)).toEqual([1]);
    for (const slot of Object.values(optimizer.groups[0].entries[0].slots)) {
      expect(slot.buffer === w.value.data.buffer).toBe(slot instanceof Float32Array);
    }
  });

  it('in TypeScript for what is not in the memory of the backend, or not float32', () => {
    const { counted, calls } = counting();
    const own = updateKernels(counted);
    const arrays = [Float32Array.of(1, 2), Float64Array.of(1, 2), backend.allocate([2], 'float64').data];
    for (const value of arrays as FloatArray[]) {
      const grad = value.slice().fill(0.5);
      const [a, b] = [value.slice(), value.slice()];
      value.set([1, 2]);
      new Adam([{ value, grad }], { kernels: own }).step();
      new Adam([{ value: a, grad }]).step();
      b.set([1, 2]);
      a.set([1, 2]);
      new Adam([{ value: a, grad }]).step();
      expect([...value]).toEqual([...a]);
      own.scale([value], 0.3);
      expect([...value]).toEqual([...a.map((x) => 0.3 * x)]);
      expect(own.sumOfSquares([b, value])).toBeCloseTo(5 + value[0] ** 2 + value[1] ** 2, 6);
      expect(own.place(b, value)).toBe(b);
      own.average(b, 0.25, value);
    }
    expect(calls).toEqual({});
  });

  it('not at all differently with the reference backend, and for LBFGS', () => {
    const plain = updateKernels(referenceBackend);
    const w = new Parameter('w', Tensor.from([1, 2]));
    w.grad.fill(1);
    new SGD([w], { learningRate: 1, kernels: plain }).step();
    expect([...w.value.data]).toEqual([0, 1]);
    const options = { kernels: plain } as ConstructorParameters<typeof LBFGS>[1];
    expect(() => new LBFGS([w], options).step()).toThrow('LBFGS.step: expected a closure');
  });
});
