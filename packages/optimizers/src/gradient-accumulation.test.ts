import { expect, it } from 'vitest';
import { clipGradNorm, GradientAccumulation, SGD } from './index';

const make = (options: ConstructorParameters<typeof GradientAccumulation>[1]) => {
  const w = { value: Float64Array.of(0), grad: new Float64Array(1) };
  const accumulation = new GradientAccumulation(new SGD([w], { learningRate: 1 }), options);
  const feed = (g: number): boolean => {
    w.grad[0] += g;
    return accumulation.step();
  };
  return { w, accumulation, feed };
};

it('averages, then clips, then steps, then forgets', () => {
  const { w, feed } = make({
    batches: 3,
    beforeStep: (parameters) => clipGradNorm(parameters, 2, { epsilon: 0 }),
  });
  expect([9, 3, 6].map(feed)).toEqual([false, false, true]);
  expect([w.value[0], w.grad[0]]).toEqual([-2, 0]);
});

it('may sum', () => {
  const { w, feed } = make({ batches: 2, average: false });
  [1, 2].forEach(feed);
  expect(w.value[0]).toBe(-3);
});

it('makes a step of an incomplete rest, divided by what it has', () => {
  const { w, accumulation, feed } = make({ batches: 4 });
  [1, 5].forEach(feed);
  expect(accumulation.pending).toBe(2);
  expect(accumulation.flush()).toBe(true);
  expect([w.value[0], accumulation.pending]).toEqual([-3, 0]);
  expect(accumulation.flush()).toBe(false);
  expect(w.value[0]).toBe(-3);
});

it('refuses impossible counts', () => {
  expect(() => make({ batches: 0 })).toThrow('GradientAccumulation: batches is 0, expected an integer ≥ 1.');
});
