import { expect, it } from 'vitest';
import { ShapeError } from './errors';
import { argMax, columnSums, dot, max, mean, norm, sum } from './reductions';
import { Tensor } from './tensor';

const x = Tensor.from([
  [1, -2, 3],
  [4, 5, -60],
]); // prettier-ignore

it('reduces all elements', () => {
  expect([sum(x), mean(x), max(x)]).toEqual([-49, -49 / 6, 5]);
  expect(norm(x)).toBeCloseTo(Math.sqrt(1 + 4 + 9 + 16 + 25 + 3600), 12);
  expect(
    dot(
      x,
      Tensor.from([
        [2, 3, 5],
        [7, 11, 1],
      ]),
    ),
  ).toBe(2 - 6 + 15 + 28 + 55 - 60); // prettier-ignore
});

it('keeps float32 sums in double precision', () => {
  const many = Tensor.full([1_000_001], 0.1);
  expect(sum(many)).toBeCloseTo(1_000_001 * Math.fround(0.1), 6);
});

it('keeps norms of huge and tiny elements', () => {
  expect(norm(Tensor.from([3e200, 4e200], { dtype: 'float64' }))).toBeCloseTo(5e200, -190);
  expect(norm(Tensor.from([3e-200, 4e-200], { dtype: 'float64' })) / 5e-200).toBeCloseTo(1, 12);
  expect(norm(Tensor.zeros([3]))).toBe(0);
  expect(norm(Tensor.from([1, NaN]))).toBeNaN();
  expect(norm(Tensor.from([1, -Infinity]))).toBe(Infinity);
});

it('sums columns over all leading axes, replacing or adding', () => {
  expect(columnSums(x).toArray()).toEqual([5, 3, -57]);
  expect(columnSums(x.reshape([2, 1, 3])).toArray()).toEqual([5, 3, -57]);
  const out = Tensor.from([100, 200, 300]);
  expect(columnSums(x, { out })).toBe(out);
  columnSums(x, { out, accumulate: true });
  expect(out.toArray()).toEqual([10, 6, -114]);
  expect(() => columnSums(x, { out: Tensor.zeros([2]) })).toThrow(
    new ShapeError('columnSums: out has shape [2], expected [columns of x=3].'),
  );
});

it('finds the first largest of every row', () => {
  expect(
    argMax(
      Tensor.from([
        [1, 7, 7],
        [9, 2, 3],
      ]),
    ).toArray(),
  ).toEqual([1, 0]); // prettier-ignore
  expect(argMax(Tensor.from([3, 4])).toArray()).toBe(1);
});

it('treats NaN as NaN and refuses to reduce nothing', () => {
  expect(max(Tensor.from([1, NaN, 2]))).toBeNaN();
  expect(sum(Tensor.zeros([0, 3]))).toBe(0);
  expect(columnSums(Tensor.zeros([0, 3])).toArray()).toEqual([0, 0, 0]);
  expect(() => mean(Tensor.zeros([0, 3]))).toThrow(
    new ShapeError('mean: the tensor has shape [0, 3], expected at least one element.'),
  );
  expect(() => max(Tensor.zeros([0]))).toThrow('max: the tensor has shape [0]');
});
