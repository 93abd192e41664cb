import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scale } from './elementwise';
import { logSoftmax, logSoftmaxBackward, maxAndExpSum, softmax, softmaxBackward } from './softmax';
import { Tensor } from './tensor';
import { tensorFromJson, tensorMatchers, type TensorJson } from './testing';

expect.extend(tensorMatchers);

const golden: {
  cases: {
    name: string;
    logits: TensorJson;
    temperature: number;
    upstream: TensorJson;
    expected: Record<'softmax' | 'logSoftmax' | 'gradSoftmax' | 'gradLogSoftmax', TensorJson>;
  }[];
} = JSON.parse(readFileSync(new URL('../fixtures/softmax_temperature.json', import.meta.url), 'utf8'));

describe('PyTorch golden softmax', () => {
  it.each(golden.cases)('$name', ({ logits, temperature, upstream, expected }) => {
    const tolerance = { rtol: 1e-9, atol: 1e-11 };
    const tensor = (json: TensorJson) => tensorFromJson(json, 'float64');
    const z = scale(tensor(logits), 1 / temperature);
    const [p, l, up] = [softmax(z), logSoftmax(z), tensor(upstream)];
    expect(p).toBeCloseToTensor(tensor(expected.softmax), { ...tolerance, name: 'softmax' });
    expect(l).toBeCloseToTensor(tensor(expected.logSoftmax), { ...tolerance, name: 'logSoftmax' });
    const dp = scale(softmaxBackward(p, up), 1 / temperature);
    expect(dp).toBeCloseToTensor(tensor(expected.gradSoftmax), {
      ...tolerance,
      name: 'dL/dlogits of softmax',
    });
    const dl = scale(logSoftmaxBackward(l, up), 1 / temperature);
    expect(dl).toBeCloseToTensor(tensor(expected.gradLogSoftmax), {
      ...tolerance,
      name: 'dL/dlogits of logSoftmax',
    });
  });
});

it('is stable for scores up to 1e4 apart', () => {
  const z = Tensor.from([[1e4, -1e4, 9999]], { dtype: 'float64' });
  expect(softmax(z).at(0, 1)).toBe(0);
  expect(logSoftmax(z).at(0, 1)).toBeCloseTo(-2e4 - Math.log(1 + Math.exp(-1)), 9);
  expect(softmax(z).at(0, 0)).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
});

it('does not change when a constant is added to a row', () => {
  const z = Tensor.from(
    [
      [0.3, -1.2, 2.2],
      [5, 4, 3.5],
    ],
    { dtype: 'float64' },
  ); // prettier-ignore
  const shifted = z.clone();
  shifted.row(1).data.forEach((value, k, row) => (row[k] = value + 700));
  expect(softmax(shifted)).toBeCloseToTensor(softmax(z), { rtol: 1e-12, atol: 0, name: 'p' });
});

it('sums exponentials without overflow', () => {
  expect(maxAndExpSum([1000, 1000])).toEqual({ max: 1000, expSum: 2 });
  expect(maxAndExpSum([-1000])).toEqual({ max: -1000, expSum: 1 });
});
