import { expect, it } from 'vitest';
import { differenceOf, distanceOf, largestDifference } from './difference';

it('is relative to the largest element of the second array', () => {
  expect(differenceOf([1, -2, 5], [1, -4, 3])).toEqual({ absolute: 2, relative: 0.5 });
  expect(differenceOf([0, 0], [0, 0])).toEqual({ absolute: 0, relative: 0 });
  expect(differenceOf([1], [0])).toEqual({ absolute: 1, relative: Infinity });
});

it('keeps NaN, wherever it stands', () => {
  expect(differenceOf([1, NaN, 3], [1, 2, 3]).absolute).toBeNaN();
  expect(differenceOf([1, 2, 3], [NaN, 2, 3]).absolute).toBeNaN();
  expect(largestDifference([{ absolute: NaN, relative: NaN }, differenceOf([1], [2])]).absolute).toBeNaN();
});

it('measures several arrays as one', () => {
  expect(distanceOf([])).toBe(0);
  const pairs = [
    [[3], [0]],
    [
      [0, 4],
      [0, 8],
    ], // ‖(3, 0, −4)‖ = 5, ‖(0, 0, 8)‖ = 8
  ] as const;
  expect(distanceOf(pairs)).toBe(5 / 8);
});

it('refuses arrays of different lengths', () => {
  expect(() => differenceOf([1, 2], [1])).toThrow('difference: 2 numbers against 1, expected as many.');
});
