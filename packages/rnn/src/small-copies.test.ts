import { Tensor } from '@rnnlab/tensor';
import { expect, it } from 'vitest';
import { SmallCopies } from './small-copies';

it.each(['float32', 'float64', 'int32'] as const)(
  'copies share no element, whatever came before: %s',
  (dtype) => {
    const copies = new SmallCopies();
    const sources = Array.from({ length: 40 }, (_, n) => Tensor.full([1, 3, 1 + 17 * n], n, dtype));
    const made = sources.map((source) => copies.of(source));
    for (const source of sources) source.fill(-1);
    made.forEach((copy, n) => {
      expect(copy.shape).toEqual([1, 3, 1 + 17 * n]);
      expect(copy.dtype).toBe(dtype);
      expect(copy.data.every((value) => value === n)).toBe(true);
      copy.fill(-2);
    });
  },
);
