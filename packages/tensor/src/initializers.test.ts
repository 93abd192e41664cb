import { describe, expect, it } from 'vitest';
import type * as initializers from './initializers';
import {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  identity,
  normal,
  orthogonal,
  uniform,
  uniformInverseSqrt,
  zeros,
} from './initializers';
import { matmul } from './matmul';
import { mean, norm } from './reductions';
import { Rng } from './rng';
import { ShapeError } from './errors';
import { Tensor } from './tensor';
import { tensorMatchers } from './testing';

expect.extend(tensorMatchers);

const draw = (
  initializer: initializers.Initializer,
  shape: number[],
  dtype: 'float32' | 'float64' = 'float64',
) => {
  const tensor = Tensor.full(shape, NaN, dtype);
  initializer(tensor, new Rng(4));
  return tensor;
};
const deviation = (x: Tensor) => norm(x) / Math.sqrt(x.size);

describe.each([
  ['glorotUniform', glorotUniform, Math.sqrt(6 / 500)],
  ['heUniform', heUniform, Math.sqrt(6 / 200)],
  ['uniformInverseSqrt', uniformInverseSqrt(100), 0.1],
  ['uniform', uniform(-0.3, 0.3), 0.3],
] as const)('%s', (_, initializer, bound) => {
  it('fills its range evenly', () => {
    const w = draw(initializer, [300, 200]);
    expect(w.data.every((x) => Math.abs(x) <= bound)).toBe(true);
    expect(Math.max(...w.row(0).data)).toBeGreaterThan(0.9 * bound);
    expect(deviation(w) / (bound / Math.sqrt(3))).toBeCloseTo(1, 1.7);
    expect(Math.abs(mean(w))).toBeLessThan(0.02 * bound);
  });
});

describe.each([
  ['glorotNormal', glorotNormal, Math.sqrt(2 / 500)],
  ['heNormal', heNormal, Math.sqrt(2 / 200)],
  ['normal', normal(0.01), 0.01],
] as const)('%s', (_, initializer, sigma) => {
  it('has its standard deviation', () => {
    const w = draw(initializer, [300, 200]);
    expect(deviation(w) / sigma).toBeCloseTo(1, 1.7);
    expect(Math.abs(mean(w))).toBeLessThan(0.02 * sigma);
    expect(w.data.some((x) => Math.abs(x) > 3 * sigma)).toBe(true);
  });
});

describe('orthogonal', () => {
  it.each([
    [7, 7],
    [20, 5],
    [5, 20],
  ])('of shape [%d, %d] keeps lengths', (rows, columns) => {
    const w = draw(orthogonal, [rows, columns]);
    const gram = rows >= columns ? matmul(w, w, { transposeA: true }) : matmul(w, w, { transposeB: true });
    expect(gram).toBeCloseToTensor(draw(identity, gram.shape as number[]), {
      rtol: 0,
      atol: 1e-14,
      name: 'wᵀw',
    });
  });

  it('differs by seed', () => {
    const other = Tensor.zeros([4, 4], 'float64');
    orthogonal(other, new Rng(5));
    expect(other.data).not.toEqual(draw(orthogonal, [4, 4]).data);
  });

  it('refuses an empty matrix, which has no basis', () => {
    expect(() => draw(orthogonal, [0, 4])).toThrow(
      new ShapeError('orthogonal: tensor has shape [0, 4], expected no empty axis.'),
    );
  });
});

it('puts ones on the diagonal of every square block', () => {
  expect(draw(identity, [4, 2]).toArray()).toEqual([
    [1, 0],
    [0, 1],
    [1, 0],
    [0, 1],
  ]); // prettier-ignore
});

it('overwrites what was there', () => {
  expect(draw(zeros, [2, 3]).toArray()).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]); // prettier-ignore
});

it.each([
  ['glorotUniform', glorotUniform],
  ['glorotNormal', glorotNormal],
  ['heUniform', heUniform],
  ['heNormal', heNormal],
  ['orthogonal', orthogonal],
  ['identity', identity],
] as const)('%s needs a matrix', (name, initializer) => {
  expect(() => draw(initializer, [3])).toThrow(
    new ShapeError(`${name}: tensor has shape [3], expected [fanOut, fanIn].`),
  );
});
