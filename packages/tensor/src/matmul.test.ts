import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DTypeError, ShapeError } from './errors';
import { matmul } from './matmul';
import { Rng } from './rng';
import { Tensor } from './tensor';
import { randomTensor, tensorMatchers } from './testing';

expect.extend(tensorMatchers);

const transposed = (x: Tensor): Tensor => {
  const [rows, columns] = x.shape;
  const y = Tensor.zeros([columns, rows], x.dtype);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) y.row(j).data[i] = x.at(i, j);
  return y;
};

it('multiplies a small example as done by hand', () => {
  const a = Tensor.from([
    [1, 2, 3],
    [4, 5, 6],
  ]); // prettier-ignore
  const b = Tensor.from([
    [7, 8],
    [9, 10],
    [11, 12],
  ]); // prettier-ignore
  expect(matmul(a, b).toArray()).toEqual([
    [58, 64],
    [139, 154],
  ]); // prettier-ignore
});

it('gives one result in all transpose forms, replacing and adding', () => {
  const sizes = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(sizes, sizes, sizes, fc.nat(), (m, k, n, seed) => {
      const rng = new Rng(seed);
      const random = (...shape: number[]) => randomTensor(shape, rng, { dtype: 'float64' });
      const [a, b, start] = [random(m, k), random(k, n), random(m, n)];
      const product = Tensor.zeros([m, n], 'float64');
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          for (let p = 0; p < k; p++) product.row(i).data[j] += a.at(i, p) * b.at(p, j);
        }
      }
      const sum = start.clone();
      product.data.forEach((value, index) => (sum.data[index] += value));
      for (const transposeA of [false, true]) {
        for (const transposeB of [false, true]) {
          const operands = [transposeA ? transposed(a) : a, transposeB ? transposed(b) : b] as const;
          const form = { transposeA, transposeB };
          const close = {
            rtol: 1e-12,
            atol: 1e-12,
            name: `transposeA ${transposeA}, transposeB ${transposeB}`,
          };
          expect(matmul(...operands, { ...form, out: start.clone() })).toBeCloseToTensor(product, close);
          expect(matmul(...operands, { ...form, out: start.clone(), accumulate: true })).toBeCloseToTensor(
            sum,
            close,
          );
        }
      }
    }),
    { numRuns: 60 },
  );
});

it('gives zeros for an inner size of 0 and nothing for no rows', () => {
  expect(matmul(Tensor.zeros([2, 0]), Tensor.zeros([0, 3])).toArray()).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]); // prettier-ignore
  expect(matmul(Tensor.zeros([0, 2]), Tensor.zeros([2, 3])).shape).toEqual([0, 3]);
});

it('says what does not fit', () => {
  const [a, b] = [Tensor.zeros([2, 3]), Tensor.zeros([2, 4])];
  expect(() => matmul(a, b)).toThrow(
    new ShapeError('matmul: a [2, 3] has inner size k=3, b [2, 4] has k=2. Did you forget a transpose?'),
  );
  expect(() => matmul(a, b, { transposeA: true, out: Tensor.zeros([4, 3]) })).toThrow(
    'matmul: out has shape [4, 3], expected [m=3, n=4].',
  );
  expect(() => matmul(a.reshape([6]), b)).toThrow('matmul: a has shape [6], expected [m, k].');
  expect(() => matmul(a, b.clone('float64'), { transposeA: true })).toThrow(
    new DTypeError(
      "matmul: a is float32, b float64, out float32, expected float32 or float64 for all. Convert with clone('float32').",
    ),
  );
  expect(() => matmul(a.clone('int32'), b.clone('int32'), { transposeA: true })).toThrow(DTypeError);
});
