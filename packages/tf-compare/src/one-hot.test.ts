import { Tensor } from '@rnnlab/tensor';
import { expect, it } from 'vitest';
import { oneHot, realSteps } from './one-hot';

// 3 steps, 2 rows, the second of which has one step; 0 stands where it has ended, as in a batch
const ids = Tensor.from(
  [
    [2, 1],
    [0, 0],
    [1, 0],
  ],
  { dtype: 'int32' },
);

it('lays rows behind each other, batch-first, and leaves padding zero', () => {
  const [two, zero, one, none] = [
    [0, 0, 1],
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 0],
  ];
  expect([...oneHot(ids, 3)]).toEqual([two, zero, one, one, zero, zero].flat());
  expect([...oneHot(ids, 3, [3, 1])]).toEqual([two, zero, one, one, none, none].flat());
  expect([...realSteps(3, 2, [3, 1])]).toEqual([1, 1, 1, 1, 0, 0]);
});

it('leaves a target that is not counted zero', () => {
  const targets = Tensor.from([[1], [-100]], { dtype: 'int32' });
  expect([...oneHot(targets, 2)]).toEqual([0, 1, 0, 0]);
});

it('refuses what is no id, wherever it stands but in the padding', () => {
  const odd = Tensor.from([[0], [-1]], { dtype: 'int32' });
  expect(() => oneHot(odd, 3)).toThrow('TFCharRNN: id -1 at [1, 0], expected 0 to vocabSize − 1 = 2.');
  expect([...oneHot(odd, 3, [1])]).toEqual([1, 0, 0, 0, 0, 0]);
});
