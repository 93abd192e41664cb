/**
 * The network of Keras' layers in TensorFlow.js:
 *
 *   one-hot [B, T, V] → (dense without bias: the embedding) → simpleRNN, lstm or gru, L times → dense → logits [B, T, V]
 *
 * Whatever a layer would decide by a default of its own is said: sigmoid gates (tfjs: hardSigmoid), tanh, no dropout inside.
 * Initialisers are zeros because the weights come from our model. The embedding is a product with one-hot vectors, which
 * is the same as looking up rows; its gradient exists in every engine, that of a look-up not in wasm.
 */
import type * as tfjs from '@tensorflow/tfjs';
import type { TensorFlow } from './load-tensor-flow';
import type { TFCharRNNOptions } from './tf-char-rnn-options';
import { tfjsActivation } from './tfjs-activation';

/** What is trained. */
export interface KerasModel {
  readonly model: tfjs.LayersModel;
  readonly embedding?: tfjs.layers.Layer;
  readonly recurrent: readonly tfjs.layers.Layer[];
  readonly dropouts: readonly tfjs.layers.Layer[];
  readonly head: tfjs.layers.Layer;
}

/** @param options Checked before. */
export function createKerasModel(tf: TensorFlow, options: TFCharRNNOptions): KerasModel {
  const { vocabSize, embeddingDim, numLayers = 1, dropout = 0, bidirectional, stateful } = options;
  const zeros = { kernelInitializer: 'zeros', biasInitializer: 'zeros' } as const;
  const input = stateful
    ? tf.input({ batchShape: [stateful.batchSize, null, vocabSize] })
    : tf.input({ shape: [null, vocabSize] });
  let x: tfjs.SymbolicTensor = input;
  // The backward direction would begin in the padding; the forward one ends there, and nobody looks.
  if (bidirectional) x = tf.layers.masking({ maskValue: 0 }).apply(x) as tfjs.SymbolicTensor;
  const embedding =
    embeddingDim === undefined
      ? undefined
      : tf.layers.dense({ units: embeddingDim, useBias: false, ...zeros });
  if (embedding) x = embedding.apply(x) as tfjs.SymbolicTensor;
  const recurrent: tfjs.layers.Layer[] = [];
  const dropouts: tfjs.layers.Layer[] = [];
  for (let l = 0; l < numLayers; l++) {
    recurrent.push(recurrentLayer(tf, options));
    [x] = recurrent[l].apply(x) as tfjs.SymbolicTensor[];
    if (dropout === 0 || l === numLayers - 1) continue;
    dropouts.push(tf.layers.dropout({ rate: dropout }));
    x = dropouts[l].apply(x) as tfjs.SymbolicTensor;
  }
  const head = tf.layers.dense({ units: vocabSize, ...zeros });
  const logits = head.apply(x) as tfjs.SymbolicTensor;
  return { model: tf.model({ inputs: input, outputs: logits }), embedding, recurrent, dropouts, head };
}

function recurrentLayer(tf: TensorFlow, options: TFCharRNNOptions): tfjs.layers.Layer {
  const { cell, hiddenSize, bias = true, nonlinearity = 'tanh', bidirectional, stateful } = options;
  const shared = {
    units: hiddenSize,
    useBias: bias,
    activation: tfjsActivation('TFCharRNN: nonlinearity', cell === 'rnn' ? nonlinearity : 'tanh'),
    returnSequences: true,
    returnState: true,
    stateful: stateful !== undefined,
    kernelInitializer: 'zeros',
    recurrentInitializer: 'zeros',
    biasInitializer: 'zeros',
  } as const;
  const gated = { ...shared, recurrentActivation: 'sigmoid' } as const;
  const make = {
    rnn: () => tf.layers.simpleRNN(shared),
    lstm: () => tf.layers.lstm({ ...gated, unitForgetBias: false }),
    gru: () => tf.layers.gru(gated),
  };
  const layer = make[cell]() as tfjs.RNN;
  return bidirectional ? tf.layers.bidirectional({ layer, mergeMode: 'concat' }) : layer;
}

/** The tensors that a stateful layer keeps and does not let go when it is disposed. */
export function keptStates(layer: tfjs.layers.Layer): tfjs.Tensor[] {
  const { forwardLayer, backwardLayer } = layer as { forwardLayer?: tfjs.RNN; backwardLayer?: tfjs.RNN };
  const layers = forwardLayer && backwardLayer ? [forwardLayer, backwardLayer] : [layer as tfjs.RNN];
  return layers.flatMap(({ states }) => states);
}
