/**
 * The trainable variables of a {@link TFCharRNN} by their names in Keras (see keras-weights.ts) and by ours.
 */
import { CheckpointError, formatShape, sameShape, Tensor } from '@rnnlab/tensor';
import type * as tfjs from '@tensorflow/tfjs';
import { fromKerasWeights, toKerasWeights } from './keras-weights';
import type { TensorFlow } from './load-tensor-flow';
import type { TFCharRNNOptions } from './tf-char-rnn-options';

/** See the header of this file. */
export class KerasVariables {
  readonly #tf: TensorFlow;
  readonly #model: tfjs.LayersModel;
  readonly #options: TFCharRNNOptions;
  /** Our names with their shapes. */
  readonly #shapes: ReadonlyMap<string, readonly number[]>;
  readonly #names: readonly string[];

  /** @param ours The weights of our model with the same options; they are copied. */
  constructor(
    tf: TensorFlow,
    model: tfjs.LayersModel,
    options: TFCharRNNOptions,
    ours: ReadonlyMap<string, Tensor>,
  ) {
    this.#tf = tf;
    this.#model = model;
    this.#options = options;
    this.#shapes = new Map([...ours].map(([name, { shape }]) => [name, shape]));
    this.#names = kerasNames(options);
    this.load(ours);
  }

  list(): tfjs.Variable[] {
    return this.#model.trainableWeights.map((weight) => weight.read() as tfjs.Variable);
  }

  kerasWeights(): Map<string, Tensor> {
    return new Map(
      this.list().map((variable, k): [string, Tensor] => [
        this.#names[k],
        new Tensor(variable.dataSync<'float32'>().slice(), variable.shape),
      ]),
    );
  }

  stateDict(): Map<string, Tensor> {
    const { cell, recurrentBias } = this.#options;
    return fromKerasWeights(this.kerasWeights(), { cell, recurrentBias, resetAfter: false });
  }

  load(state: ReadonlyMap<string, Tensor>): void {
    this.#requireShapes(state);
    const { cell } = this.#options;
    const keras = toKerasWeights(state, { cell, resetAfter: false, target: 'tfjs' });
    this.#tf.tidy(() => {
      this.list().forEach((variable, k) => {
        const { data } = keras.get(this.#names[k])!;
        variable.assign(this.#tf.tensor(Float32Array.from(data), variable.shape));
      });
    });
  }

  #requireShapes(state: ReadonlyMap<string, Tensor>): void {
    const problems = [...state.keys()]
      .filter((name) => !this.#shapes.has(name))
      .map((name) => `${name} is unknown`);
    for (const [name, shape] of this.#shapes) {
      const given = state.get(name);
      if (!given) problems.push(`${name} is missing`);
      else if (!sameShape(given.shape, shape)) {
        problems.push(`${name} has shape ${formatShape(given.shape)}, expected ${formatShape(shape)}`);
      }
    }
    if (!problems.length) return;
    throw new CheckpointError(
      `TFCharRNN.loadStateDict: ${problems.join('; ')}. Build both models with the same options.`,
    );
  }
}

/** In the order of Keras: layer by layer, of a bidirectional layer the forward direction first. */
function kerasNames({ embeddingDim, numLayers = 1, bidirectional, bias = true }: TFCharRNNOptions): string[] {
  const parts = ['kernel', 'recurrent_kernel', ...(bias ? ['bias'] : [])];
  const places = Array.from({ length: numLayers }, (_, l) =>
    bidirectional ? [`l${l}`, `l${l}_reverse`] : [`l${l}`],
  );
  return [
    ...(embeddingDim === undefined ? [] : ['embedding/embeddings']),
    ...places.flat().flatMap((place) => parts.map((part) => `rnn/${place}/${part}`)),
    'head/kernel',
    'head/bias',
  ];
}
