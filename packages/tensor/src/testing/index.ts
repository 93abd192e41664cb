export {
  expectGradients,
  gradCheck,
  type CheckedTensor,
  type GradCheckOptions,
  type GradCheckRow,
} from './grad-check';
export { tensorMatchers, type Tolerance } from './tensor-matchers';
export { randomTensor, tensorFromJson, type TensorJson } from './test-tensors';
