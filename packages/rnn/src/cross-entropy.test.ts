import {
  ConfigError,
  dot,
  DTypeError,
  Rng,
  ShapeError,
  softmax,
  sum,
  Tensor,
  type FloatDType,
} from '@rnnlab/tensor';
import { expectGradients, gradCheck, randomTensor, tensorMatchers } from '@rnnlab/tensor/testing';
import { describe, expect, it } from 'vitest';
import { crossEntropy, crossEntropyBackward, type CrossEntropyOptions } from './cross-entropy';

expect.extend(tensorMatchers);

const random = (shape: number[], seed: number) => randomTensor(shape, new Rng(seed), { dtype: 'float64' });
const ids = (values: number[]) => Tensor.from(values, { dtype: 'int32' });

const options: [string, CrossEntropyOptions][] = [
  ['mean', {}],
  ['sum', { reduction: 'sum' }],
  ['none', { reduction: 'none' }],
  ['ignored', { ignoreIndex: 2 }],
  ['class weights', { classWeights: [0.3, 1.7, 0.9, 2.2, 0.4] }],
  ['label smoothing', { labelSmoothing: 0.2 }],
  ['everything', { ignoreIndex: 4, classWeights: [0.3, 1.7, 0.9, 2.2, 0.4], labelSmoothing: 0.2 }],
];

describe.each(options)('gradients with %s', (_, option) => {
  it.each([
    ['class ids', ids([2, 4, 0, 2, 1, 3])],
    ['distributions', softmax(random([6, 5], 3))],
  ])('are those of differences, for %s', (_, targets) => {
    const logits = random([6, 5], 1);
    const upstream = option.reduction === 'none' ? random([6], 2) : 1.3;
    const grad = Tensor.zeros([6, 5], 'float64');
    const rows = gradCheck({
      loss: () => {
        const { loss, perRow } = crossEntropy(logits, targets, option);
        if (typeof upstream === 'number') return upstream * loss;
        return dot(perRow, upstream);
      },
      backward: () =>
        grad.copyFrom(crossEntropyBackward(crossEntropy(logits, targets, option).cache, upstream)),
      parameters: [{ name: 'logits', value: logits, grad }],
    });
    expectGradients(rows, 1e-6);
  });
});

it('is ln V for equal scores and 0 for certainty', () => {
  expect(crossEntropy(Tensor.zeros([2, 7], 'float64'), ids([3, 6])).loss).toBeCloseTo(Math.log(7), 14);
  expect(crossEntropy(Tensor.from([[0, 900, 0]], { dtype: 'float64' }), ids([1])).loss).toBe(0);
  expect(crossEntropy(Tensor.from([[0, 900, 0]], { dtype: 'float64' }), ids([0])).loss).toBe(900);
});

it('counts no ignored row: whatever stands there, loss and gradients of the others are the same', () => {
  const logits = random([4, 3, 5], 5);
  const targets = Tensor.from([1, -100, 3, 0, 4, -100, 2, 2, -100, -100, 1, 0], {
    shape: [4, 3],
    dtype: 'int32',
  });
  const before = crossEntropy(logits, targets);
  const gradient = crossEntropyBackward(before.cache);
  const changed = logits.clone();
  const ignored = [1, 5, 8, 9];
  const row = (x: Tensor, n: number) => x.reshape([12, 5]).row(n);
  for (const n of ignored) row(changed, n).data.forEach((_, k, z) => (z[k] = 40 * (k - n)));
  const after = crossEntropy(changed, targets);
  expect(after.loss).toBe(before.loss);
  expect([after.count, before.count]).toEqual([8, 8]);
  expect(crossEntropyBackward(after.cache)).toEqualTensor(gradient, 'gradient');
  expect(gradient.shape).toEqual([4, 3, 5]);
  for (const n of ignored) {
    expect([...row(gradient, n).data]).toEqual([0, 0, 0, 0, 0]);
    expect(before.perRow.data[n]).toBe(0);
  }
  const counted = [0, 2, 3, 4, 6, 7, 10, 11];
  const mean = counted.reduce((total, n) => total + before.perRow.data[n], 0) / counted.length;
  expect(before.loss).toBeCloseTo(mean, 14);
});

it('has no mean when nothing is counted, and no gradient', () => {
  const { loss, count, cache } = crossEntropy(random([2, 3], 1), ids([-100, -100]));
  expect([loss, count]).toEqual([NaN, 0]);
  expect([...crossEntropyBackward(cache).data]).toEqual([0, 0, 0, 0, 0, 0]);
});

it('gives the gradient sum 0 over the classes of a row', () => {
  const { cache } = crossEntropy(random([5, 4], 8), ids([0, 3, 1, 1, 2]));
  const gradient = crossEntropyBackward(cache);
  for (let n = 0; n < 5; n++) expect(sum(gradient.row(n))).toBeCloseTo(0, 15);
});

it.each<FloatDType>(['float32', 'float64'])('keeps the dtype %s', (dtype) => {
  const { perRow, cache } = crossEntropy(Tensor.zeros([2, 3], dtype), ids([0, 1]));
  expect([perRow.dtype, crossEntropyBackward(cache).dtype]).toEqual([dtype, dtype]);
});

it('refuses what does not fit, by name and with the remedy', () => {
  const logits = Tensor.zeros([4, 3]);
  expect(() => crossEntropy(logits, ids([0, 1]))).toThrow(
    new ShapeError(
      'crossEntropy: targets has shape [2], expected [rows0=4]. One class id for each row of the scores.',
    ),
  );
  expect(() => crossEntropy(logits, ids([0, 1, 3, 0]))).toThrow(
    new ShapeError('crossEntropy: targets[2] is 3, expected 0 to 2 or ignoreIndex=-100.'),
  );
  expect(() => crossEntropy(logits, Tensor.from([0, 1, 2, 0]))).toThrow(
    new ShapeError(
      'crossEntropy: targets has shape [4], expected [rows0=4, classes=3]. Class ids must be int32.',
    ),
  );
  expect(() => crossEntropy(logits, Tensor.zeros([4, 3], 'float64'))).toThrow(
    new DTypeError('crossEntropy: targets is float64, expected float32 like the scores, or int32 class ids.'),
  );
  const targets = ids([0, 1, 2, 0]);
  expect(() => crossEntropy(logits, targets, { classWeights: [1, 2] })).toThrow(
    new ShapeError('crossEntropy: classWeights has 2 entries, expected one for each of the 3 classes.'),
  );
  expect(() => crossEntropy(logits, targets, { labelSmoothing: 1.5 })).toThrow(
    new ConfigError('crossEntropy: labelSmoothing is 1.5, expected a number from 0 to 1.'),
  );
  // @ts-expect-error the type refuses it as well
  expect(() => crossEntropy(logits, targets, { reduction: 'average' })).toThrow(
    new ConfigError(`crossEntropy: reduction is "average", expected 'mean' or 'sum' or 'none'.`),
  );
  const { cache } = crossEntropy(logits, targets, { reduction: 'none' });
  expect(() => crossEntropyBackward(cache, Tensor.zeros([3]))).toThrow(
    new ShapeError(
      'crossEntropyBackward: upstream has shape [3], expected 4 numbers, one for each loss that was not reduced.',
    ),
  );
});
