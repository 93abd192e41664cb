export { fitManually, type FitManuallyOptions, type FitStep } from './fit-manually';
export { fitWithModel, type FitHistory, type FitWithModelOptions } from './fit-with-model';
export {
  fromKerasWeights,
  toKerasWeights,
  type FromKerasWeightsOptions,
  type KerasWeightsOptions,
  type ToKerasWeightsOptions,
} from './keras-weights';
export {
  loadTensorFlow,
  type LoadedTensorFlow,
  type LoadTensorFlowOptions,
  type TensorFlow,
  type TensorFlowEngine,
} from './load-tensor-flow';
export { restoreNodeUtil, type RemovedUtilName } from './restore-node-util';
export { TensorFlowError } from './tensor-flow-error';
export {
  compareForward,
  type ForwardComparison,
  type ForwardInput,
  type TensorOverTime,
} from './compare-forward';
export {
  compareGradients,
  type GradientComparison,
  type GradientDifference,
  type GradientInput,
} from './compare-gradients';
export {
  compareTraining,
  type TrainingComparison,
  type TrainingPlan,
  type TrainingStep,
} from './compare-training';
export type { Difference } from './difference';
export { TensorFlowTwin, type TwinPass, type TwinState } from './twin';
export type { TwinCell, TwinWeight } from './twin-cell';
export { createOptimizers, twinOptimizerNames, type TwinOptimizerOptions } from './twin-optimizers';
export { TwinTrainer } from './twin-trainer';
export { TFCharRNN, type TFForwardOptions, type TFState } from './tf-char-rnn';
export type { TFCharRNNOptions } from './tf-char-rnn-options';
export type { TFGeneratedToken, TFGenerateOptions } from './tf-generate';
export { compareSpeed, type SideSpeed, type SpeedComparison, type SpeedPlan } from './compare-speed';
export { sampleTwin, type TwinSampleOptions } from './twin-samples';
export type { DefaultTrap } from './default-traps';
export { explainDefaults, type ExplainedDefault } from './explain-defaults';
