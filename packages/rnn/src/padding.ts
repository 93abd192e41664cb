/**
 * Which positions of a batch of sequences are padding: a step that is there only to fill up the rectangle.
 *
 *   lengths   row b is real for t < lengths[b]                            [B]
 *   mask      row b is real at t where mask[t, b] ≠ 0, holes included     [T, B]     (Keras' masks)
 */
import type { Tensor } from '@rnnlab/tensor';

/** padding[t]: the rows of the batch for which step t is padding. */
export type Padding = readonly (readonly number[])[];

/** Padding behind sequences of the given lengths. */
export function paddingBehind(lengths: ArrayLike<number>, seqLen: number): Padding {
  return paddingWhere(seqLen, lengths.length, (t, b) => t >= lengths[b]);
}

/** Padding where `mask` [T, B] is zero. */
export function paddingOfMask(mask: Tensor): Padding {
  const [seqLen, batchSize] = mask.shape;
  return paddingWhere(seqLen, batchSize, (t, b) => mask.data[t * batchSize + b] === 0);
}

function paddingWhere(
  seqLen: number,
  batchSize: number,
  isPadding: (t: number, b: number) => boolean,
): Padding {
  const rows = Array.from({ length: batchSize }, (_, b) => b);
  return Array.from({ length: seqLen }, (_, t) => rows.filter((b) => isPadding(t, b)));
}

/** Sets x[t, b] to zero where that is padding, in place. `x` is [T, B, …]. */
export function zeroPadding(x: Tensor, padding: Padding): Tensor {
  padding.forEach((rows, t) => rows.forEach((b) => x.row(t).row(b).fill(0)));
  return x;
}
