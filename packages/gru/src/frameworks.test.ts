/** The GRU of Keras, TensorFlow.js and ONNX Runtime, case by case. */
import { readFileSync } from 'node:fs';
import {
  describeKerasLayers,
  describeKerasOwnGoldens,
  describeOnnxLayers,
  type MakeForeignLayer,
} from '@rnnlab/rnn/testing';
import { GRU } from './gru';

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));

const make: MakeForeignLayer = (options) => new GRU(options);
describeKerasLayers('Keras', fixture('keras_recurrent.json'), 'GRU', make);
describeKerasLayers('tfjs', fixture('tfjs_recurrent.json'), 'GRU', make);
describeKerasOwnGoldens(fixture('keras_own_tests_recurrent.json'), 'GRU', make);

for (const file of ['generated', 'node', 'options']) {
  describeOnnxLayers(fixture(`onnx_${file}_recurrent.json`), 'GRU', ({ activations, ...options }) => {
    const [recurrentActivation, activation] = activations;
    return new GRU({ ...options, recurrentActivation, activation });
  });
}
