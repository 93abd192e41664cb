import { expect, it } from 'vitest';
import { DTypeError } from '../errors';
import { Tensor } from '../tensor';
import { expectGradients, gradCheck, type CheckedTensor } from './grad-check';

/** L = Σ a³·b + sin b, a [2, 3], b [2, 3], with a gradient that `spoil` may falsify. */
function problem(spoil: (da: Tensor, db: Tensor) => void = () => {}) {
  const a = Tensor.from(
    [
      [0.5, -1, 2],
      [1.5, 0.7, -0.4],
    ],
    { dtype: 'float64' },
  ); // prettier-ignore
  const b = Tensor.from(
    [
      [1, 2, -0.3],
      [0.9, -1.1, 0.2],
    ],
    { dtype: 'float64' },
  ); // prettier-ignore
  const [da, db] = [Tensor.zeros([2, 3], 'float64'), Tensor.zeros([2, 3], 'float64')];
  const parameters: CheckedTensor[] = [
    { name: 'a', value: a, grad: da },
    { name: 'b', value: b, grad: db },
  ];
  const loss = () =>
    Array.from(a.data).reduce((sum, x, k) => sum + x ** 3 * b.data[k] + Math.sin(b.data[k]), 0);
  const backward = () => {
    for (let k = 0; k < 6; k++) {
      da.data[k] = 3 * a.data[k] ** 2 * b.data[k];
      db.data[k] = a.data[k] ** 3 + Math.cos(b.data[k]);
    }
    spoil(da, db);
  };
  return { a, b, check: () => gradCheck({ loss, backward, parameters }) };
}

it('finds right gradients right, to nine digits, and leaves the values as they were', () => {
  const { a, check } = problem();
  const before = a.clone();
  const rows = check();
  expect(rows.map(({ name }) => name).sort()).toEqual(['a', 'b']);
  for (const { relativeError } of rows) expect(relativeError).toBeLessThan(1e-9);
  expect(a.data).toEqual(before.data);
  expect(() => expectGradients(rows, 1e-9)).not.toThrow();
});

it('names the worst parameter and index, worst first', () => {
  const { check } = problem((_, db) => (db.data[4] *= 1.01));
  const rows = check();
  expect(rows[0]).toMatchObject({ name: 'b', index: [1, 1] });
  expect(rows[0].relativeError).toBeCloseTo(0.01 / 1.01, 4);
  expect(() => expectGradients(rows, 1e-6)).toThrow(
    /^Gradients differ by more than 0.000001:\n {2}db\[1, 1\]: backward gave -?[\d.]+, differences gave -?[\d.]+ \(relative error 9.9e-3\)$/,
  );
});

it('sees a gradient that is missing, NaN, or tiny next to its neighbours but wrong by as much as them', () => {
  const worst = (spoil: (da: Tensor) => void) => problem(spoil).check()[0];
  expect(worst((da) => da.fill(0)).relativeError).toBe(1);
  expect(worst((da) => (da.data[2] = NaN))).toMatchObject({
    name: 'a',
    index: [0, 2],
    relativeError: Infinity,
  });
  expect(worst((da) => (da.data[5] += 0.01)).relativeError).toBeGreaterThan(1e-3);
});

it('refuses float32, and a report about nothing', () => {
  const x = { name: 'x', value: Tensor.from([1]), grad: Tensor.from([1]) };
  expect(() => gradCheck({ loss: () => 0, backward: () => {}, parameters: [x] })).toThrow(
    new DTypeError("gradCheck: x is float32, expected float64. Build the layer with dtype: 'float64'."),
  );
  expect(() => expectGradients([], 1)).toThrow('the report is empty');
});
