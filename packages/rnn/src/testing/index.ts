export {
  describeRecurrentCell,
  type ContractOptions,
  type MakeRecurrentLayer,
} from './describe-recurrent-cell';
export {
  describeTorchCells,
  describeTorchLayers,
  type TorchCellFile,
  type TorchLayerFile,
} from './torch-golden';
