/**
 * Training by an own loop: what `model.fit` does, step by step, with the means of TensorFlow.js.
 *
 *   loss, gradients = tf.variableGrads(() => loss of the batch)
 *   g ← g·min(1, clipNorm / (‖g‖ + 10⁻⁶))  over all gradients together, or each element clipped to ±clipValue
 *   optimizer.applyGradients(g)
 *
 * A dataset that carries its state (one long text) starts each batch in the state behind the one before; the gradient stops
 * there: truncated back-propagation through time.
 */
import { Breath } from '@rnnlab/rnn';
import { ConfigError } from '@rnnlab/tensor';
import type { Batch, Dataset } from '@rnnlab/train';
import type * as tfjs from '@tensorflow/tfjs';
import type { TensorFlow } from './load-tensor-flow';
import type { TFCharRNN, TFState } from './tf-char-rnn';

/** Options of {@link fitManually}. */
export interface FitManuallyOptions {
  /** Any optimizer of `tf.train`. It keeps its slots until you dispose it. */
  optimizer: tfjs.Optimizer;
  /** Passes over the training part. Default 1. */
  epochs?: number;
  /** Stop after so many steps, even in the middle of an epoch. Default: no limit. */
  maxSteps?: number;
  /** B. Default 32. */
  batchSize?: number;
  /** Seed of the order of batches, as of a `Trainer`. Default 0. */
  seed?: number;
  /** Largest norm of all gradients together. */
  clipNorm?: number;
  /** Largest absolute value of an element of a gradient. Not together with `clipNorm`. */
  clipValue?: number;
  /** Told of every step. */
  onStep?: (step: FitStep) => void;
  /** Ends the training after the present step. */
  signal?: AbortSignal;
}

/** One step of {@link fitManually}. */
export interface FitStep {
  /** From 1. */
  step: number;
  /** From 0. */
  epoch: number;
  /** Nats per counted target, before the update. */
  loss: number;
  /** ‖g‖ before clipping; only with `clipNorm`. */
  gradientNorm?: number;
  /** Targets that counted. */
  tokens: number;
}

/**
 * Trains a {@link TFCharRNN} on the batches that a `Trainer` with the same seed would read.
 *
 * @param dataset A dataset of `@rnnlab/train`, or batches that are read again in every epoch.
 * @returns Every step.
 * @throws {@link ConfigError} for impossible options or a stateful model.
 *
 * @example
 * ```ts
 * import { fitManually, loadTensorFlow, TFCharRNN } from '@rnnlab/tf-compare';
 * import { LinesDataset } from '@rnnlab/train';
 *
 * const { tf } = await loadTensorFlow({ engine: 'cpu' });
 * const dataset = new LinesDataset(['ada', 'alan', 'grace', 'hedy', 'john'], { validationEvery: 5 });
 * const model = new TFCharRNN(tf, { cell: 'rnn', vocabSize: dataset.tokenizer.vocabSize, hiddenSize: 6 });
 * const optimizer = tf.train.adam(0.02);
 * const steps = await fitManually(model, dataset, { optimizer, epochs: 10, batchSize: 2, clipNorm: 5 });
 * console.log(steps[0].loss > steps.at(-1)!.loss); // true
 * optimizer.dispose();
 * model.dispose();
 * ```
 */
export async function fitManually(
  model: TFCharRNN,
  dataset: Dataset | readonly Batch[],
  options: FitManuallyOptions,
): Promise<FitStep[]> {
  checkOptions(model, options);
  const { epochs = 1, maxSteps = Infinity, batchSize = 32, seed, onStep, signal } = options;
  const carriesState = 'trainingBatches' in dataset && dataset.carriesState;
  const steps: FitStep[] = [];
  const breath = new Breath();
  let state: TFState | undefined;
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      const batches =
        'trainingBatches' in dataset ? dataset.trainingBatches({ batchSize, epoch, seed }) : dataset;
      for await (const batch of batches) {
        if (steps.length >= maxSteps || signal?.aborted) return steps;
        const before = state;
        const { behind, ...result } = trainOnBatch(model, batch, carriesState ? state : undefined, options);
        state = behind;
        model.tf.dispose([...(before ?? [])]);
        steps.push({ step: steps.length + 1, epoch, ...result });
        onStep?.(steps.at(-1)!);
        await breath.ifDue();
      }
      model.tf.dispose([...(state ?? [])]);
      state = undefined;
    }
    return steps;
  } finally {
    model.tf.dispose([...(state ?? [])]);
  }
}

/** One step; `behind` is the state that the caller owns. */
function trainOnBatch(
  model: TFCharRNN,
  { ids, targets, lengths, count }: Batch,
  state: TFState | undefined,
  { optimizer, clipNorm, clipValue }: FitManuallyOptions,
): { loss: number; gradientNorm?: number; tokens: number; behind: TFState } {
  const { tf } = model;
  let behind: TFState = [];
  let gradientNorm: number | undefined;
  const loss = tf.tidy(() => {
    const result = tf.variableGrads(() => {
      const { logits, state: after } = model.forward(ids, { state, lengths, training: true });
      behind = after.map((tensor) => tf.keep(tensor)); // out of the tidy of variableGrads
      return model.crossEntropy(logits, targets);
    }, model.variables());
    let gradients = result.grads as Record<string, tfjs.Tensor>;
    if (clipNorm !== undefined) {
      const norm = globalNorm(tf, Object.values(gradients));
      gradientNorm = norm.dataSync()[0];
      const factor = Math.min(1, clipNorm / (gradientNorm + 1e-6));
      gradients = mapValues(gradients, (gradient) => tf.mul(gradient, factor));
    }
    if (clipValue !== undefined) {
      gradients = mapValues(gradients, (gradient) => tf.clipByValue(gradient, -clipValue, clipValue));
    }
    optimizer.applyGradients(gradients);
    return result.value.dataSync()[0];
  });
  return { loss, ...(gradientNorm !== undefined && { gradientNorm }), tokens: count, behind };
}

/** √Σ g² over all gradients. */
function globalNorm(tf: TensorFlow, gradients: readonly tfjs.Tensor[]): tfjs.Tensor {
  return tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum(tf.square(gradient)))));
}

function mapValues<T>(record: Record<string, T>, map: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

function checkOptions(model: TFCharRNN, { clipNorm, clipValue }: FitManuallyOptions): void {
  if (model.options.stateful) {
    throw new ConfigError(
      'fitManually: the model is stateful, and this loop carries the state in the open. Build the model without `stateful`.',
    );
  }
  if (clipNorm !== undefined && clipValue !== undefined) {
    throw new ConfigError('fitManually: clipNorm and clipValue are both given, expected one of them.');
  }
  for (const [name, value] of Object.entries({ clipNorm, clipValue })) {
    if (value !== undefined && !(value > 0)) {
      throw new ConfigError(`fitManually: ${name} is ${value}, expected a number above 0.`);
    }
  }
}
