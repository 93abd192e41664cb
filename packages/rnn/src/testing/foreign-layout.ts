/** Weights of other programs in this project's layout: matrices [G·H, fanIn], gates in the order of the cell. */
import { Tensor } from '@rnnlab/tensor';

/** [rows, columns] → [columns, rows]. */
function transpose(x: Tensor): Tensor {
  const [rows, columns] = x.shape;
  const y = Tensor.zeros([columns, rows], x.dtype);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) y.data[j * rows + i] = x.data[i * columns + j];
  }
  return y;
}

/** Block k of the result is block order[k] of x, whose first axis holds as many equal blocks as the order is long, or more. */
export function takeBlocks(x: Tensor, order: readonly number[], blocks = order.length): Tensor {
  const size = x.shape[0] / blocks;
  const y = Tensor.zeros([order.length * size, ...x.shape.slice(1)], x.dtype);
  order.forEach((from, to) =>
    y.slice(to * size, (to + 1) * size).copyFrom(x.slice(from * size, (from + 1) * size)),
  );
  return y;
}

/** Keras' and tfjs' gates, i f c o and z r h, as i f g o and r z n. */
const kerasOrders: Record<string, readonly number[]> = { LSTM: [0, 1, 2, 3], GRU: [1, 0, 2], SimpleRNN: [0] };

/**
 * One cell's kernel [I, G·U], recurrent kernel [U, G·U] and bias [G·U] (or [2, G·U] for two) as parameters by name.
 *
 * @param suffix e.g. `_l0_reverse`
 */
export function fromKeras(
  kind: string,
  [kernel, recurrent, bias]: readonly Tensor[],
  suffix: string,
): Map<string, Tensor> {
  const order = kerasOrders[kind];
  const named = new Map([
    [`weight_ih${suffix}`, takeBlocks(transpose(kernel), order)],
    [`weight_hh${suffix}`, takeBlocks(transpose(recurrent), order)],
  ]);
  if (bias?.rank === 1) named.set(`bias_ih${suffix}`, takeBlocks(bias, order));
  if (bias?.rank === 2) {
    named.set(`bias_ih${suffix}`, takeBlocks(bias.row(0), order));
    named.set(`bias_hh${suffix}`, takeBlocks(bias.row(1), order));
  }
  return named;
}
