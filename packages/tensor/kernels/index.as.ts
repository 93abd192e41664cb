export { gemm, gemmPacked, gemmScratchBytes, pack, packedBytes } from './gemm.as';
export { addRowVector, columnSums, gatherColumns, scatterColumns } from './rows.as';
export { expAll, sigmoidAll, tanhAll } from './activate.as';
export { softmaxRows } from './softmax.as';
