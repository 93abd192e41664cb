/**
 * Training by `model.fit` of Keras in TensorFlow.js, with its callbacks.
 *
 * `fit` wants all examples as one tensor: one-hot [N, T, V], every row padded to the longest. The loss counts real targets
 * only (see masked-cross-entropy.ts), so that it is the loss of rnnlab. What `fit` cannot do: clip a gradient, and shuffle
 * by a seed (it takes Math.random), so the order is that of the dataset's first epoch unless `shuffle` is true.
 *
 * One long text: with a stateful model of the same batch size, every batch of `fit` continues the one before, as its
 * rows are laid behind each other batch by batch; the state is reset at the start of every epoch. Without `stateful`, each
 * window starts from zeros.
 */
import { ConfigError, Tensor } from '@rnnlab/tensor';
import { ignoreIndex, type Batch, type Dataset } from '@rnnlab/train';
import type * as tfjs from '@tensorflow/tfjs';
import { maskedCrossEntropy } from './masked-cross-entropy';
import type { TFCharRNN } from './tf-char-rnn';

/** Options of {@link fitWithModel}. */
export interface FitWithModelOptions {
  /** Any optimizer of `tf.train`. It keeps its slots until you dispose it. */
  optimizer: tfjs.Optimizer;
  /** Default 1. */
  epochs?: number;
  /** B. Default 32; of a stateful model its own. */
  batchSize?: number;
  /** Seed of the order of the examples. Default 0. */
  seed?: number;
  /** Let `fit` shuffle in every epoch, differently in every run. Default false. */
  shuffle?: boolean;
  /** Whether to measure the validation part after every epoch (`val_loss`). Default false. */
  validate?: boolean;
  /** As `callbacks` of `model.fit`: functions such as `onEpochEnd(epoch, logs)`, or `tf.callbacks.earlyStopping(…)`. */
  callbacks?: tfjs.ModelFitArgs['callbacks'];
}

/** What {@link fitWithModel} gives: nats per counted target of every epoch. */
export interface FitHistory {
  loss: number[];
  /** With `validate`. */
  validationLoss?: number[];
}

/**
 * Trains a {@link TFCharRNN} with `model.fit`.
 *
 * @throws {@link ConfigError} when a stateful model has another batch size or the dataset does not carry its state.
 *
 * @example
 * ```ts
 * import { fitWithModel, loadTensorFlow, TFCharRNN } from '@rnnlab/tf-compare';
 * import { LinesDataset } from '@rnnlab/train';
 *
 * const { tf } = await loadTensorFlow({ engine: 'cpu' });
 * const dataset = new LinesDataset(['ada', 'alan', 'grace', 'hedy', 'john'], { validationEvery: 5 });
 * const model = new TFCharRNN(tf, { cell: 'rnn', vocabSize: dataset.tokenizer.vocabSize, hiddenSize: 6 });
 * const optimizer = tf.train.adam(0.02);
 * const callbacks = { onEpochEnd: async (epoch: number, logs?: { loss?: number }) => console.log(epoch, logs?.loss) };
 * const { loss } = await fitWithModel(model, dataset, { optimizer, epochs: 10, batchSize: 2, callbacks });
 * console.log(loss[0] > loss.at(-1)!); // true
 * optimizer.dispose();
 * model.dispose();
 * ```
 */
export async function fitWithModel(
  model: TFCharRNN,
  dataset: Dataset,
  options: FitWithModelOptions,
): Promise<FitHistory> {
  const { tf } = model;
  const { stateful } = model.options;
  const { optimizer, epochs = 1, seed, shuffle = false, validate = false, callbacks = [] } = options;
  const batchSize = options.batchSize ?? stateful?.batchSize ?? 32;
  checkOptions(model, dataset, batchSize, options);
  const training = await collect(dataset.trainingBatches({ batchSize, epoch: 0, seed }));
  const validation = validate ? await collect(dataset.validationBatches(batchSize)) : [];
  const [x, y] = examples(model, training);
  const held = validate ? examples(model, validation) : undefined;
  try {
    model.model.compile({ optimizer, loss: (yTrue, logits) => maskedCrossEntropy(tf, yTrue, logits) });
    const reset = { onEpochBegin: async () => model.model.resetStates() };
    const { history } = await model.model.fit(x, y, {
      batchSize,
      epochs,
      shuffle,
      verbose: 0,
      validationData: held,
      callbacks: [...(stateful ? [reset] : []), ...[callbacks].flat()] as tfjs.CustomCallbackArgs[],
    });
    const { loss, val_loss: validationLoss } = history as Record<string, number[]>;
    return { loss, ...(validate && { validationLoss }) };
  } finally {
    tf.dispose([x, y, ...(held ?? [])]);
  }
}

/** All rows of all batches, [N, T, V] each; zeros behind the end of a row. */
function examples(model: TFCharRNN, batches: readonly Batch[]): [tfjs.Tensor, tfjs.Tensor] {
  const { tf } = model;
  const seqLen = Math.max(...batches.map(({ ids }) => ids.shape[0]));
  return tf.tidy(() => {
    const inputs = batches.map(({ ids, lengths }) => model.encode(padded(ids, seqLen), lengths));
    const targets = batches.map((batch) => model.encode(padded(batch.targets, seqLen)));
    return [tf.concat(inputs, 0), tf.concat(targets, 0)];
  });
}

/** [T, B] with rows of padding up to `seqLen`. */
function padded(ids: Tensor, seqLen: number): Tensor {
  const [own, batchSize] = ids.shape;
  if (own === seqLen) return ids;
  const longer = Tensor.full([seqLen, batchSize], ignoreIndex, 'int32');
  longer.data.set(ids.data);
  return longer;
}

async function collect(batches: Iterable<Batch> | AsyncIterable<Batch>): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

function checkOptions(
  model: TFCharRNN,
  dataset: Dataset,
  batchSize: number,
  { shuffle, validate }: FitWithModelOptions,
): void {
  const { stateful } = model.options;
  if (!stateful) return;
  if (batchSize !== stateful.batchSize) {
    throw new ConfigError(
      `fitWithModel: batchSize is ${batchSize}, expected ${stateful.batchSize} like stateful.batchSize of the model.`,
    );
  }
  if (!dataset.carriesState) {
    throw new ConfigError(
      'fitWithModel: the model is stateful and the dataset starts every row afresh. Build the model without `stateful`.',
    );
  }
  if (shuffle || validate) {
    throw new ConfigError(
      'fitWithModel: shuffle and validate break the text that a stateful model reads. Leave them out.',
    );
  }
}
