export { Cell, type CellCache, type CellGradients, type CellOptions, type RecurrentState } from './cell';
export {
  crossEntropy,
  crossEntropyBackward,
  type CrossEntropyCache,
  type CrossEntropyOptions,
  type CrossEntropyResult,
} from './cross-entropy';
export type { Merge } from './directions';
export { Embedding, type EmbeddingOptions } from './embedding';
export { generate, type GeneratedToken, type GenerateOptions, type TextCodec } from './generate';
export type { InitialPreset } from './initial-weights';
export {
  LanguageModel,
  type LanguageModelCache,
  type LanguageModelForwardOptions,
  type LanguageModelOptions,
  type LanguageModelResult,
} from './language-model';
export { Linear, type LinearOptions } from './linear';
export { Module } from './module';
export {
  RecurrentLayer,
  type ForwardOptions,
  type RecurrentCache,
  type RecurrentUpstream,
} from './recurrent-layer';
export type { RecurrentOptions } from './recurrent-options';
export { RNN, type RNNOptions } from './rnn';
export { RNNCell, type Nonlinearity, type RNNCellOptions } from './rnn-cell';
export { sampleToken, type SamplingOptions } from './sample-token';
export { unroll, unrollBackward, type UnrollCache, type UnrollOptions } from './unroll';
