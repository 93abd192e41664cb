import {
  ConfigError,
  dot,
  DTypeError,
  referenceBackend,
  Rng,
  ShapeError,
  Tensor,
  wasmBackend,
} from '@rnnlab/tensor';
import { expectGradients, gradCheck, randomTensor, tensorMatchers } from '@rnnlab/tensor/testing';
import { expect, it } from 'vitest';
import { Linear } from './linear';

expect.extend(tensorMatchers);

const random = (shape: number[], seed: number) => randomTensor(shape, new Rng(seed), { dtype: 'float64' });

it.each([true, false])('has the gradients of differences, bias: %s', (bias) => {
  const layer = new Linear({ inputSize: 4, outputSize: 3, bias, dtype: 'float64', rng: new Rng(1) });
  const [input, upstream] = [random([2, 5, 4], 2), random([2, 5, 3], 3)];
  const dInput = Tensor.zeros(input.shape, 'float64');
  const rows = gradCheck({
    loss: () => dot(layer.forward(input).output, upstream),
    backward: () => {
      layer.zeroGrad();
      dInput.copyFrom(layer.backward(layer.forward(input).cache, { output: upstream }).input);
    },
    parameters: [...layer.parameters(), { name: 'input', value: input, grad: dInput }],
  });
  expect(rows).toHaveLength(bias ? 3 : 2);
  expectGradients(rows, 1e-6);
});

it('adds into the gradients', () => {
  const layer = new Linear({ inputSize: 4, outputSize: 3, dtype: 'float64' });
  const { cache } = layer.forward(random([2, 4], 1));
  layer.backward(cache, { output: random([2, 3], 2) });
  const once = layer.parameters().map(({ grad }) => grad.clone());
  layer.backward(cache, { output: random([2, 3], 2) });
  layer.parameters().forEach(({ grad }, k) => {
    expect(grad.data.every((g, n) => Math.abs(g - 2 * once[k].data[n]) < 1e-12)).toBe(true);
  });
});

it('gives the same on the wasm backend, up to rounding', () => {
  const make = (backend = referenceBackend) =>
    new Linear({ inputSize: 19, outputSize: 13, rng: new Rng(4), backend });
  const [a, b] = [make(), make(wasmBackend({ memoryMiB: 64 }))];
  const [x, dy] = [randomTensor([7, 3, 19], new Rng(5)), randomTensor([7, 3, 13], new Rng(6))];
  const [fa, fb] = [a.forward(x), b.forward(x)];
  const close = { rtol: 1e-5, atol: 1e-5 };
  expect(fb.output).toBeCloseToTensor(fa.output, close);
  const [ga, gb] = [a.backward(fa.cache, { output: dy }), b.backward(fb.cache, { output: dy })];
  expect(gb.input).toBeCloseToTensor(ga.input, close);
  b.parameters().forEach(({ name, grad }, k) => {
    expect(grad).toBeCloseToTensor(a.parameters()[k].grad, { ...close, name });
  });
});

it('draws its first weights as the preset says', () => {
  const weights = (init: 'keras' | 'torch' | 'seed') =>
    new Linear({ inputSize: 16, outputSize: 48, init, dtype: 'float64' })
      .parameters()
      .map(({ value }) => Math.max(...Array.from(value.data, Math.abs)));
  const [keras, torch, seed] = [weights('keras'), weights('torch'), weights('seed')];
  const limit = Math.sqrt(6 / (16 + 48));
  expect(keras[0]).toBeGreaterThan(0.95 * limit);
  expect(keras[0]).toBeLessThanOrEqual(limit);
  expect(keras[1]).toBe(0);
  for (const largest of torch) {
    expect(largest).toBeGreaterThan(0.95 / 4);
    expect(largest).toBeLessThanOrEqual(1 / 4);
  }
  expect(seed[0]).toBeGreaterThan(0.02);
  expect(seed[0]).toBeLessThan(0.06);
});

it('refuses what does not fit, by name and with the remedy', () => {
  expect(() => new Linear({ inputSize: 0, outputSize: 3 })).toThrow(
    new ConfigError('Linear: inputSize is 0, expected an integer ≥ 1.'),
  );
  const layer = new Linear({ inputSize: 4, outputSize: 3 });
  expect(() => layer.forward(Tensor.zeros([2, 5]))).toThrow(
    new ShapeError('Linear.forward: input has shape [2, 5], expected [rows, inputSize=4].'),
  );
  expect(() => layer.forward(Tensor.zeros([2, 4], 'float64'))).toThrow(
    new DTypeError(
      "Linear.forward: input is float64, expected float32 like the weights. Convert it with clone('float32').",
    ),
  );
  const { cache } = layer.forward(Tensor.zeros([2, 7, 4]));
  expect(() => layer.backward(cache, { output: Tensor.zeros([7, 2, 3]) })).toThrow(
    new ShapeError(
      'Linear.backward: upstream output has shape [7, 2, 3], expected [rows0=2, rows1=7, outputSize=3].',
    ),
  );
});
