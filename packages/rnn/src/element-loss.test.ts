/** The losses over elements and `nll`: against PyTorch (every case of the file), against differences, and their refusals. */
import {
  ConfigError,
  dot,
  DTypeError,
  logSoftmax,
  map,
  Rng,
  ShapeError,
  sigmoid,
  Tensor,
} from '@rnnlab/tensor';
import {
  expectGradients,
  gradCheck,
  randomTensor,
  tensorFromJson,
  tensorMatchers,
} from '@rnnlab/tensor/testing';
import type { TensorJson } from '@rnnlab/tensor/testing';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  binaryCrossEntropy,
  binaryCrossEntropyBackward,
  binaryCrossEntropyWithLogits,
  binaryCrossEntropyWithLogitsBackward,
} from './binary-cross-entropy';
import { crossEntropy, crossEntropyBackward } from './cross-entropy';
import { l1, l1Backward } from './l1';
import type { Reduction } from './loss-checks';
import { mse, mseBackward } from './mse';
import { nll, nllBackward } from './nll';
import { smoothL1, smoothL1Backward } from './smooth-l1';

expect.extend(tensorMatchers);

interface Options {
  reduction?: Reduction;
  beta?: number;
}

/** The losses of the golden file by the first words of a case's name. */
type Loss = (
  x: Tensor,
  y: Tensor,
  options: Options,
) => { loss: number; each: Tensor; back: (up: number | Tensor) => Tensor };
const overElements =
  <Cache>(
    loss: (x: Tensor, y: Tensor, options: Options) => { loss: number; perElement: Tensor; cache: Cache },
    backward: (cache: Cache, upstream: number | Tensor) => Tensor,
  ): Loss =>
  (x, y, options) => {
    const { cache, perElement, ...rest } = loss(x, y, options);
    return { ...rest, each: perElement, back: (up) => backward(cache, up) };
  };
const losses: Record<string, Loss> = {
  mse: overElements(mse, mseBackward),
  l1: overElements(l1, l1Backward),
  smooth_l1: overElements(smoothL1, smoothL1Backward),
  bce: overElements(binaryCrossEntropy, binaryCrossEntropyBackward),
  bce_with_logits: overElements(binaryCrossEntropyWithLogits, binaryCrossEntropyWithLogitsBackward),
  nll: (x, y, options) => {
    const { loss, perRow, cache } = nll(x, y.clone('int32'), options);
    return { loss, each: perRow, back: (up) => nllBackward(cache, up) };
  },
};

const golden: {
  cases: {
    name: string;
    input: TensorJson;
    target: TensorJson;
    options: Options;
    upstream: TensorJson;
    expected: { loss: TensorJson; gradInput: TensorJson };
  }[];
} = JSON.parse(readFileSync(new URL('../fixtures/other_losses.json', import.meta.url), 'utf8'));

describe('PyTorch golden losses', () => {
  it.each(golden.cases)('$name', ({ name, options, expected, ...given }) => {
    const tensor = (json: TensorJson) => tensorFromJson(json, 'float64');
    const kind = name.replace(/_(mean|sum|none|huge|[\d.]+)$/, '');
    expect(Object.keys(losses)).toContain(kind);
    expect(['reduction', 'beta']).toEqual(expect.arrayContaining(Object.keys(options)));
    const { loss, each, back } = losses[kind](tensor(given.input), tensor(given.target), options);
    const tolerance = { rtol: 1e-9, atol: 1e-11 };
    const got = options.reduction === 'none' ? each : Tensor.full([], loss, 'float64');
    expect(got).toBeCloseToTensor(tensor(expected.loss), { ...tolerance, name: 'loss' });
    const upstream = tensor(given.upstream);
    expect(back(upstream.rank ? upstream : upstream.data[0])).toBeCloseToTensor(tensor(expected.gradInput), {
      ...tolerance,
      name: 'dL/dinput',
    });
  });
});

const random = (shape: number[], seed: number) => randomTensor(shape, new Rng(seed), { dtype: 'float64' });

