/**
 * How the outputs of the forward and the backward direction become one (Schuster & Paliwal 1997).
 *
 *   'concat'   y = [a, b]        [T, B, 2H], PyTorch's only form and Keras' default
 *   'sum'      y = a + b         [T, B, H]
 *   'mean'     y = (a + b) / 2
 *   'product'  y = a ⊙ b
 */
import type { Tensor } from '@rnnlab/tensor';
import type { Cell } from './cell';

/** See the header of this file. */
export type Merge = 'concat' | 'sum' | 'mean' | 'product';

/** The merged output; a single direction is its own. `a`, `b`: [T, B, H]. */
export function mergeDirections(cell: Cell, merge: Merge, [a, b]: readonly Tensor[]): Tensor {
  if (!b) return a;
  const H = a.shape[2];
  if (merge === 'concat') {
    const y = cell.allocate(a.shape[0], a.shape[1], 2 * H);
    for (let row = 0; row < a.size / H; row++) {
      y.data.set(a.data.subarray(row * H, (row + 1) * H), row * 2 * H);
      y.data.set(b.data.subarray(row * H, (row + 1) * H), row * 2 * H + H);
    }
    return y;
  }
  const y = cell.allocate(...a.shape);
  for (let k = 0; k < y.size; k++) {
    if (merge === 'product') y.data[k] = a.data[k] * b.data[k];
    else y.data[k] = (a.data[k] + b.data[k]) * (merge === 'mean' ? 0.5 : 1);
  }
  return y;
}

/** dL/da and dL/db from dL/dy. `a`, `b` are the outputs that were merged. */
export function mergeDirectionsBackward(
  cell: Cell,
  merge: Merge,
  [a, b]: readonly Tensor[],
  dy: Tensor,
): Tensor[] {
  if (!b) return [dy];
  const H = a.shape[2];
  const [da, db] = [cell.allocate(...a.shape), cell.allocate(...b.shape)];
  if (merge === 'concat') {
    for (let row = 0; row < a.size / H; row++) {
      da.data.set(dy.data.subarray(row * 2 * H, row * 2 * H + H), row * H);
      db.data.set(dy.data.subarray(row * 2 * H + H, (row + 1) * 2 * H), row * H);
    }
    return [da, db];
  }
  for (let k = 0; k < dy.size; k++) {
    const share = merge === 'mean' ? 0.5 : 1;
    da.data[k] = dy.data[k] * (merge === 'product' ? b.data[k] : share);
    db.data[k] = dy.data[k] * (merge === 'product' ? a.data[k] : share);
  }
  return [da, db];
}
