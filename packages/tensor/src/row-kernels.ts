/**
 * What layers do to the rows of a matrix besides products; the wasm twin is `kernels/rows.as.ts`.
 *
 *   addRowVector     x[n, :] += v
 *   columnSums       s += Σₙ x[n, :]
 *   gatherColumns    z[n, :] = W[:, ids[n]] + v            W [J, V]: the product with one-hot rows, picked
 *   scatterColumns   dW[:, ids[n]] += dz[n, :]
 *
 * `spare` [V, J] is for backends that want a transposed copy; this one leaves it alone.
 */
import type { KernelSet } from './backend';
import { wasm } from './generated/kernels.wasm';
import type { Tensor } from './tensor';

const reference = {
  addRowVector(rows: number, columns: number, x: Tensor, v: Tensor): void {
    for (let n = 0; n < rows; n++) {
      for (let j = 0; j < columns; j++) x.data[n * columns + j] += v.data[j];
    }
  },

  columnSums(rows: number, columns: number, x: Tensor, s: Tensor): void {
    for (let j = 0; j < columns; j++) {
      let total = s.data[j];
      for (let n = 0; n < rows; n++) total += x.data[n * columns + j];
      s.data[j] = total;
    }
  },

  gatherColumns(
    rows: number,
    J: number,
    V: number,
    W: Tensor,
    ids: Tensor,
    v: Tensor | undefined,
    z: Tensor,
    _spare: Tensor,
  ): void {
    for (let n = 0; n < rows; n++) {
      for (let j = 0; j < J; j++) z.data[n * J + j] = W.data[j * V + ids.data[n]] + (v ? v.data[j] : 0);
    }
  },

  scatterColumns(
    rows: number,
    J: number,
    V: number,
    dW: Tensor,
    ids: Tensor,
    dz: Tensor,
    _spare: Tensor,
  ): void {
    for (let n = 0; n < rows; n++) {
      for (let j = 0; j < J; j++) dW.data[j * V + ids.data[n]] += dz.data[n * J + j];
    }
  },
};

/** See the header of this file. */
export const rowKernels: KernelSet<typeof reference> = { reference, wasm };
