import { expect, it } from 'vitest';
import { Tensor } from '../tensor';
import { tensorMatchers } from './tensor-matchers';

expect.extend(tensorMatchers);

const x = Tensor.from(
  [
    [1, 2, 3],
    [4, 5, 6],
  ],
  { dtype: 'float64' },
); // prettier-ignore
const changed = (k: number, value: number) => {
  const y = x.clone();
  y.data[k] = value;
  return y;
};

it('names tensor, index, both values and the tolerance', () => {
  expect(() =>
    expect(changed(5, 6.5)).toBeCloseToTensor(x, { rtol: 0.01, atol: 0.02, name: 'output' }),
  ).toThrow(
    'output: 1 of 6 elements differ, most at [1, 2]: got 6.5, expected 6, apart by 0.5, tolerance 0.02 + 0.01·|expected| = 0.08',
  );
});

it('allows atol + rtol·|expected| and no more', () => {
  expect(changed(3, 4.059)).toBeCloseToTensor(x, { rtol: 0.01, atol: 0.02 });
  expect(changed(3, 4.061)).not.toBeCloseToTensor(x, { rtol: 0.01, atol: 0.02 });
});

it('tells NaN and infinities from numbers', () => {
  const wide = { rtol: 1, atol: 1e300 };
  expect(changed(0, NaN)).not.toBeCloseToTensor(x, wide);
  expect(x).not.toBeCloseToTensor(changed(0, NaN), wide);
  expect(changed(0, NaN)).toBeCloseToTensor(changed(0, NaN));
  expect(changed(0, Infinity)).toBeCloseToTensor(changed(0, Infinity));
  expect(changed(0, -Infinity)).not.toBeCloseToTensor(changed(0, Infinity), { rtol: 0, atol: 1 });
});

it('refuses another shape, another dtype and things that are no tensors', () => {
  expect(() => expect(x.reshape([3, 2])).toBeCloseToTensor(x, { name: 'h' })).toThrow(
    'h: has shape [3, 2], expected [2, 3]',
  );
  expect(() => expect(x.clone('float32')).toBeCloseToTensor(x)).toThrow(
    'tensor: is float32, expected float64',
  );
  expect(() => expect(undefined).toBeCloseToTensor(x)).toThrow('tensor: is no Tensor but undefined');
});

it('compares bits when asked to', () => {
  expect(x.clone()).toEqualTensor(x);
  expect(() => expect(changed(1, -0)).toEqualTensor(changed(1, 0), 'c')).toThrow(
    'c: 1 of 6 elements differ, most at [0, 1]',
  );
});
