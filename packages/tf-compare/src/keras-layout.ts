/**
 * One weight of a cell, a head or an embedding in the layout of Keras and tfjs, and back. Nothing is computed: numbers move.
 *
 *   rnnlab, PyTorch: rows      W_ih [G·H, I]   W_hh [G·H, H]   b [G·H]      LSTM i f g o     GRU r z n
 *   Keras, tfjs: columns       K [I, G·H]      R [H, G·H]      b [G·H]      LSTM i f c o     GRU z r h
 *
 * Keras' c is our g, its h is our n. Only the GRU has its blocks in another order, and swapping two of them is its own
 * inverse.
 */
import type { CellType } from '@rnnlab/train';
import { ShapeError, formatShape, Tensor } from '@rnnlab/tensor';

/** Block k of ours is block blockOrders[cell][k] of Keras'. */
const blockOrders: Readonly<Record<CellType, readonly number[]>> = {
  rnn: [0],
  lstm: [0, 1, 2, 3],
  gru: [1, 0, 2],
};

/** [R, C] as [C, R], in the dtype it has. A matrix of a head: ours is [out, in], Keras' is [in, out]. */
export function transpose({ data, shape, dtype }: Tensor): Tensor {
  const [rows, columns] = shape;
  const out = Tensor.zeros([columns, rows], dtype);
  for (let k = 0; k < data.length; k++) out.data[(k % columns) * rows + Math.floor(k / columns)] = data[k];
  return out;
}

/** [G·H, I] or [G·H] of ours as [I, G·H] or [G·H] of Keras'. */
export function toKerasLayout(cell: CellType, ours: Tensor): Tensor {
  const swapped = swapBlocks(cell, ours);
  return ours.rank === 1 ? swapped : transpose(swapped);
}

/** [I, G·H] or [G·H] of Keras' as [G·H, I] or [G·H] of ours. */
export function fromKerasLayout(cell: CellType, keras: Tensor): Tensor {
  return swapBlocks(cell, keras.rank === 1 ? keras : transpose(keras));
}

/** How many blocks of rows the weights of a cell have: G. */
export function blocksOf(cell: CellType): number {
  return blockOrders[cell].length;
}

function swapBlocks(cell: CellType, weight: Tensor): Tensor {
  const order = blockOrders[cell];
  if (weight.shape[0] % order.length !== 0) {
    throw new ShapeError(
      `keras layout: a weight of cell '${cell}' has shape ${formatShape(weight.shape)}, expected rows in ${order.length} blocks of equal size.`,
    );
  }
  const out = weight.clone();
  const size = weight.size / order.length;
  order.forEach((target, k) => out.data.set(weight.data.subarray(k * size, (k + 1) * size), target * size));
  return out;
}
