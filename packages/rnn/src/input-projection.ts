/**
 * The input's part of the gates, for all steps and rows at once.
 *
 *   gates[t, b] = W_ih·x[t, b] + b_ih
 *
 * x is either float features [T, B, I] or int32 token ids [T, B]. An id stands for its one-hot vector, whose
 * product with W_ih is one column of W_ih: it is picked, not multiplied.
 * Nothing here depends on the state, so it is one product over T·B rows instead of T small ones.
 */
import { addRowVector, columnSums, type Tensor } from '@rnnlab/tensor';
import type { Cell } from './cell';

/** Rows and columns of a tensor as a matrix: every axis but the last becomes rows. */
const asMatrix = (tensor: Tensor): Tensor => tensor.reshape([-1, tensor.shape[tensor.rank - 1]]);

/** Writes the projection of `input` into `gates` [T, B, G·H]. */
export function projectInput(cell: Cell, input: Tensor, gates: Tensor): void {
  const z = asMatrix(gates);
  const { weightIh, biasIh, backend } = cell;
  if (input.dtype === 'int32') gatherColumns(weightIh.value, input, z);
  else backend.gemm(asMatrix(input), weightIh.value, z, { transposeB: true });
  if (biasIh) addRowVector(z, biasIh.value, z);
}

/**
 * Adds into the gradients of W_ih and b_ih.
 *
 * @returns dL/dx in the shape of `input`, or `undefined` for token ids, which have none.
 */
export function projectInputBackward(cell: Cell, input: Tensor, dGates: Tensor): Tensor | undefined {
  const dz = asMatrix(dGates);
  const { weightIh, biasIh, backend } = cell;
  if (biasIh) columnSums(dz, { out: biasIh.grad, accumulate: true });
  if (input.dtype === 'int32') {
    scatterAddColumns(weightIh.grad, input, dz);
    return undefined;
  }
  backend.gemm(dz, asMatrix(input), weightIh.grad, { transposeA: true, accumulate: true });
  const dInput = cell.allocate(...input.shape);
  backend.gemm(dz, weightIh.value, asMatrix(dInput));
  return dInput;
}

/** z[n, :] = W[:, ids[n]] */
function gatherColumns(weight: Tensor, ids: Tensor, z: Tensor): void {
  const [rows, columns] = weight.shape;
  for (let n = 0; n < ids.size; n++) {
    for (let j = 0; j < rows; j++) z.data[n * rows + j] = weight.data[j * columns + ids.data[n]];
  }
}

/** dW[:, ids[n]] += dz[n, :] */
function scatterAddColumns(dWeight: Tensor, ids: Tensor, dz: Tensor): void {
  const [rows, columns] = dWeight.shape;
  for (let n = 0; n < ids.size; n++) {
    for (let j = 0; j < rows; j++) dWeight.data[j * columns + ids.data[n]] += dz.data[n * rows + j];
  }
}
