/**
 * The language model of this laboratory in TensorFlow.js: the same options, the same first weights, the same masked loss,
 * made of Keras' layers. `@rnnlab/rnn`, `lstm` and `gru` are the same network by hand.
 *
 *   logits_t = W_head·h_t + b_head        loss = mean over the counted targets of −ln softmax(logits_t)[target_t]
 *
 * Ids and targets are int32 [T, B] as everywhere in rnnlab, TensorFlow's tensors are batch-first [B, T, …]. Tensors that a
 * method returns are yours to dispose, or wrap the call in `tf.tidy`.
 */
import type { LanguageModel } from '@rnnlab/rnn';
import { ConfigError, Tensor } from '@rnnlab/tensor';
import type * as tfjs from '@tensorflow/tfjs';
import { createKerasModel, keptStates, type KerasModel } from './keras-model';
import { KerasVariables } from './keras-variables';
import type { TensorFlow } from './load-tensor-flow';
import { maskedCrossEntropy } from './masked-cross-entropy';
import { oneHot, realSteps } from './one-hot';
import { checkTFCharRNNOptions, scratchModel, type TFCharRNNOptions } from './tf-char-rnn-options';
import { generateTokens, type TFGeneratedToken, type TFGenerateOptions } from './tf-generate';

/** The state behind a step: of every layer h, or h and c, each [B, H]; of a bidirectional layer forward first. */
export type TFState = readonly tfjs.Tensor[];

/** Options of {@link TFCharRNN.forward}. */
export interface TFForwardOptions {
  /** The state to start from; zeros by default. Not with a stateful model, which keeps its own. */
  state?: TFState;
  /** Real steps of each row. Without it all steps are real. */
  lengths?: ArrayLike<number>;
  /** Whether dropout is random. Default false. */
  training?: boolean;
}

/**
 * A character (or any token) model of TensorFlow.js.
 *
 * @example
 * ```ts
 * import { Tensor } from '@rnnlab/tensor';
 * import { loadTensorFlow, TFCharRNN } from '@rnnlab/tf-compare';
 *
 * const { tf } = await loadTensorFlow({ engine: 'cpu' });
 * const model = new TFCharRNN(tf, { cell: 'lstm', vocabSize: 5, hiddenSize: 8, seed: 1 });
 * const ids = Tensor.from([[0], [3], [1]], { dtype: 'int32' }); // 3 steps, 1 row
 * const targets = Tensor.from([[3], [1], [4]], { dtype: 'int32' });
 *
 * const loss = model.loss(ids, targets);
 * console.log(loss.dataSync()[0]); // about ln 5 = 1.61
 * const byHand = model.toLanguageModel(); // the same network without TensorFlow
 * console.log(byHand.forward(ids, targets).loss); // the same number
 * loss.dispose();
 * model.dispose();
 * ```
 */
export class TFCharRNN {
  readonly tf: TensorFlow;
  readonly options: Readonly<TFCharRNNOptions>;
  /** What `model.fit` trains: one-hot [B, T, V] → logits [B, T, V]. */
  readonly model: tfjs.LayersModel;
  readonly #layers: KerasModel;
  readonly #variables: KerasVariables;

  /** @throws {@link ConfigError} for impossible options, and for those that TensorFlow.js has no counterpart of. */
  constructor(tf: TensorFlow, options: TFCharRNNOptions) {
    checkTFCharRNNOptions(options);
    const byHand = scratchModel(options);
    this.tf = tf;
    this.options = Object.freeze({ ...options });
    this.#layers = createKerasModel(tf, options);
    this.model = this.#layers.model;
    this.#variables = new KerasVariables(tf, this.model, options, byHand.stateDict());
  }

  /** Every weight as a variable of TensorFlow, in the order of {@link kerasWeights}. */
  variables(): tfjs.Variable[] {
    return this.#variables.list();
  }

