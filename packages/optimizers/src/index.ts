export * from './errors';
export type { FloatArray, Numbers, OptimizerParameter } from './parameter';
export type {
  Convention,
  OptimizerOptions,
  Rule,
  SharedOptions,
  Slots,
  UpdateKernels,
  WeightDecayMask,
} from './rule';
export { Optimizer, type Entry, type GroupInit, type ParameterGroup } from './optimizer';
export type { OptimizerState } from './state';
export { SGD, type SGDOptions } from './sgd';
export { Momentum } from './momentum';
export { RMSProp, type RMSPropOptions } from './rmsprop';
export { Adam, type AdamOptions } from './adam';
export { AMSGrad } from './amsgrad';
export { AdamW } from './adamw';
export { Adamax, type AdamaxOptions } from './adamax';
export { NAdam, type NAdamOptions } from './nadam';
export { RAdam, type RAdamOptions } from './radam';
export { Adagrad, type AdagradOptions } from './adagrad';
export { Adadelta, type AdadeltaOptions } from './adadelta';
export { Lion, type LionOptions } from './lion';
export { Rprop, type RpropOptions } from './rprop';
export { LBFGS, type LBFGSOptions } from './lbfgs';
export { clipEachGradNorm, clipGradNorm, clipGradValue, type ClipNormOptions } from './clipping';
export { GradientAccumulation, type GradientAccumulationOptions } from './gradient-accumulation';
export { WeightAverage, type WeightAverageOptions, type WeightAverageState } from './weight-average';
export type { Schedule, ScheduleJSON } from './schedule';
export * from './decay-schedules';
export * from './ramp-schedules';
export * from './composed-schedules';
export { scheduleFromJSON } from './schedule-from-json';
export { ReduceOnPlateau, type ReduceOnPlateauOptions, type ReduceOnPlateauState } from './reduce-on-plateau';
export { LearningRateScheduler, type LearningRateSchedulerState } from './learning-rate-scheduler';
