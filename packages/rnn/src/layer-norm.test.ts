import { ConfigError, dot, DTypeError, map, mean, Rng, ShapeError, Tensor } from '@rnnlab/tensor';
import { expectGradients, gradCheck, randomTensor, tensorMatchers } from '@rnnlab/tensor/testing';
import { expect, it } from 'vitest';
import { LayerNorm } from './layer-norm';

expect.extend(tensorMatchers);

const random = (shape: number[], seed: number, scale = 1) =>
  randomTensor(shape, new Rng(seed), { dtype: 'float64', scale });

it.each([
  [true, 1e-5, 1],
  [false, 1e-3, 3],
  [true, 0.5, 0.01],
])('has the gradients of differences, bias: %s, epsilon %d, inputs N(0, 1)·%d', (bias, epsilon, scale) => {
  const layer = new LayerNorm({ inputSize: 5, epsilon, bias, dtype: 'float64' });
  layer.parameters().forEach(({ value }, k) => value.copyFrom(random([5], 7 + k)));
  const [input, upstream] = [random([2, 3, 5], 1, scale), random([2, 3, 5], 2)];
  const dInput = Tensor.zeros(input.shape, 'float64');
  const rows = gradCheck({
    loss: () => dot(layer.forward(input).output, upstream),
    backward: () => {
      layer.zeroGrad();
      dInput.copyFrom(layer.backward(layer.forward(input).cache, { output: upstream }).input);
    },
    parameters: [...layer.parameters(), { name: 'input', value: input, grad: dInput }],
    step: 1e-4 * scale,
  });
  expect(rows).toHaveLength(bias ? 3 : 2);
  expectGradients(rows, 1e-6);
});

it('gives every row mean 0 and variance σ²/(σ² + ε), wherever it lies', () => {
  const layer = new LayerNorm({ inputSize: 4, epsilon: 0.5, dtype: 'float64' });
  const input = random([3, 4], 3);
  input.row(1).data.forEach((x, k, row) => (row[k] = 1e6 + 10 * x));
  const { output } = layer.forward(input);
  for (let n = 0; n < 3; n++) {
    const row = input.row(n);
    const variance = mean(map(row, (x) => (x - mean(row)) ** 2));
    expect(mean(output.row(n))).toBeCloseTo(0, 9);
    expect(dot(output.row(n), output.row(n)) / 4).toBeCloseTo(variance / (variance + 0.5), 9);
  }
});

it('adds into the gradients', () => {
  const layer = new LayerNorm({ inputSize: 4, dtype: 'float64' });
  const { cache } = layer.forward(random([2, 4], 1));
  layer.backward(cache, { output: random([2, 4], 2) });
  const once = layer.parameters().map(({ grad }) => Array.from(grad.data, (g) => 2 * g));
  layer.backward(cache, { output: random([2, 4], 2) });
  layer.parameters().forEach(({ grad }, k) => expect([...grad.data]).toEqual(once[k]));
});

it('refuses what does not fit, by name and with the remedy', () => {
  expect(() => new LayerNorm({ inputSize: -1 })).toThrow(
    new ConfigError('LayerNorm: inputSize is -1, expected an integer ≥ 1.'),
  );
  expect(() => new LayerNorm({ inputSize: 3, epsilon: 0 })).toThrow(
    new ConfigError('LayerNorm: epsilon is 0, expected a number > 0.'),
  );
  const layer = new LayerNorm({ inputSize: 3 });
  expect(() => layer.forward(Tensor.zeros([3, 2]))).toThrow(
    new ShapeError('LayerNorm.forward: input has shape [3, 2], expected [rows, inputSize=3].'),
  );
  expect(() => layer.forward(Tensor.zeros([2, 3], 'float64'))).toThrow(
    new DTypeError(
      "LayerNorm.forward: input is float64, expected float32 like the weights. Convert it with clone('float32').",
    ),
  );
  const { cache } = layer.forward(Tensor.zeros([2, 3]));
  expect(() => layer.backward(cache, { output: Tensor.zeros([3, 2]) })).toThrow(
    new ShapeError('LayerNorm.backward: upstream output has shape [3, 2], expected [d0=2, d1=3].'),
  );
});
