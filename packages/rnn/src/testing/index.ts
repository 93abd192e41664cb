export { describeRecurrentCell } from './describe-recurrent-cell';
export { recurrentGradients } from './recurrent-gradients';
export type { ContractOptions, MakeRecurrentLayer } from './recurrent-set-up';
export {
  describeTorchCells,
  describeTorchLayers,
  type GoldenRun,
  type TorchCellFile,
  type TorchLayerFile,
} from './torch-golden';
export {
  describeKerasLayers,
  describeKerasOwnGoldens,
  type KerasFile,
  type KerasOwnFile,
} from './keras-golden';
export type { ForeignOptions, MakeForeignLayer } from './keras-run';
export type { OutsideCases } from './listed-cases';
export { describeOnnxLayers, type OnnxFile } from './onnx-golden';
export type { MakeOnnxLayer, OnnxAttributes, OnnxOperator, OnnxOptions } from './onnx-run';
