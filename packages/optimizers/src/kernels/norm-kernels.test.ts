import { Rng, wasmBackend, type Tensor } from '@rnnlab/tensor';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clipEachGradNorm, clipGradNorm, WeightAverage, type FloatArray } from '../index';
import { updateKernels } from './update-kernels';

const backend = wasmBackend({ memoryMiB: 64 });
const kernels = updateKernels(backend);

/** Tensors that own memory of the backend, which would be given to others after them. */
const held: Tensor[] = [];

function inside(numbers: ArrayLike<number>): FloatArray {
  const tensor = backend.allocate([numbers.length], 'float32');
  held.push(tensor);
  tensor.data.set(numbers);
  return tensor.data as FloatArray;
}

const withGrad = (grad: FloatArray) => ({ value: grad.slice(), grad });

/** Numbers of very different size, more than one block of them at times. */
function numbersOf(size: number, seed: number): Float32Array {
  const rng = new Rng(seed);
  return Float32Array.from({ length: size }, () => rng.normal() * 10 ** rng.uniform(-12, 3));
}

const arbitrary = fc.tuple(fc.oneof(fc.nat(70), fc.nat(5000)), fc.nat());

describe('sumOfSquares', () => {
  it('is that of TypeScript but for the order of the additions', () => {
    fc.assert(
      fc.property(fc.array(arbitrary, { maxLength: 4 }), (shapes) => {
        const plain = shapes.map(([size, seed]) => numbersOf(size, seed));
        const exact = plain.reduce((all, array) => array.reduce((sum, x) => sum + x * x, all), 0);
        const arrays = plain.map((array, k) => (k === 1 ? array : inside(array)));
        expect(Math.abs(kernels.sumOfSquares(arrays) - exact)).toBeLessThanOrEqual(1e-13 * exact);
        held.length = 0;
      }),
    );
  });

  it('does not overflow or vanish where float32 would', () => {
    expect(kernels.sumOfSquares([inside([3e38, -3e38])]) / 1.8e77).toBeCloseTo(1, 6);
    expect(kernels.sumOfSquares([inside([1e-45, 0, 1e-45])]) / (2 * Math.fround(1e-45) ** 2)).toBe(1);
  });
});

it('scale and average are those of TypeScript to the bit', () => {
  const factor = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(arbitrary, factor, ([size, seed], share) => {
      const [plain, other] = [numbersOf(size, seed), numbersOf(size, seed + 1)];
      const [a, x] = [inside(plain), inside(other)];
      kernels.average(a, share, x);
      expect(a).toEqual(plain.map((old, i) => share * old + (1 - share) * other[i]));
      kernels.scale([x], share);
      expect(x).toEqual(other.map((old) => share * old));
      held.length = 0;
    }),
  );
});

describe('clipGradNorm with kernels', () => {
  it('scales all gradients, wherever they lie, by their common norm', () => {
    const grads = [inside([3, 0]), Float32Array.of(-4), inside([12, 0, 0, 0, 0])];
    const options = { kernels, epsilon: 0 };
    expect(clipGradNorm(grads.map(withGrad), 6.5, options)).toBe(13);
    expect(grads.map((grad) => [...grad])).toEqual([[1.5, 0], [-2], [6, 0, 0, 0, 0]]);
    expect(clipGradNorm(grads.map(withGrad), 7, options)).toBe(6.5);
    expect(grads.map((grad) => [...grad])).toEqual([[1.5, 0], [-2], [6, 0, 0, 0, 0]]);
    expect(clipGradNorm(grads.map(withGrad), 1, { ...options, normType: Infinity })).toBe(6);
    expect(grads.map((grad) => [...grad])).toEqual([[0.25, 0], [Math.fround(-1 / 3)], [1, 0, 0, 0, 0]]);
  });

  it.each([NaN, Infinity, -Infinity])('reports %s and leaves every gradient as it was', (bad) => {
    const grads = [inside([1, 2, 3, 4, bad]), inside([5])];
    expect(Number.isFinite(clipGradNorm(grads.map(withGrad), 1, { kernels }))).toBe(false);
    expect(grads.map((grad) => [...grad])).toEqual([[1, 2, 3, 4, bad], [5]]);
  });

  it('clips each by its own', () => {
    const grads = [inside([3, 4]), inside([NaN, 10]), inside([0, 0.5])];
    const norms = clipEachGradNorm(grads.map(withGrad), 1, { kernels, epsilon: 0 });
    expect([...norms.values()]).toEqual([5, NaN, 0.5]);
    expect(grads.map((grad) => [...grad])).toEqual([[3 / 5, 4 / 5].map(Math.fround), [NaN, 10], [0, 0.5]]);
  });

  it('clips denormals', () => {
    const grad = inside([3e-40, -4e-40]);
    expect(clipGradNorm([withGrad(grad)], 5e-41, { kernels, epsilon: 0 }) / 5e-40).toBeCloseTo(1, 4);
    expect(grad[0] / 3e-41).toBeCloseTo(1, 3);
  });
});

it('WeightAverage with kernels is the one without, to the bit', () => {
  const values = numbersOf(70, 1);
  const [ours, theirs] = [inside(values), values.slice()].map((value) => ({ value, grad: value.slice() }));
  const average = new WeightAverage([ours], { decay: 0.9, kernels });
  const plain = new WeightAverage([theirs], { decay: 0.9 });
  for (let t = 0; t < 4; t++) {
    ours.value.set(numbersOf(70, t));
    theirs.value.set(ours.value);
    average.update();
    plain.update();
  }
  const state = average.stateDict();
  expect(state).toEqual(plain.stateDict());
  const restored = new WeightAverage([ours], { decay: 0.9, kernels });
  restored.loadStateDict(state);
  restored.update();
  plain.update();
  restored.swap();
  plain.swap();
  expect(ours.value).toEqual(theirs.value);
});
