/** The LSTM of Keras, TensorFlow.js and ONNX Runtime, case by case. */
import { readFileSync } from 'node:fs';
import {
  describeKerasLayers,
  describeKerasOwnGoldens,
  describeOnnxLayers,
  type MakeForeignLayer,
} from '@rnnlab/rnn/testing';
import { LSTM } from './lstm';

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));

const make: MakeForeignLayer = ({ resetAfter: _, ...options }) => new LSTM(options);
describeKerasLayers('Keras', fixture('keras_recurrent.json'), 'LSTM', make);
describeKerasLayers('tfjs', fixture('tfjs_recurrent.json'), 'LSTM', make);
describeKerasOwnGoldens(fixture('keras_own_tests_recurrent.json'), 'LSTM', make);

for (const file of ['generated', 'node', 'options']) {
  describeOnnxLayers(
    fixture(`onnx_${file}_recurrent.json`),
    'LSTM',
    ({ activations, resetAfter: _, ...options }) => {
      const [recurrentActivation, activation, outputActivation] = activations;
      return new LSTM({ ...options, recurrentActivation, activation, outputActivation });
    },
  );
}
