import { Tensor } from '@rnnlab/tensor';
import { expect, it } from 'vitest';
import { paddingBehind, paddingOfMask, zeroPadding } from './padding';

it('lists the padded rows of every step, from lengths or from a mask', () => {
  expect(paddingBehind([2, 3, 1], 3)).toEqual([[], [2], [0, 2]]);
  const mask = Tensor.from(
    [
      [1, 0],
      [0, 1],
    ],
    { dtype: 'int32' },
  );
  expect(paddingOfMask(mask)).toEqual([[1], [0]]);
});

it('zeroes what is padding and nothing else', () => {
  const x = Tensor.full([2, 2, 3], 7);
  zeroPadding(x, [[1], []]);
  expect(x.toArray()).toEqual([
    [
      [7, 7, 7],
      [0, 0, 0],
    ],
    [
      [7, 7, 7],
      [7, 7, 7],
    ],
  ]);
});
