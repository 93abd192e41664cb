import { readFileSync } from 'node:fs';
import { activations, Tensor, type ActivationName } from '@rnnlab/tensor';
import { expectGradients } from '@rnnlab/tensor/testing';
import { describe, expect, it } from 'vitest';
import { RNN } from './rnn';
import { RNNCell } from './rnn-cell';
import {
  describeRecurrentCell,
  describeTorchCells,
  describeTorchLayers,
  recurrentGradients,
} from './testing';

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));

describe.each(['tanh', 'relu'] as const)('RNN with %s', (nonlinearity) => {
  const contract = nonlinearity === 'relu' ? { step: 1e-6 } : {};
  describeRecurrentCell(
    `RNN (${nonlinearity})`,
    (options) => new RNN({ ...options, nonlinearity }),
    contract,
  );
  describeTorchLayers(
    fixture(`rnn_${nonlinearity}.json`),
    (options) => new RNN({ ...options, nonlinearity }),
  );
});

describeTorchCells(
  fixture('cells.json'),
  (name, options) => new RNNCell({ ...options, nonlinearity: name.includes('relu') ? 'relu' : 'tanh' }),
);

it('refuses an unknown nonlinearity', () => {
  // @ts-expect-error the type refuses it as well
  expect(() => new RNN({ inputSize: 2, hiddenSize: 3, nonlinearity: 'sine' })).toThrow(
    `RNN: nonlinearity is "sine", expected 'sigmoid' or 'tanh' or 'relu' or 'linear' or 'hardSigmoid' or 'hardSigmoidTfjs', or an object with forward and derivative.`,
  );
});

it.each(Object.keys(activations) as ActivationName[])(
  'has the gradients of differences with %s',
  (nonlinearity) => {
    const report = recurrentGradients((options) => new RNN({ ...options, nonlinearity }), {}, 0.5, {
      step: 1e-6,
    });
    expectGradients(report, 1e-6);
  },
);

it("starts as an IRNN with init: 'identity' and relu: what is in h stays there", () => {
  const rnn = new RNN({ inputSize: 2, hiddenSize: 3, nonlinearity: 'relu', init: 'identity', seed: 1 });
  const [weightIh, weightHh, biasIh] = rnn.parameters().map(({ value }) => value);
  expect(weightHh.toArray()).toEqual([
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]);
  expect(weightIh.data.every((weight) => weight !== 0 && Math.abs(weight) < 0.01)).toBe(true);
  expect([...biasIh.data]).toEqual([0, 0, 0]);
  const { state } = rnn.forward(Tensor.zeros([50, 1, 2]), { h: Tensor.from([[[0.5, 0.25, 2]]]) });
  expect([...state.h.data]).toEqual([0.5, 0.25, 2]);
});
