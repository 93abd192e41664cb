export { describeRecurrentCell } from './describe-recurrent-cell';
export { recurrentGradients } from './recurrent-gradients';
export type { ContractOptions, MakeRecurrentLayer } from './recurrent-set-up';
export {
  describeTorchCells,
  describeTorchLayers,
  type TorchCellFile,
  type TorchLayerFile,
} from './torch-golden';
