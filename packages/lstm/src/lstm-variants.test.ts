import { readFileSync } from 'node:fs';
import { describeRecurrentCell, describeTorchLayers, recurrentGradients } from '@rnnlab/rnn/testing';
import { expectGradients } from '@rnnlab/tensor/testing';
import { describe, expect, it } from 'vitest';
import { LSTM, type LSTMOptions } from './lstm';

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));

const plain = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'];
describeRecurrentCell('LSTM with peepholes', (options) => new LSTM({ ...options, peephole: true }), {
  parameterNames: [...plain, 'weight_ch'],
});
describeRecurrentCell('LSTM with coupled gates', (options) => new LSTM({ ...options, coupledGates: true }));
describeRecurrentCell('LSTM with projection', (options) => new LSTM({ ...options, projectionSize: 1 }), {
  parameterNames: [...plain, 'weight_hr'],
});
// Normalised over two units, c says no more than which one is larger: there is nothing left to differentiate.
const three = (hiddenSize: number) => (hiddenSize === 2 ? 3 : hiddenSize);
describeRecurrentCell(
  'LSTM with layer normalisation',
  (options) => new LSTM({ ...options, hiddenSize: three(options.hiddenSize), layerNorm: true }),
  { parameterNames: [...plain, 'norm_ih_weight', 'norm_hh_weight', 'norm_c_weight', 'norm_c_bias'] },
);
describeTorchLayers(fixture('lstm_projection.json'), (options) => new LSTM(options));

describe('LSTM variants', () => {
  const make = (options: Partial<LSTMOptions>) => () => new LSTM({ inputSize: 3, hiddenSize: 4, ...options });
  const biasOf = (options: Partial<LSTMOptions>) => {
    const bias = make(options)()
      .parameters()
      .find(({ name }) => name.startsWith('bias_ih'))!;
    return [...bias.value.data];
  };

  it.each<[string, Partial<LSTMOptions>]>([
    [
      'peephole and layerNorm cannot be combined, since each is a cell of its own. Choose one.',
      { peephole: true, layerNorm: true },
    ],
    [
      'coupledGates and projectionSize cannot be combined, since each is a cell of its own. Choose one.',
      { coupledGates: true, projectionSize: 2 },
    ],
    ['projectionSize is 4, expected an integer from 1 to below hiddenSize=4.', { projectionSize: 4 }],
    ['projectionSize is 0, expected an integer from 1 to below hiddenSize=4.', { projectionSize: 0 }],
    [
      `recurrentActivation is "sine", expected 'sigmoid' or 'tanh' or 'relu' or 'linear' or 'hardSigmoid' or 'hardSigmoidTfjs', or an object with forward and derivative.`,
      { recurrentActivation: 'sine' as 'tanh' },
    ],
  ])('are refused: %s', (message, options) => {
    expect(make(options)).toThrow(new RegExp(`^LSTM: ${message.replace(/[.()]/g, '\\$&')}$`));
  });

  it('start with an open forget gate each in its own way', () => {
    const zeros = [0, 0, 0, 0];
    const ones = [1, 1, 1, 1];
    expect(biasOf({ peephole: true })).toEqual([...zeros, ...ones, ...zeros, ...zeros]);
    expect(biasOf({ projectionSize: 2 })).toEqual([...zeros, ...ones, ...zeros, ...zeros]);
    expect(biasOf({ layerNorm: true })).toEqual([...zeros, ...ones, ...zeros, ...zeros]);
    expect(biasOf({ coupledGates: true, forgetBias: 2 })).toEqual([-2, -2, -2, -2, ...zeros, ...zeros]);
  });

  it('of layer normalisation takes its epsilon', () => {
    const outputOf = (epsilon: number) => {
      const lstm = make({ layerNorm: { epsilon }, seed: 2 })();
      return lstm.forward(lstm.cells[0][0].allocate(2, 1, 3).fill(0.1)).output.data;
    };
    expect(outputOf(1e-5)).toEqual(outputOf(1e-5));
    expect(outputOf(1e-5)).not.toEqual(outputOf(1e-1));
  });
});

describe.each<[string, Partial<LSTMOptions>]>([
  ['plain', {}],
  ['peephole', { peephole: true }],
  ['coupled gates', { coupledGates: true }],
  ['projection', { projectionSize: 1 }],
  ['layer normalisation', { layerNorm: true, hiddenSize: 3 }],
])('LSTM cell, %s, has the gradients of differences', (_, variant) => {
  it.each<Partial<LSTMOptions>>([
    { recurrentActivation: 'hardSigmoid' },
    { recurrentActivation: 'hardSigmoidTfjs', activation: 'relu' },
    { activation: 'linear' },
    { activation: 'sigmoid', outputActivation: 'tanh' },
    { outputActivation: 'linear' },
  ])('with %o', (activations) => {
    const kinks = /hard|relu/.test(Object.values(activations).join());
    const step = kinks ? 1e-5 : undefined; // so that no difference reaches across a kink
    const make = (options: LSTMOptions) => new LSTM({ ...options, ...variant, ...activations });
    expectGradients(recurrentGradients(make, {}, 0.5, { step }), 1e-6);
  });
});
