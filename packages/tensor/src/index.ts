export type { Backend, GemmOptions } from './backend';
export { bytesPerElement, type DType, type FloatDType, type TypedArray } from './dtype';
export { CheckpointError, ConfigError, DTypeError, RnnlabError, ShapeError } from './errors';
export type { NestedNumbers } from './nested-array';
export { Parameter } from './parameter';
export { referenceBackend } from './reference-backend';
export { Rng, type RngState } from './rng';
export { checkShape, formatShape, sameShape, sizeOf, type NamedDimension } from './shape';
export { Tensor } from './tensor';
