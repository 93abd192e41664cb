import { readFileSync } from 'node:fs';
import {
  describeRecurrentCell,
  describeTorchCells,
  describeTorchLayers,
  recurrentGradients,
} from '@rnnlab/rnn/testing';
import { Tensor } from '@rnnlab/tensor';
import { expectGradients } from '@rnnlab/tensor/testing';
import { describe, expect, it } from 'vitest';
import { GRU, type GRUOptions } from './gru';
import { GRUCell } from './gru-cell';

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));

describeRecurrentCell('GRU with the reset gate after the product', (options) => new GRU(options));
describeRecurrentCell(
  'GRU with the reset gate before the product',
  (options) => new GRU({ ...options, resetAfter: false }),
);
describeTorchLayers(fixture('gru.json'), (options) => new GRU(options));
describeTorchCells(fixture('cells.json'), (_, options) => new GRUCell(options));

it('has two biases after the product, and one before it unless asked for', () => {
  const names = (options: { resetAfter: boolean; recurrentBias?: boolean }) =>
    new GRU({ inputSize: 2, hiddenSize: 3, ...options }).parameters().map(({ name }) => name);
  expect(names({ resetAfter: true })).toEqual(['weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0', 'bias_hh_l0']);
  expect(names({ resetAfter: false })).toEqual(['weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0']);
  expect(names({ resetAfter: false, recurrentBias: true })).toHaveLength(4);
});

it('differs between the two reset conventions for the same weights', () => {
  const after = new GRU({ inputSize: 2, hiddenSize: 3, recurrentBias: true, init: 'torch', seed: 5 });
  const before = new GRU({ inputSize: 2, hiddenSize: 3, recurrentBias: true, resetAfter: false });
  before.loadStateDict(after.stateDict());
  const input = Tensor.from([[[0.3, -0.7]], [[0.9, 0.2]], [[-0.4, 0.5]]]);
  expect(before.forward(input).output.data).not.toEqual(after.forward(input).output.data);
});

it.each([true, false])('traces gates from which the states follow, resetAfter %s', (resetAfter) => {
  const gru = new GRU({ inputSize: 3, hiddenSize: 2, dtype: 'float64', seed: 3, resetAfter });
  const { steps } = gru.trace(Tensor.from([[[0.3, -0.7, 0.1]], [[0.9, 0.2, -0.4]]], { dtype: 'float64' }));
  let h = [0, 0];
  for (const { layers } of steps) {
    const { gates, state } = layers[0][0];
    h = h.map((old, k) => (1 - gates.z.data[k]) * gates.n.data[k] + gates.z.data[k] * old);
    h.forEach((value, k) => expect(state.h.data[k]).toBeCloseTo(value, 14));
  }
});

describe.each([true, false])('GRU with resetAfter %s has the gradients of differences', (resetAfter) => {
  it.each<Partial<GRUOptions>>([
    { recurrentActivation: 'hardSigmoid' },
    { recurrentActivation: 'hardSigmoidTfjs', activation: 'relu' },
    { activation: 'linear' },
  ])('with %o', (activations) => {
    const kinks = /hard|relu/.test(Object.values(activations).join());
    const step = kinks ? 1e-5 : undefined; // so that no difference reaches across a kink
    const make = (options: GRUOptions) => new GRU({ ...options, resetAfter, ...activations });
    expectGradients(recurrentGradients(make, {}, 0.5, { step }), 1e-6);
  });
});
