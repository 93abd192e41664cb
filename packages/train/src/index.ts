export { Breath } from '@rnnlab/rnn';
export {
  checkpointChunks,
  readCheckpoint,
  type Checkpoint,
  type HistoryEntry,
  type LoadedCheckpoint,
} from './checkpoint';
export { CorpusError } from './corpus-error';
export {
  ConfiguredLanguageModel,
  createLanguageModel,
  type CellType,
  type LanguageModelConfig,
} from './create-language-model';
export {
  ignoreIndex,
  type Batch,
  type BatchRequest,
  type Dataset,
  type Split,
  type SplitSize,
} from './dataset';
export { decodeUtf8 } from './decode-utf8';
export { DivergenceError, type DivergenceDiagnosis, type NonFinite } from './divergence';
export { evaluate, type Evaluation } from './evaluate';
export { eventToJSON } from './event-json';
export type { HoldOutOptions } from './hold-out';
export { LinesDataset, type LinesDatasetOptions } from './lines-dataset';
export { bitsPerCharacter, perplexity } from './metrics';
export {
  modelFromCheckpoint,
  tokenizerFromCheckpoint,
  weightsOf,
  type CheckpointWeights,
  type ModelFromCheckpointOptions,
} from './model-from-checkpoint';
export { NGramModel } from './ngram-model';
export { noveltyOf, type Novelty } from './novelty';
export { referenceLines, type ReferenceLines } from './reference-lines';
export { sampleTexts } from './sample-texts';
export { SmoothedLoss, type SmoothedLossState } from './smoothed-loss';
export { splitLines, type SplitLinesOptions } from './split-lines';
export { TextDataset, type TextDatasetOptions } from './text-dataset';
export { Trainer } from './trainer';
export type {
  CheckpointEvent,
  EpochEvent,
  EvaluationEvent,
  SampleEvent,
  StartEvent,
  StepEvent,
  StopEvent,
  StopReason,
  TrainerEvent,
} from './trainer-events';
export type {
  EarlyStoppingOptions,
  Interval,
  RunOptions,
  SampleOptions,
  SavedOptimizer,
  TrainableOptimizer,
  TrainerOptions,
} from './trainer-options';
export { trainerStateVersion, type TrainerProgress, type TrainerState } from './trainer-state';
export { libraryVersion } from './version';
