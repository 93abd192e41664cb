export {
  loadTensorFlow,
  type LoadedTensorFlow,
  type LoadTensorFlowOptions,
  type TensorFlow,
  type TensorFlowEngine,
} from './load-tensor-flow';
export { restoreNodeUtil, type RemovedUtilName } from './restore-node-util';
export { TensorFlowError } from './tensor-flow-error';
