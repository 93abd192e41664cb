/**
 * What layers do to the rows of a matrix besides products; the wasm twins are `kernels/rows.as.ts` and `kernels/softmax.as.ts`.
 *
 *   addRowVector     x[n, :] += v
 *   addRows          x[n, :] += y[n, :]
 *   columnSums       s += Σₙ x[n, :]
 *   gatherColumns    z[n, :] = W[:, ids[n]] + v            W [J, V]: the product with one-hot rows, picked
 *   scatterColumns   dW[:, ids[n]] += dz[n, :]
 *   softmaxRows      p[n, :] = softmax(z[n, :]), with max z and Σ exp(z − max z) of every row
 *
 * `spare` [V, J] is for backends that want a transposed copy; this one leaves it alone. gatherColumns needs none for fewer rows
 * than V.
 */
import type { KernelSet } from './backend';
import { wasm } from './generated/kernels.wasm';
import { maxAndExpSum } from './softmax';
import type { Tensor } from './tensor';

const reference = {
  addRowVector(rows: number, columns: number, x: Tensor, v: Tensor): void {
    for (let n = 0; n < rows; n++) {
      for (let j = 0; j < columns; j++) x.data[n * columns + j] += v.data[j];
    }
  },

  addRows(rows: number, columns: number, x: Tensor, y: Tensor): void {
    for (let k = 0; k < rows * columns; k++) x.data[k] += y.data[k];
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
    _spare: Tensor | undefined,
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

  softmaxRows(rows: number, V: number, z: Tensor, p: Tensor, max: Tensor, expSum: Tensor): void {
    for (let n = 0; n < rows; n++) {
      const row = z.data.subarray(n * V, (n + 1) * V);
      const found = maxAndExpSum(row);
      for (let k = 0; k < V; k++) p.data[n * V + k] = Math.exp(row[k] - found.max) / found.expSum;
      max.data[n] = found.max;
      expSum.data[n] = found.expSum;
    }
  },
};

/** See the header of this file. */
export const rowKernels: KernelSet<typeof reference> = {
  reference,
  divided: { columnSums: 1, gatherColumns: 1, scatterColumns: 1 },
  wasm,
};
