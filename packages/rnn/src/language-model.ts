/**
 * A recurrent language model: which token comes next?
 *
 *   x_t      = one-hot(id_t)  or  Embedding(id_t)
 *   h_t      = recurrent layers(x_t, h_{t−1})
 *   logits_t = W_head·h_t + b_head
 *   loss     = mean over the counted targets of −ln softmax(logits_t)[target_t]        in nats per token
 *
 * Shapes: ids and targets int32 [T, B], logits [T, B, V] ([B, T, …] when the layers are batch-first).
 */
import { ConfigError, Parameter, Rng, type Tensor } from '@rnnlab/tensor';
import type { RecurrentState } from './cell';
import { crossEntropy, crossEntropyBackward } from './cross-entropy';
import { Embedding } from './embedding';
import type {
  LanguageModelCache,
  LanguageModelForwardOptions,
  LanguageModelOptions,
  LanguageModelResult,
} from './language-model-types';
import { Linear } from './linear';
import { Module } from './module';
import type { RecurrentLayer } from './recurrent-layer';
import { checkSize } from './recurrent-options';

/**
 * Recurrent layers between a token id and the scores of the next one.
 *
 * @example
 * ```ts
 * import { LanguageModel, RNN } from '@rnnlab/rnn';
 * import { Tensor } from '@rnnlab/tensor';
 *
 * const model = new LanguageModel({ vocabSize: 5, recurrent: new RNN({ inputSize: 5, hiddenSize: 8 }) });
 * const ids = Tensor.from([[0], [3], [1]], { dtype: 'int32' }); // 3 steps, 1 row
 * const targets = Tensor.from([[3], [1], [4]], { dtype: 'int32' });
 * const { loss, cache } = model.forward(ids, targets);
 * model.backward(cache); // gradients of the mean loss are in model.parameters()[…].grad
 * console.log(loss); // about ln 5 = 1.61: it knows nothing yet
 * ```
 */
export class LanguageModel<State extends RecurrentState = RecurrentState> extends Module {
  readonly vocabSize: number;
  readonly recurrent: RecurrentLayer<State>;
  readonly embedding?: Embedding;
  readonly head: Linear;
  readonly #parameters: Parameter[];

  /** @throws {@link ConfigError} when the sizes of the parts do not fit each other. */
  constructor(options: LanguageModelOptions<State>) {
    super();
    const { vocabSize, recurrent, embeddingDim, tieWeights = false, seed = 0 } = options;
    checkSize('LanguageModel', { vocabSize });
    const wanted = embeddingDim ?? vocabSize;
    if (recurrent.options.inputSize !== wanted) {
      throw new ConfigError(
        `LanguageModel: recurrent.inputSize is ${recurrent.options.inputSize}, expected ${wanted} like ${embeddingDim ? 'embeddingDim' : 'vocabSize (tokens enter as one-hot vectors)'}.`,
      );
    }
    if (tieWeights && embeddingDim !== recurrent.outputSize) {
      throw new ConfigError(
        `LanguageModel: tieWeights is true and embeddingDim is ${embeddingDim}, expected recurrent.outputSize=${recurrent.outputSize}: one table serves the embedding and the head.`,
      );
    }
    const { dtype, init, backend } = recurrent.options;
    // 'identity' is about the recurrent matrix alone
    const shared = {
      dtype,
      init: init === 'identity' ? 'keras' : init,
      backend,
      rng: new Rng(seed),
    } as const;
    this.vocabSize = vocabSize;
    this.recurrent = recurrent;
    if (embeddingDim !== undefined) this.embedding = new Embedding({ vocabSize, embeddingDim, ...shared });
    const weight = tieWeights ? this.embedding?.weight : undefined;
    this.head = new Linear({ inputSize: recurrent.outputSize, outputSize: vocabSize, weight, ...shared });
    this.#parameters = [
      ...named('embedding', this.embedding),
      ...named('rnn', recurrent),
      ...named('head', this.head).filter(({ value }) => value !== weight?.value),
    ];
  }

  /** Named `embedding.weight`, `rnn.weight_ih_l0`, …, `head.weight` (unless tied to the embedding's), `head.bias`. */
  override parameters(): Parameter[] {
    return this.#parameters;
  }

  /** A state of zeros for `batchSize` rows. */
  zeroState(batchSize: number): State {
    return this.recurrent.zeroState(batchSize);
  }

  /**
   * Scores the next token after every step and, with `targets`, the loss.
   *
   * @param ids int32 [T, B]
   * @param targets int32 [T, B]; −100 (or `ignoreIndex`) is not counted: use it for padding.
   * @throws {@link ShapeError} or {@link DTypeError} when ids, targets or state do not fit.
   */
  forward(
    ids: Tensor,
    targets?: Tensor,
    options: LanguageModelForwardOptions<State> = {},
  ): LanguageModelResult<State> {
    const embedded = this.embedding?.forward(ids);
    const recurrent = this.recurrent.forward(embedded?.output ?? ids, options.state, options);
    const head = this.head.forward(recurrent.output);
    const scored =
      targets &&
      crossEntropy(head.output, targets, {
        ...options,
        reduction: 'mean',
        backend: this.recurrent.options.backend,
      });
    return {
      logits: head.output,
      loss: scored?.loss ?? NaN,
      count: scored?.count ?? 0,
      state: recurrent.state,
      cache: {
        embedding: embedded?.cache,
        recurrent: recurrent.cache,
        head: head.cache,
        loss: scored?.cache,
      },
    };
  }

  /**
   * Reads one token a row and scores the next, for generation: the logits of {@link forward} with T = 1.
   *
   * @param ids int32 [B]
   * @param state Each [L, B, H]; it moves on in place.
   * @returns [B, V], in the memory of the present `Workspace.run`, if there is one.
   * @throws {@link ConfigError} when the layers are bidirectional, {@link ShapeError} or {@link DTypeError} when ids or state
   *   do not fit.
   */
  step(ids: Tensor, state: State): Tensor {
    const x = this.embedding?.forward(ids).output ?? ids;
    return this.head.forward(this.recurrent.step(x, state)).output;
  }

  /**
   * Adds dL/d(parameter) into every gradient.
   *
   * @param upstream `loss`: dL/d(loss), default 1 (e.g. a row count's share when gradients of several batches are summed);
   *   `logits`: dL/d(logits) instead, for a loss of your own; `state`: dL/d(final state).
   * @returns dL/d(initial state). Stop there for truncated back-propagation through time.
   */
  backward(
    cache: LanguageModelCache,
    upstream: { loss?: number; logits?: Tensor; state?: Partial<State> } = {},
  ): { state: State } {
    const dLogits = upstream.logits ?? (cache.loss && crossEntropyBackward(cache.loss, upstream.loss));
    if (!dLogits) {
      throw new ConfigError(
        'LanguageModel.backward: forward had no targets, so there is no loss. Give targets to forward, or logits to backward.',
      );
    }
    const head = this.head.backward(cache.head, { output: dLogits });
    const recurrent = this.recurrent.backward(cache.recurrent, { output: head.input, state: upstream.state });
    if (this.embedding && cache.embedding && recurrent.input) {
      this.embedding.backward(cache.embedding, { output: recurrent.input });
    }
    return { state: recurrent.state };
  }
}

/** The parameters of a part under `prefix.`; value and gradient stay the part's own. */
function named(prefix: string, part: Module | undefined): Parameter[] {
  return (part?.parameters() ?? []).map(
    ({ name, value, grad }) => new Parameter(`${prefix}.${name}`, value, grad),
  );
}