describe.each(Object.keys(losses))('%s', (name) => {
  it.each<Reduction>(['mean', 'sum', 'none'])(
    'has the gradients of differences, reduction %s',
    (reduction) => {
      const probabilities = name === 'bce';
      const x = probabilities ? map(random([3, 4], 1), sigmoid.forward) : random([3, 4], 1);
      const y =
        name === 'nll'
          ? Tensor.from([2, 0, 3], { dtype: 'float64' })
          : map(random([3, 4], 2), sigmoid.forward);
      const upstream = reduction === 'none' ? random([...y.shape], 3) : 0.7;
      const grad = Tensor.zeros(x.shape, 'float64');
      const run = () => losses[name](x, y, { reduction });
      const rows = gradCheck({
        loss: () => (typeof upstream === 'number' ? upstream * run().loss : dot(run().each, upstream)),
        backward: () => grad.copyFrom(run().back(upstream)),
        parameters: [{ name: 'x', value: x, grad }],
      });
      expectGradients(rows, 1e-6);
    },
  );
});

it('nll of log-softmax is cross-entropy, ignored rows and class weights included', () => {
  const z = random([5, 4], 9);
  const targets = Tensor.from([3, -1, 0, 2, 0], { dtype: 'int32' });
  const options = { ignoreIndex: -1, classWeights: [0.4, 1, 2.5, 0.8] };
  const [a, b] = [nll(logSoftmax(z), targets, options), crossEntropy(z, targets, options)];
  expect(a.loss).toBeCloseTo(b.loss, 14);
  expect([a.count, b.count]).toEqual([4, 4]);
  expect([...nllBackward(a.cache).row(1).data, ...crossEntropyBackward(b.cache).row(1).data]).toEqual(
    Array(8).fill(0),
  );
});

it('smoothL1 with beta 0 is l1', () => {
  const [x, y] = [random([7], 1), random([7], 2)];
  const smooth = smoothL1(x, y, { beta: 0 });
  expect(smooth.loss).toBeCloseTo(l1(x, y).loss, 15);
  expect(smoothL1Backward(smooth.cache)).toEqualTensor(l1Backward(l1(x, y).cache));
});

it('refuses what does not fit, by name and with the remedy', () => {
  const x = Tensor.zeros([2, 3]);
  expect(() => mse(x, Tensor.zeros([3, 2]))).toThrow(
    new ShapeError(
      'mse: target has shape [3, 2], expected [d0=2, d1=3]. One target for each element of the prediction.',
    ),
  );
  expect(() => l1(x, Tensor.zeros([2, 3], 'float64'))).toThrow(
    new DTypeError(
      "l1: prediction is float32 and target float64, expected float32 or float64 for both. Convert with clone('float32').",
    ),
  );
  // @ts-expect-error the type refuses it as well
  expect(() => mse(x, x, { reduction: 'max' })).toThrow(
    new ConfigError(`mse: reduction is "max", expected 'mean' or 'sum' or 'none'.`),
  );
  expect(() => smoothL1(x, x, { beta: -1 })).toThrow(
    new ConfigError('smoothL1: beta is -1, expected a number ≥ 0.'),
  );
  expect(() => binaryCrossEntropy(Tensor.from([0.5, 1.5]), Tensor.zeros([2]))).toThrow(
    new ShapeError(
      'binaryCrossEntropy: prediction holds 1.5, expected probabilities from 0 to 1. For scores use binaryCrossEntropyWithLogits.',
    ),
  );
  expect(() => nll(x, Tensor.zeros([2]))).toThrow(
    new DTypeError('nll: targets is float32, expected int32 class ids.'),
  );
  const { cache } = mse(x, x, { reduction: 'none' });
  expect(() => mseBackward(cache, Tensor.zeros([2]))).toThrow(
    new ShapeError(
      'mseBackward: upstream has shape [2], expected 6 numbers, one for each loss that was not reduced.',
    ),
  );
});
