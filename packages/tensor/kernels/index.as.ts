export { gemm, gemmPacked, pack, packedBytes, scratch, scratchBytes } from './gemm.as';
export { addRowVector, addRows, columnSums, gatherColumns, scatterColumns } from './rows.as';
export { expAll, sigmoidAll, tanhAll } from './activate.as';
export { softmaxRows } from './softmax.as';
