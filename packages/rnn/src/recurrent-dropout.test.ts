import { Tensor } from '@rnnlab/tensor';
import { expect, it } from 'vitest';
import { RNN } from './rnn';

/** h′ = h·W_hh with W_hh = 1 and no input: h tells which units were dropped, and how often. */
function carrier(recurrentDropout: number) {
  const rnn = new RNN({
    inputSize: 1,
    hiddenSize: 40,
    nonlinearity: 'linear',
    init: 'identity',
    bias: false,
    dtype: 'float64',
    recurrentDropout,
    seed: 3,
  });
  const initial = { h: Tensor.full([1, 2, 40], 1, 'float64') };
  return (training: boolean) => rnn.forward(Tensor.zeros([3, 2, 1], 'float64'), initial, { training }).output;
}

it('has one mask for all steps of a sequence, and one for each row', () => {
  const run = carrier(0.5);
  const output = run(true);
  const [first, second, third] = [0, 1, 2].map((t) => [...output.row(t).data]);
  expect(new Set(first)).toEqual(new Set([0, 2])); // dropped, or divided by 1 − p
  expect(second).toEqual(first.map((value) => value * 2)); // the same units again
  expect(third).toEqual(first.map((value) => value * 4));
  expect(first.slice(0, 40)).not.toEqual(first.slice(40));
  expect([...run(true).row(0).data]).not.toEqual(first); // the next sequence has another
});

it('does nothing at inference', () => {
  expect(carrier(0.5)(false).data.every((value) => value === 1)).toBe(true);
});
