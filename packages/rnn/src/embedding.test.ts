import { ConfigError, dot, DTypeError, Rng, ShapeError, Tensor } from '@rnnlab/tensor';
import { expectGradients, gradCheck, randomTensor, tensorMatchers } from '@rnnlab/tensor/testing';
import { expect, it } from 'vitest';
import { Embedding } from './embedding';
import { Linear } from './linear';

expect.extend(tensorMatchers);

const random = (shape: number[], seed: number) => randomTensor(shape, new Rng(seed), { dtype: 'float64' });
const ids = (values: number[][]) => Tensor.from(values, { dtype: 'int32' });

it('has the gradients of differences, also where an id comes several times', () => {
  const layer = new Embedding({ vocabSize: 6, embeddingDim: 3, dtype: 'float64', rng: new Rng(1) });
  const input = ids([
    [5, 0, 3, 3],
    [1, 3, 0, 5],
  ]);
  const upstream = random([2, 4, 3], 2);
  const rows = gradCheck({
    loss: () => dot(layer.forward(input).output, upstream),
    backward: () => {
      layer.zeroGrad();
      layer.backward(layer.forward(input).cache, { output: upstream });
    },
    parameters: layer.parameters(),
  });
  expectGradients(rows, 1e-6);
});

it('is a linear layer over one-hot vectors', () => {
  const layer = new Embedding({ vocabSize: 5, embeddingDim: 3, dtype: 'float64' });
  const linear = new Linear({ inputSize: 5, outputSize: 3, bias: false, dtype: 'float64' });
  layer.weight.value.data.forEach((w, k) => (linear.weight.value.data[(k % 3) * 5 + Math.floor(k / 3)] = w));
  const input = ids([[4, 2, 2, 0]]);
  const oneHot = Tensor.zeros([1, 4, 5], 'float64');
  input.data.forEach((id, n) => (oneHot.data[n * 5 + id] = 1));
  expect(layer.forward(input).output).toEqualTensor(linear.forward(oneHot).output);
});

it('leaves the padding vector at zero and without gradient', () => {
  const layer = new Embedding({ vocabSize: 4, embeddingDim: 2, paddingId: 2, init: 'torch' });
  expect([...layer.weight.value.row(2).data]).toEqual([0, 0]);
  expect(layer.weight.value.row(1).data.every((w) => w !== 0)).toBe(true);
  const { output, cache } = layer.forward(ids([[2, 1]]));
  expect([...output.row(0).row(0).data]).toEqual([0, 0]);
  layer.backward(cache, {
    output: Tensor.from([
      [
        [3, 4],
        [5, 6],
      ],
    ]),
  }); // prettier-ignore
  expect(layer.weight.grad.toArray()).toEqual([
    [0, 0],
    [5, 6],
    [0, 0],
    [0, 0],
  ]); // prettier-ignore
});

it('refuses what does not fit, by name and with the remedy', () => {
  expect(() => new Embedding({ vocabSize: 4, embeddingDim: 1.5 })).toThrow(
    new ConfigError('Embedding: embeddingDim is 1.5, expected an integer ≥ 1.'),
  );
  expect(() => new Embedding({ vocabSize: 4, embeddingDim: 2, paddingId: 4 })).toThrow(
    new ConfigError('Embedding: paddingId is 4, expected an id from 0 to vocabSize−1 = 3.'),
  );
  const layer = new Embedding({ vocabSize: 4, embeddingDim: 2 });
  expect(() => layer.forward(Tensor.zeros([2, 3]))).toThrow(
    new DTypeError('Embedding.forward: ids is float32, expected int32 token ids.'),
  );
  expect(() => layer.forward(ids([[0, 4, 1]]))).toThrow(
    new ShapeError('Embedding.forward: ids holds 4, expected 0 to vocabSize−1 = 3.'),
  );
  expect(() => layer.forward(ids([[0, -1]]))).toThrow('ids holds -1');
  const { cache } = layer.forward(ids([[0, 3, 1]]));
  expect(() => layer.backward(cache, { output: Tensor.zeros([3, 2]) })).toThrow(
    new ShapeError(
      'Embedding.backward: upstream output has shape [3, 2], expected [rows0=1, rows1=3, embeddingDim=2].',
    ),
  );
});
