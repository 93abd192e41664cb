/** SimpleRNN of Keras and TensorFlow.js and RNN of ONNX Runtime, case by case. */
import { readFileSync } from 'node:fs';
import { RNN } from './rnn';
import {
  describeKerasLayers,
  describeKerasOwnGoldens,
  describeOnnxLayers,
  type MakeForeignLayer,
} from './testing';

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));

const make: MakeForeignLayer = ({ activation, resetAfter: _, recurrentActivation: __, ...options }) =>
  new RNN({ ...options, nonlinearity: activation });
describeKerasLayers('Keras', fixture('keras_recurrent.json'), 'SimpleRNN', make);
describeKerasLayers('tfjs', fixture('tfjs_recurrent.json'), 'SimpleRNN', make);
describeKerasOwnGoldens(fixture('keras_own_tests_recurrent.json'), 'SimpleRNN', make);

for (const file of ['generated', 'node', 'options']) {
  describeOnnxLayers(
    fixture(`onnx_${file}_recurrent.json`),
    'RNN',
    ({ activations: [nonlinearity], ...options }) => new RNN({ ...options, nonlinearity }),
  );
}
