import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DTypeError, ShapeError } from './errors';
import { Tensor } from './tensor';
import { tensorMatchers } from './testing';

expect.extend(tensorMatchers);

describe('construction', () => {
  it('copies nested arrays', () => {
    const x = Tensor.from([
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ]); // prettier-ignore
    expect([x.shape, x.dtype, x.size, x.rank]).toEqual([[1, 3, 2], 'float32', 6, 3]);
    expect([...x.data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('takes a number as a scalar and an empty array as no elements', () => {
    expect(Tensor.from(7).shape).toEqual([]);
    expect(Tensor.from([]).shape).toEqual([0]);
    expect(Tensor.from([[], []]).shape).toEqual([2, 0]);
  });

  it('keeps the dtype of a typed array and copies it', () => {
    const source = Float64Array.of(0.1, 0.2);
    const x = Tensor.from(source);
    source[0] = 9;
    expect(x.dtype).toBe('float64');
    expect(x.at(0)).toBe(0.1);
    expect(Tensor.from(Int32Array.of(1, 2), { dtype: 'float32' }).dtype).toBe('float32');
    expect(Tensor.from(Float32Array.of(1, 2, 3, 4, 5, 6), { shape: [2, 3] }).at(1, 0)).toBe(4);
  });

  it('wraps without copying', () => {
    const data = new Float32Array(6);
    const x = new Tensor(data, [2, 3]);
    data[4] = 5;
    expect(x.at(1, 1)).toBe(5);
  });

  it('fills', () => {
    expect(Tensor.full([2, 2], 3, 'int32').toArray()).toEqual([
      [3, 3],
      [3, 3],
    ]); // prettier-ignore
    expect(Tensor.zeros([0, 4]).size).toBe(0);
  });

  it.each([
    [
      () => Tensor.from([[1, 2], [3]]),
      'Tensor.from: values[1] is 1 elements, expected 2 elements like its siblings.',
    ], // prettier-ignore
    [
      () => Tensor.from([[1, 2], 3]),
      'Tensor.from: values[1] is a number, expected 2 elements like its siblings.',
    ],
    [
      () => Tensor.from([1, [2, 3]]),
      'Tensor.from: values[1] is 2 elements, expected a number like its siblings.',
    ],
    [() => Tensor.from([1, 2, 3], { shape: [2, 2] }), 'Tensor: shape [2, 2] holds 4 elements, data has 3.'],
    [() => new Tensor(new Float32Array(6), [2, 2]), 'Tensor: shape [2, 2] holds 4 elements, data has 6.'],
    [() => Tensor.zeros([2, -1]), 'Tensor.zeros: shape [2, -1] must hold integers ≥ 0.'],
    [() => Tensor.zeros([1.5]), 'Tensor.zeros: shape [1.5] must hold integers ≥ 0.'],
  ])('refuses what does not fit: case %#', (make, message) => {
    expect(make).toThrow(new ShapeError(message));
  });

  it('refuses other element types', () => {
    expect(() => new Tensor(new Uint8Array(2) as unknown as Int32Array, [2])).toThrow(
      new DTypeError(
        'Tensor: data is no Float32Array, Float64Array or Int32Array. Use Tensor.from for other arrays.',
      ),
    );
    expect(() => Tensor.zeros([1], 'float16' as 'float32')).toThrow(
      new DTypeError(`dtype is "float16", expected 'float32', 'float64' or 'int32'.`),
    );
  });
});

describe('views', () => {
  const x = Tensor.from([
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
    [10, 11, 12],
  ]); // prettier-ignore

  it('share memory', () => {
    const y = x.clone();
    y.reshape([3, 4]).row(2).data[3] = -1;
    expect(y.at(3, 2)).toBe(-1);
    y.slice(1, 3).fill(0);
    expect(y.toArray()).toEqual([
      [1, 2, 3],
      [0, 0, 0],
      [0, 0, 0],
      [10, 11, -1],
    ]); // prettier-ignore
  });

  it('asked again for the same view, gives the same object, and never a view that does not fit', () => {
    const y = Tensor.from([1, 2, 3, 4, 5, 6]);
    const matrix = y.reshape([2, 3]);
    expect(y.reshape([-1, 3])).toBe(matrix);
    expect(y.reshape([2, -1])).toBe(matrix);
    expect(y.reshape([3, 2]).shape).toEqual([3, 2]);
    expect(() => y.reshape([-1, -1])).toThrow(ShapeError);
    expect(() => y.reshape([3, -2])).toThrow(ShapeError);
    const rows = matrix.slice(1, 2);
    expect(matrix.slice(1, 2)).toBe(rows);
    expect(matrix.slice(0, 2).shape).toEqual([2, 3]);
    expect(matrix.row(1)).toBe(matrix.row(1));
    const empty = Tensor.zeros([0, 3]);
    expect(empty.reshape([3, 0]).shape).toEqual([3, 0]);
    expect(() => empty.reshape([-1, 0])).toThrow(ShapeError);
  });

  it('reshape works out one free dimension', () => {
    expect(x.reshape([-1, 6]).shape).toEqual([2, 6]);
    expect(x.reshape([2, 2, -1]).toArray()).toEqual([
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [
        [7, 8, 9],
        [10, 11, 12],
      ],
    ]); // prettier-ignore
  });

  it.each([[[5, -1]], [[-1, -1]], [[3, 3]], [[-1, 0]], [[2.5, -1]]])('reshape refuses %j', (shape) => {
    expect(() => x.reshape(shape)).toThrow(
      new ShapeError(`Tensor.reshape: cannot view [4, 3] (12 elements) as [${shape.join(', ')}].`),
    );
  });

  it.each([
    [-1, 2],
    [3, 5],
    [3, 2],
    [0.5, 2],
  ])('slice refuses rows %d to %d', (start, end) => {
    // prettier-ignore
    expect(() => x.slice(start, end)).toThrow(
      new ShapeError(`Tensor.slice: rows ${start} to ${end} are not inside [4, 3].`),
    );
  });

  it('slice of no rows is empty, of a scalar refused', () => {
    expect(x.slice(4, 4).shape).toEqual([0, 3]);
    expect(() => Tensor.from(3).slice(0, 1)).toThrow('Tensor.slice: rows 0 to 1 are not inside [].');
  });

  it('row drops the first axis', () => {
    expect(x.reshape([2, 2, 3]).row(1).toArray()).toEqual([
      [7, 8, 9],
      [10, 11, 12],
    ]); // prettier-ignore
    expect(() => x.row(4)).toThrow(ShapeError);
  });
});

describe('elements', () => {
  const x = Tensor.from([
    [1, 2, 3],
    [4, 5, 6],
  ]); // prettier-ignore

  it.each([[[2, 0]], [[0, 3]], [[-1, 0]], [[0]], [[0, 0, 0]], [[0.5, 0]]])('at refuses %j', (index) => {
    expect(() => x.at(...index)).toThrow(
      new ShapeError(`Tensor.at: index [${index.join(', ')}] is not inside shape [2, 3].`),
    );
  });

  it('copies from the same shape, converting the dtype', () => {
    const y = Tensor.zeros([2, 3], 'float64');
    expect(y.copyFrom(x)).toBe(y);
    expect(y.toArray()).toEqual(x.toArray());
    expect(() => y.copyFrom(x.reshape([3, 2]))).toThrow(
      new ShapeError('Tensor.copyFrom: source has shape [3, 2], expected [2, 3].'),
    );
  });

  it('prints itself', () => {
    expect(String(x)).toBe('Tensor(float32, [2, 3])');
  });
});

it('nested arrays survive the way in and out', () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 });
  fc.assert(
    fc.property(shapes, (shape) => {
      const x = Tensor.zeros(shape, 'float64');
      for (let k = 0; k < x.size; k++) x.data[k] = k + 0.5;
      expect(Tensor.from(x.toArray(), { dtype: 'float64' })).toEqualTensor(x);
      expect(x.clone('float64')).toEqualTensor(x);
    }),
  );
});
