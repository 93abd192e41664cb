import { ConfigError, dot, mean, Rng, ShapeError, Tensor } from '@rnnlab/tensor';
import { expectGradients, gradCheck, randomTensor } from '@rnnlab/tensor/testing';
import { expect, it } from 'vitest';
import { Dropout } from './dropout-layer';

const random = (shape: number[], seed: number) => randomTensor(shape, new Rng(seed), { dtype: 'float64' });

it('zeroes its share of the elements and keeps the expectation', () => {
  const { output } = new Dropout({ probability: 0.3, seed: 5 }).forward(
    Tensor.full([100, 200], 1, 'float64'),
    {
      training: true,
    },
  );
  const zeros = output.data.filter((y) => y === 0).length / output.size;
  // 20,000 draws: the standard deviation of the share is √(0.3·0.7/20000) = 0.0032
  expect(Math.abs(zeros - 0.3)).toBeLessThan(0.013);
  expect(Math.abs(mean(output) - 1)).toBeLessThan(0.013 / 0.7);
  expect(new Set(output.data)).toEqual(new Set([0, 1 / 0.7]));
});

it('has the gradients of differences for a fixed mask', () => {
  const layer = new Dropout({ probability: 0.4, seed: 2 });
  const state = layer.rng.state;
  const [input, upstream] = [random([3, 5], 1), random([3, 5], 2)];
  const grad = Tensor.zeros(input.shape, 'float64');
  const run = () => {
    layer.rng.state = state;
    return layer.forward(input, { training: true });
  };
  const rows = gradCheck({
    loss: () => dot(run().output, upstream),
    backward: () => grad.copyFrom(layer.backward(run().cache, { output: upstream }).input),
    parameters: [{ name: 'input', value: input, grad }],
  });
  expectGradients(rows, 1e-6);
  expect(grad.data.some((g) => g === 0) && grad.data.some((g) => g !== 0)).toBe(true);
});

it('passes everything on while not training, and with probability 0', () => {
  const [x, dy] = [random([2, 3], 1), random([2, 3], 2)];
  const runs = [
    new Dropout({ probability: 0.9 }).forward(x),
    new Dropout({ probability: 0 }).forward(x, { training: true }),
  ];
  for (const { output, cache } of runs) {
    expect(output).toBe(x);
    expect(new Dropout({ probability: 0.9 }).backward(cache, { output: dy }).input).toBe(dy);
  }
});

it('draws another mask each time, and the same ones from the same seed', () => {
  const masks = (seed: number) => {
    const layer = new Dropout({ probability: 0.5, seed });
    return [1, 2].map(() => [...layer.forward(Tensor.full([40], 1), { training: true }).output.data]);
  };
  expect(masks(3)).toEqual(masks(3));
  expect(masks(3)[0]).not.toEqual(masks(3)[1]);
  expect(masks(3)).not.toEqual(masks(4));
});

it('refuses what does not fit, by name and with the remedy', () => {
  expect(() => new Dropout({ probability: 1 })).toThrow(
    new ConfigError('Dropout: probability is 1, expected a number from 0 to below 1.'),
  );
  const layer = new Dropout({ probability: 0.5 });
  const { cache } = layer.forward(Tensor.zeros([2, 3]), { training: true });
  expect(() => layer.backward(cache, { output: Tensor.zeros([3, 2]) })).toThrow(
    new ShapeError('Dropout.backward: upstream output has shape [3, 2], expected [d0=2, d1=3].'),
  );
});
