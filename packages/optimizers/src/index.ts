export * from './errors';
export type { FloatArray, Numbers, OptimizerParameter } from './parameter';
export type {
  Convention,
  OptimizerOptions,
  Rule,
  SharedOptions,
  Slots,
  StepScalars,
  WeightDecayMask,
} from './rule';
export { Optimizer, type Entry, type GroupInit, type ParameterGroup } from './optimizer';
export type { OptimizerState } from './state';
export { SGD, type SGDOptions } from './sgd';
export { Momentum } from './momentum';
export { RMSProp, type RMSPropOptions } from './rmsprop';
export { Adam, type AdamOptions } from './adam';
export { clipEachGradNorm, clipGradNorm, clipGradValue, type ClipNormOptions } from './clipping';
