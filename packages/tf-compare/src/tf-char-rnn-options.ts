import { GRU } from '@rnnlab/gru';
import { LSTM } from '@rnnlab/lstm';
import { LanguageModel, RNN } from '@rnnlab/rnn';
import { ConfigError, Rng } from '@rnnlab/tensor';
import { createLanguageModel, type LanguageModelConfig } from '@rnnlab/train';
import { requireTfjsCell } from './keras-weights';

/** Options of a {@link TFCharRNN}: those of `createLanguageModel` that TensorFlow.js has, and two more. */
export interface TFCharRNNOptions extends LanguageModelConfig {
  /** A second set of cells from the last step to the first. Such a model cannot generate. Default false. */
  bidirectional?: boolean;
  /**
   * Keras' stateful layers, for batches of exactly so many rows: each batch of `model.fit` and `model.predict` starts in the
   * state that the one before ended in, until `model.resetStates()`. Without it every batch starts from zeros.
   */
  stateful?: { batchSize: number };
}

/**
 * Refuses what TensorFlow.js has no counterpart of. The values themselves are checked where our model is made.
 *
 * @throws {@link ConfigError} with the reason.
 */
export function checkTFCharRNNOptions(options: TFCharRNNOptions): void {
  const where = 'TFCharRNN';
  const { cell, resetAfter = true, tieWeights, dtype = 'float32', stateful } = options;
  requireTfjsCell(where, cell, resetAfter);
  if (tieWeights) {
    throw new ConfigError(
      `${where}: tieWeights is true, and Keras' layers of TensorFlow.js cannot share a table with a transposed matrix. Leave it out.`,
    );
  }
  if (dtype !== 'float32') {
    throw new ConfigError(
      `${where}: dtype is '${dtype}', expected 'float32': TensorFlow.js has no other floating-point numbers.`,
    );
  }
  if (stateful && !(Number.isInteger(stateful.batchSize) && stateful.batchSize > 0)) {
    throw new ConfigError(
      `${where}: stateful.batchSize is ${stateful.batchSize}, expected an integer ≥ 1: the rows of every batch.`,
    );
  }
}

/**
 * The same model written by hand, with fresh weights: the twin starts from its numbers, so that both are the same network
 * from the first step on.
 */
export function scratchModel(options: TFCharRNNOptions): LanguageModel {
  const { bidirectional, stateful: _, ...config } = options;
  const model = createLanguageModel(config);
  if (!bidirectional) return model;
  const { cell, vocabSize, embeddingDim, seed = 0, nonlinearity, forgetBias, resetAfter, ...rest } = config;
  const seeds = new Rng(seed);
  const shared = { ...rest, bidirectional, inputSize: embeddingDim ?? vocabSize, seed: seeds.uint32() };
  const layers = {
    rnn: () => new RNN({ ...shared, nonlinearity }),
    lstm: () => new LSTM({ ...shared, forgetBias }),
    gru: () => new GRU({ ...shared, resetAfter }),
  };
  return new LanguageModel({ vocabSize, embeddingDim, recurrent: layers[cell](), seed: seeds.uint32() });
}