  /**
   * The scores of the next token after every step.
   *
   * @param ids int32 [T, B], or one-hot vectors as a tensor of TensorFlow [B, T, V] (a gradient with respect to x).
   * @returns logits [B, T, V] and the state behind the last step (behind the last real one with `lengths`).
   */
  forward(
    ids: Tensor | tfjs.Tensor,
    options: TFForwardOptions = {},
  ): { logits: tfjs.Tensor; state: TFState } {
    const { state, lengths, training = false } = options;
    const { embedding, recurrent, dropouts, head } = this.#layers;
    if (state && this.options.stateful) {
      throw new ConfigError(
        'TFCharRNN.forward: the model is stateful and keeps its own state. Leave `state` out, or build it without `stateful`.',
      );
    }
    const [logits, ...states] = this.tf.tidy(() => {
      let x = ids instanceof Tensor ? this.encode(ids, lengths) : ids;
      const mask = lengths && this.#mask(x.shape, lengths);
      if (embedding) x = embedding.apply(x) as tfjs.Tensor;
      const next: tfjs.Tensor[] = [];
      recurrent.forEach((layer, l) => {
        const size = (state?.length ?? 0) / recurrent.length;
        const initialState = state?.slice(l * size, (l + 1) * size);
        const [output, ...after] = layer.apply(x, { initialState, mask, training }) as tfjs.Tensor[];
        next.push(...after);
        x = dropouts[l] ? (dropouts[l].apply(output, { training }) as tfjs.Tensor) : output;
      });
      return [head.apply(x) as tfjs.Tensor, ...next];
    });
    return { logits, state: states };
  }

  /**
   * Nats per counted target.
   *
   * @param targets int32 [T, B]; −100 is not counted.
   */
  loss(ids: Tensor, targets: Tensor, options: TFForwardOptions = {}): tfjs.Scalar {
    return this.tf.tidy(() => {
      const { logits } = this.forward(ids, options);
      return this.crossEntropy(logits, targets);
    });
  }

  /** {@link loss} of logits [B, T, V] that are there already. */
  crossEntropy(logits: tfjs.Tensor, targets: Tensor): tfjs.Scalar {
    return this.tf.tidy(() => maskedCrossEntropy(this.tf, this.encode(targets), logits));
  }

  /** int32 [T, B] as one-hot vectors [B, T, V]; zeros for padding (behind `lengths`) and for −100. */
  encode(ids: Tensor, lengths?: ArrayLike<number>): tfjs.Tensor3D {
    const { vocabSize } = this.options;
    const data = oneHot(ids, vocabSize, lengths);
    return this.tf.tensor3d(data, [ids.shape[1], ids.shape[0], vocabSize]);
  }

  /**
   * Draws tokens with the sampler of `@rnnlab/rnn`: the same weights and the same seed give the same text there.
   *
   * @throws {@link ConfigError} for an empty prompt, an impossible option, or a bidirectional model.
   */
  async *generate(options: TFGenerateOptions): AsyncGenerator<TFGeneratedToken, void, undefined> {
    const { bidirectional, stateful, ...rest } = this.options;
    if (bidirectional) {
      throw new ConfigError(
        'TFCharRNN.generate: the model is bidirectional and would need the tokens that are not drawn yet.',
      );
    }
    if (!stateful) return yield* generateTokens(this, options);
    // Layers for batches of B rows read no single row: as in Keras, a copy for one row gets the weights.
    const reader = new TFCharRNN(this.tf, rest);
    try {
      reader.loadStateDict(this.stateDict());
      yield* generateTokens(reader, options);
    } finally {
      reader.dispose();
    }
  }

  /** The weights as Keras names and orders them, see {@link toKerasWeights}. */
  kerasWeights(): Map<string, Tensor> {
    return this.#variables.kerasWeights();
  }

  /** The weights by our names and in our layout. A second bias (`recurrentBias`) is zero: TensorFlow has the sum. */
  stateDict(): Map<string, Tensor> {
    return this.#variables.stateDict();
  }

  /**
   * Takes the weights of a model with the same options.
   *
   * @throws {@link CheckpointError} when a name is missing or unknown or a shape does not fit; nothing is changed then.
   */
  loadStateDict(state: ReadonlyMap<string, Tensor>): void {
    this.#variables.load(state);
  }

  /** The same network by hand, with a copy of the weights. */
  toLanguageModel(): LanguageModel {
    const model = scratchModel(this.options);
    model.loadStateDict(this.stateDict());
    return model;
  }

  /** Lets go of TensorFlow's memory. */
  dispose(): void {
    if (this.options.stateful) this.model.resetStates(); // lets go of what training kept
    this.model.dispose();
    if (this.options.stateful) this.tf.dispose(this.#layers.recurrent.map(keptStates));
  }

  #mask([batchSize, seqLen]: number[], lengths: ArrayLike<number>): tfjs.Tensor {
    return this.tf.tensor2d(realSteps(seqLen, batchSize, lengths), [batchSize, seqLen]);
  }
}
