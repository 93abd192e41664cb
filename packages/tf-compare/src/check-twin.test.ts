import { GRU } from '@rnnlab/gru';
import { LSTM } from '@rnnlab/lstm';
import { LanguageModel, RNN, type RecurrentLayer } from '@rnnlab/rnn';
import { ConfigError } from '@rnnlab/tensor';
import { expect, it } from 'vitest';
import { compareForward } from './compare-forward';
import { load } from './testing/engines';
import { someIds } from './testing/small-models';

const base = { inputSize: 7, hiddenSize: 5 };
const refused: Record<string, [() => RecurrentLayer, string]> = {
  'the GRU of Keras 3': [
    () => new GRU(base),
    'TensorFlowTwin: the model has resetAfter: true (the default), and the GRU of TensorFlow.js throws on it: it knows only the form of Cho et al. 2014, whose gates see other numbers. Make it with resetAfter: false.',
  ],
  'a variant': [
    () => new LSTM({ ...base, peephole: true }),
    'TensorFlowTwin: the model has peephole, which no layer of TensorFlow.js has. Leave it out.',
  ],
  dropout: [
    () => new LSTM({ ...base, numLayers: 2, dropout: 0.5 }),
    'TensorFlowTwin: the model has dropout or zoneout, and the two sides draw different random numbers, so their losses could not be compared. Leave it out.',
  ],
  float64: [
    () => new RNN({ ...base, dtype: 'float64' }),
    "TensorFlowTwin: the model has dtype float64, and TensorFlow.js computes in float32. Make it with dtype: 'float32'.",
  ],
  "Keras 3's hard sigmoid": [
    () => new LSTM({ ...base, recurrentActivation: 'hardSigmoid' }),
    "TensorFlowTwin: the activation of LSTM is 'hardSigmoid', and TensorFlow.js has only sigmoid, tanh, relu, linear, hardSigmoidTfjs. Use one of them.",
  ],
  'another output activation': [
    () => new LSTM({ ...base, outputActivation: 'relu' }),
    'TensorFlowTwin: the model has an outputActivation of its own, and the LSTM of TensorFlow.js has one activation for both. Leave it out.',
  ],
  'directions that are added': [
    () => new RNN({ ...base, bidirectional: true, merge: 'sum' }),
    "TensorFlowTwin: the model has merge: 'sum', expected 'concat'.",
  ],
  'batch-first': [
    () => new RNN({ ...base, batchFirst: true }),
    'TensorFlowTwin: the model has batchFirst: true, expected time-major sequences. Leave it out.',
  ],
};

it.each(Object.keys(refused))('refuses %s', async (name) => {
  const engine = await load('cpu');
  const [make, message] = refused[name];
  const model = new LanguageModel({ vocabSize: 7, recurrent: make() });
  const compare = () => compareForward(engine, model, { ids: someIds(1) });
  expect(compare).toThrow(new ConfigError(message));
});
