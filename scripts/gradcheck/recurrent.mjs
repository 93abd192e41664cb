/** Every cell and every option that changes its mathematics. */
import { GRU } from '@rnnlab/gru';
import { LSTM } from '@rnnlab/lstm';
import { RNN } from '@rnnlab/rnn';
import { recurrentGradients } from '@rnnlab/rnn/testing';

const layers = { RNN, LSTM, GRU };
const scales = [0.01, 0.5, 1, 2];
const lengths = [3, 5, 1];
const kinks = /relu|hard/i;

/** name, what it adds to the options, how it is run */
const variants = [
  ['RNN', 'tanh', {}],
  ['RNN', 'relu', { nonlinearity: 'relu' }],
  ['LSTM', '', {}],
  ['LSTM', 'peephole', { peephole: true }],
  ['LSTM', 'coupled gates', { coupledGates: true }],
  ['LSTM', 'projection', { hiddenSize: 3, projectionSize: 2 }],
  ['LSTM', 'layer norm', { hiddenSize: 3, layerNorm: true }],
  ['LSTM', 'hardSigmoid gates', { recurrentActivation: 'hardSigmoid' }],
  ['LSTM', 'hardSigmoidTfjs gates, relu', { recurrentActivation: 'hardSigmoidTfjs', activation: 'relu' }],
  ['GRU', 'reset after', {}],
  ['GRU', 'reset before', { resetAfter: false }],
  ['GRU', 'hardSigmoid gates', { recurrentActivation: 'hardSigmoid' }],
];

/** Options that all cells share, checked on each. */
const shared = [
  ['two biases', { recurrentBias: true }, {}],
  ['recurrent dropout', { recurrentDropout: 0.4 }, { training: true }],
  ['zoneout', { zoneout: { h: 0.3, c: 0.4 } }, { training: true }],
  ['bidirectional, lengths', { bidirectional: true }, { lengths }],
  ['bidirectional product', { bidirectional: true, merge: 'product' }, {}],
  ['2 layers, dropout', { numLayers: 2, dropout: 0.4 }, { training: true }],
];

const check = (cell, label, extra, run = {}) => ({
  layer: [cell, label].filter(Boolean).join(', '),
  scales,
  report: (scale) => {
    const make = (options) => new layers[cell]({ ...options, ...extra });
    // A difference must not reach across a kink, where there is no derivative.
    const step = kinks.test(JSON.stringify(extra)) ? 1e-5 : undefined;
    return recurrentGradients(make, {}, scale, { ...run, step });
  },
});

export const recurrentChecks = [
  ...variants.map(([cell, label, extra]) => check(cell, label, extra)),
  ...Object.keys(layers).flatMap((cell) =>
    shared.map(([label, extra, run]) => check(cell, label, extra, run)),
  ),
];
