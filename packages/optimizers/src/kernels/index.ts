export { updateKernels } from './update-kernels';
