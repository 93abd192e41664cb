export {
  activations,
  hardSigmoid,
  hardSigmoidTfjs,
  linear,
  relu,
  sigmoid,
  tanh,
  type Activation,
  type ActivationName,
} from './activations';
export type { Backend, GemmOptions, KernelArgument, Kernels, KernelSet, PackedMatrix } from './backend';
export { defaultBackend } from './default-backend';
export { bytesPerElement, type DType, type FloatDType, type TypedArray } from './dtype';
export { add, addRowVector, map, multiply, scale, subtract } from './elementwise';
export { BackendError, CheckpointError, ConfigError, DTypeError, RnnlabError, ShapeError } from './errors';
export {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  identity,
  normal,
  orthogonal,
  uniform,
  uniformInverseSqrt,
  zeros,
  type Initializer,
} from './initializers';
export { matmul, type MatmulOptions } from './matmul';
export type { NestedNumbers } from './nested-array';
export { Parameter } from './parameter';
export { referenceBackend } from './reference-backend';
export { argMax, columnSums, dot, max, mean, norm, sum, type ColumnSumsOptions } from './reductions';
export { rowKernels } from './row-kernels';
export { Rng, type RngState } from './rng';
export {
  openSafetensors,
  readSafetensors,
  readSafetensorsHeader,
  type ByteSource,
  type SafetensorsFile,
} from './safetensors-read';
export type { RawTensor, SafetensorsDType } from './safetensors-dtype';
export type { SafetensorsEntry, SafetensorsHeader } from './safetensors-header';
export { safetensorsChunks, writeSafetensors, type WritableTensors } from './safetensors-write';
export { toFloat32 } from './half-precision';
export { checkShape, formatShape, sameShape, sizeOf, type NamedDimension } from './shape';
export { logSoftmax, logSoftmaxBackward, maxAndExpSum, softmax, softmaxBackward } from './softmax';
export { Tensor } from './tensor';
export type { DividedFunction, Division } from './thread-script';
export { wasmBackend } from './wasm-backend';
export type { WasmBackend, WasmBackendOptions } from './wasm-backend-options';
export { threadWorkerSource } from './generated/thread-worker';
export { Workspace } from './workspace';
