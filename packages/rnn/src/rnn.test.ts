import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RNN } from './rnn';
import { RNNCell } from './rnn-cell';
import { describeRecurrentCell, describeTorchCells, describeTorchLayers } from './testing';

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
