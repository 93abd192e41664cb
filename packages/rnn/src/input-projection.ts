/**
 * The input's part of the gates, for all steps and rows at once.
 *
 *   gates[t, b] = W_ih·x[t, b] + b_ih
 *
 * x is either float features [T, B, I] or int32 token ids [T, B]. An id stands for its one-hot vector, whose
 * product with W_ih is one column of W_ih: it is picked, not multiplied.
 * Nothing here depends on the state, so it is one product over T·B rows instead of T small ones.
 */
import type { Tensor } from '@rnnlab/tensor';
import type { Cell } from './cell';

/** Rows and columns of a tensor as a matrix: every axis but the last becomes rows. */
const asMatrix = (tensor: Tensor): Tensor => tensor.reshape([-1, tensor.shape[tensor.rank - 1]]);

/** Writes the projection of `input` into `gates` [T, B, G·H]. */
export function projectInput(cell: Cell, input: Tensor, gates: Tensor): void {
  const z = asMatrix(gates);
  const [N, J] = z.shape;
  const { weightIh, biasIh, backend, inputSize, rows } = cell;
  if (input.dtype === 'int32') {
    const spare = N < inputSize ? undefined : cell.allocateUnset(inputSize, J);
    rows.gatherColumns(N, J, inputSize, weightIh.value, input, biasIh?.value, z, spare);
    return;
  }
  backend.gemm(asMatrix(input), weightIh.value, z, { transposeB: true });
  if (biasIh) rows.addRowVector(N, J, z, biasIh.value);
}

/**
 * Adds into the gradients of W_ih and b_ih.
 *
 * @returns dL/dx in the shape of `input`, or `undefined` for token ids, which have none.
 */
export function projectInputBackward(cell: Cell, input: Tensor, dGates: Tensor): Tensor | undefined {
  const dz = asMatrix(dGates);
  const [N, J] = dz.shape;
  const { weightIh, biasIh, backend, inputSize, rows } = cell;
  if (biasIh) rows.columnSums(N, J, dz, biasIh.grad);
  if (input.dtype === 'int32') {
    rows.scatterColumns(N, J, inputSize, weightIh.grad, input, dz, cell.allocateUnset(inputSize, J));
    return undefined;
  }
  backend.gemm(dz, asMatrix(input), weightIh.grad, { transposeA: true, accumulate: true });
  const dInput = cell.allocateUnset(...input.shape);
  backend.gemm(dz, weightIh.value, asMatrix(dInput));
  return dInput;
}
