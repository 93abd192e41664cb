import { GRU } from '@rnnlab/gru';
import { LSTM } from '@rnnlab/lstm';
import { LanguageModel, RNN, type RecurrentLayer, type RecurrentState } from '@rnnlab/rnn';
import { Rng, Tensor } from '@rnnlab/tensor';

/** Sizes that differ from each other, so that no two axes can be taken for one another. */
export const sizes = { vocabSize: 7, hiddenSize: 5, seqLen: 6, batchSize: 3, embeddingDim: 4 };

const { vocabSize: V, hiddenSize, seqLen, batchSize, embeddingDim } = sizes;
/** With biases that are drawn too: those of zero could be exchanged unseen. */
const shared = { inputSize: V, hiddenSize, init: 'torch' } as const;

/** What the twin has to follow: cells, activations, depth, directions, biases, embeddings. */
export const models: Record<string, () => LanguageModel> = {
  rnn: () => modelOf(new RNN({ ...shared, seed: 1 })),
  'rnn, relu, no bias': () => modelOf(new RNN({ ...shared, nonlinearity: 'relu', bias: false, seed: 2 })),
  lstm: () => modelOf(new LSTM({ ...shared, seed: 3 })),
  'lstm, 2 layers, 2 biases': () =>
    modelOf(new LSTM({ ...shared, numLayers: 2, recurrentBias: true, seed: 4 })),
  'lstm, 2 directions': () => modelOf(new LSTM({ ...shared, bidirectional: true, seed: 5 })),
  "lstm with tfjs' hard sigmoid": () =>
    modelOf(new LSTM({ ...shared, recurrentActivation: 'hardSigmoidTfjs', seed: 6 })),
  gru: () => modelOf(new GRU({ ...shared, resetAfter: false, seed: 7 })),
  'gru in reverse, 2 layers': () =>
    modelOf(new GRU({ ...shared, resetAfter: false, reverse: true, numLayers: 2, seed: 8 })),
  embedding: () =>
    new LanguageModel({
      vocabSize: V,
      embeddingDim,
      recurrent: new LSTM({ ...shared, inputSize: embeddingDim, seed: 9 }),
      seed: 10,
    }),
  'embedding that is the head too': () =>
    new LanguageModel({
      vocabSize: V,
      embeddingDim: hiddenSize,
      tieWeights: true,
      recurrent: new RNN({ ...shared, inputSize: hiddenSize, seed: 11 }),
      seed: 12,
    }),
};

function modelOf(recurrent: RecurrentLayer): LanguageModel {
  return new LanguageModel({ vocabSize: V, recurrent, seed: 20 });
}

/** Ids or targets, int32 [T, B]. */
export function someIds(seed: number): Tensor {
  const rng = new Rng(seed);
  const ids = Int32Array.from({ length: seqLen * batchSize }, () => rng.int(V));
  return Tensor.from(ids, { shape: [seqLen, batchSize] });
}

/** A state that differs in every element. */
export function someState(model: LanguageModel, seed: number): RecurrentState {
  const rng = new Rng(seed);
  const state = model.zeroState(batchSize);
  for (const tensor of [state.h, state.c])
    tensor?.data.forEach((_, k) => (tensor.data[k] = rng.normal(0, 0.5)));
  return state;
}
