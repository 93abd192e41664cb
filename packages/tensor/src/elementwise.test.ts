import { expect, it } from 'vitest';
import { add, addRowVector, map, multiply, scale, subtract } from './elementwise';
import { DTypeError, ShapeError } from './errors';
import { Tensor } from './tensor';

const a = Tensor.from([
  [1, 2, 3],
  [4, 5, 6],
]); // prettier-ignore
const b = Tensor.from([
  [7, -8, 9],
  [-1, 0.5, 2],
]); // prettier-ignore

it('works element by element', () => {
  expect(add(a, b).toArray()).toEqual([
    [8, -6, 12],
    [3, 5.5, 8],
  ]); // prettier-ignore
  expect(subtract(a, b).toArray()).toEqual([
    [-6, 10, -6],
    [5, 4.5, 4],
  ]); // prettier-ignore
  expect(multiply(a, b).toArray()).toEqual([
    [7, -16, 27],
    [-4, 2.5, 12],
  ]); // prettier-ignore
  expect(scale(a, -2).toArray()).toEqual([
    [-2, -4, -6],
    [-8, -10, -12],
  ]); // prettier-ignore
  expect(map(a, (x) => x * x).toArray()).toEqual([
    [1, 4, 9],
    [16, 25, 36],
  ]); // prettier-ignore
});

it('leaves operands alone, unless one of them is out', () => {
  const x = a.clone();
  expect(add(x, b)).not.toBe(x);
  expect(x.toArray()).toEqual(a.toArray());
  expect(add(x, b, x)).toBe(x);
  expect(x.toArray()).toEqual(add(a, b).toArray());
});

it('adds a vector to every row, over any number of leading axes', () => {
  const v = Tensor.from([10, 20, 30]);
  expect(addRowVector(a, v).toArray()).toEqual([
    [11, 22, 33],
    [14, 25, 36],
  ]); // prettier-ignore
  expect(addRowVector(a.reshape([2, 1, 3]), v).shape).toEqual([2, 1, 3]);
  expect(() => addRowVector(a, Tensor.from([1, 2]))).toThrow(
    new ShapeError('addRowVector: v has shape [2], expected [columns of x=3].'),
  );
});

it('keeps the dtype and refuses to mix two', () => {
  expect(scale(a.clone('float64'), 0.1).data[0]).toBe(0.1);
  expect(() => add(a, b.clone('float64'))).toThrow(
    new DTypeError("add: one operand is float32 and one float64. Convert one with clone('float32')."),
  );
  expect(() => addRowVector(a, Tensor.zeros([3], 'float64'))).toThrow(
    'addRowVector: one operand is float32 and one float64.',
  );
});

it('refuses shapes that differ, even with the same number of elements', () => {
  expect(() => multiply(a, b.reshape([3, 2]))).toThrow(
    new ShapeError('multiply: operand has shape [3, 2], expected [d0=2, d1=3].'),
  );
  expect(() => scale(a, 2, Tensor.zeros([3, 2]))).toThrow('scale: operand has shape [3, 2]');
});
