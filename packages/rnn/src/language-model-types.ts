import type { Tensor } from '@rnnlab/tensor';
import type { RecurrentState } from './cell';
import type { CrossEntropyCache, CrossEntropyOptions } from './cross-entropy';
import type { ForwardOptions, RecurrentCache, RecurrentLayer } from './recurrent-layer';

/** Options of a `LanguageModel`. */
export interface LanguageModelOptions<State extends RecurrentState> {
  /** V, the number of token ids. */
  vocabSize: number;
  /** The recurrent layers; their `inputSize` is `embeddingDim`, or `vocabSize` without an embedding. */
  recurrent: RecurrentLayer<State>;
  /** E. Without it a token enters as its one-hot vector. */
  embeddingDim?: number;
  /**
   * Use the embedding's table as the head's matrix, so that both learn from each other and V·E weights are saved
   * (Press & Wolf 2017; Inan, Khosravi & Socher 2017). Needs `embeddingDim` = `recurrent.outputSize`. Default false.
   */
  tieWeights?: boolean;
  /** Seed of the first weights of embedding and head, 0 to 2³² − 1. Default 0. */
  seed?: number;
}

/** Options of `LanguageModel.forward`. */
export interface LanguageModelForwardOptions<State extends RecurrentState>
  extends ForwardOptions,
    Omit<CrossEntropyOptions, 'reduction'> {
  /** The state to start from; zeros by default. */
  state?: State;
}

/** What `LanguageModel.backward` needs. */
export interface LanguageModelCache {
  readonly embedding?: { readonly ids: Tensor };
  readonly recurrent: RecurrentCache;
  readonly head: { readonly input: Tensor };
  readonly loss?: CrossEntropyCache;
}

/** Result of `LanguageModel.forward`. */
export interface LanguageModelResult<State extends RecurrentState> {
  /** [T, B, V] */
  logits: Tensor;
  /** Nats per counted target; NaN without targets, or when none is counted. */
  loss: number;
  /** How many targets were counted. */
  count: number;
  /** The state behind the last step: pass it to the next chunk to carry it on. */
  state: State;
  cache: LanguageModelCache;
}
