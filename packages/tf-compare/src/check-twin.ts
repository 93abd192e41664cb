import type { LSTMOptions } from '@rnnlab/lstm';
import type { GRUOptions } from '@rnnlab/gru';
import type { LanguageModel } from '@rnnlab/rnn';
import { ConfigError } from '@rnnlab/tensor';

/**
 * What TensorFlow.js cannot follow, found out before anything is computed.
 *
 * @throws {@link ConfigError} that says what, why, and what to do.
 */
export function checkTwin(model: LanguageModel): void {
  const { recurrent } = model;
  const options = recurrent.options as LSTMOptions & GRUOptions;
  const refuse = (what: string, why: string) => {
    throw new ConfigError(`TensorFlowTwin: the model has ${what}, ${why}.`);
  };
  if (!['rnn', 'lstm', 'gru'].includes(recurrent.type)) {
    refuse(
      `cells of type '${recurrent.type}'`,
      'expected rnn, lstm or gru, which TensorFlow.js has layers for',
    );
  }
  if (recurrent.type === 'gru' && options.resetAfter !== false) {
    refuse(
      'resetAfter: true (the default)',
      'and the GRU of TensorFlow.js throws on it: it knows only the form of Cho et al. 2014, whose gates see other numbers. Make it with resetAfter: false',
    );
  }
  for (const variant of ['peephole', 'coupledGates', 'projectionSize', 'layerNorm'] as const) {
    if (options[variant]) refuse(variant, 'which no layer of TensorFlow.js has. Leave it out');
  }
  const { dropout = 0, recurrentDropout = 0, zoneout = 0 } = options;
  if (dropout || recurrentDropout || zoneout !== 0) {
    refuse(
      'dropout or zoneout',
      'and the two sides draw different random numbers, so their losses could not be compared. Leave it out',
    );
  }
  if (options.dtype === 'float64') {
    refuse('dtype float64', "and TensorFlow.js computes in float32. Make it with dtype: 'float32'");
  }
  if ((options.merge ?? 'concat') !== 'concat') {
    refuse(`merge: '${options.merge}'`, "expected 'concat'");
  }
  const { activation = 'tanh', outputActivation = activation } = options;
  if (outputActivation !== activation) {
    refuse(
      'an outputActivation of its own',
      'and the LSTM of TensorFlow.js has one activation for both. Leave it out',
    );
  }
  if (options.batchFirst) refuse('batchFirst: true', 'expected time-major sequences. Leave it out');
}
