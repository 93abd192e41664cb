export { resolveActivation, type ActivationOption } from './activation-option';
export { beamSearch, type Beam, type BeamSearchOptions } from './beam-search';
export {
  binaryCrossEntropy,
  binaryCrossEntropyBackward,
  binaryCrossEntropyWithLogits,
  binaryCrossEntropyWithLogitsBackward,
} from './binary-cross-entropy';
export { Breath } from './breath';
export { CellWeights } from './cell-weights';
export { Cell, type CellCache, type CellGradients, type CellOptions, type RecurrentState } from './cell';
export {
  crossEntropy,
  crossEntropyBackward,
  type CrossEntropyCache,
  type CrossEntropyOptions,
  type CrossEntropyResult,
} from './cross-entropy';
export type { Merge } from './directions';
export { Dropout, type DropoutCache, type DropoutOptions } from './dropout-layer';
export type { ElementLossCache, ElementLossOptions, ElementLossResult } from './element-loss';
export { Embedding, type EmbeddingOptions } from './embedding';
export { generate, type GeneratedToken, type GenerateOptions } from './generate';
export { generateBatch, type BatchToken, type GenerateBatchOptions } from './generate-batch';
export type { GenerationOptions, TextCodec } from './generation-row';
export type { InitialPreset, InitialWeights, RecurrentPreset } from './initial-weights';
export { l1, l1Backward } from './l1';
export { LanguageModel } from './language-model';
export type {
  LanguageModelCache,
  LanguageModelForwardOptions,
  LanguageModelOptions,
  LanguageModelResult,
} from './language-model-types';
export { LayerNorm, type LayerNormCache, type LayerNormOptions } from './layer-norm';
export { Linear, type LinearOptions } from './linear';
export type { Reduction } from './loss-checks';
export { Module } from './module';
export { keepMinP } from './min-p';
export { mse, mseBackward } from './mse';
export { nll, nllBackward, type NllCache, type NllOptions } from './nll';
export {
  RecurrentLayer,
  type ForwardOptions,
  type RecurrentCache,
  type RecurrentUpstream,
} from './recurrent-layer';
export { addDropped, type RecurrentDropout } from './recurrent-dropout';
export type { RecurrentOptions } from './recurrent-options';
export type { Padding } from './padding';
export { RNN, type RNNOptions } from './rnn';
export { RNNCell, type Nonlinearity, type RNNCellOptions } from './rnn-cell';
export { penalizeRepetition } from './repetition-penalty';
export { sampleToken, samplingDistribution } from './sample-token';
export type { SamplingOptions } from './sampling-options';
export { smoothL1, smoothL1Backward, type SmoothL1Cache, type SmoothL1Options } from './smooth-l1';
export { scaleByTemperature } from './temperature';
export { keepTopK } from './top-k';
export { keepTopP } from './top-p';
export { RecurrentTrace, type CellTrace, type TraceGradients, type TraceStep } from './trace';
export { unroll, unrollBackward, type ObserveStep, type UnrollCache, type UnrollOptions } from './unroll';
export type { ZoneoutRates } from './zoneout';
