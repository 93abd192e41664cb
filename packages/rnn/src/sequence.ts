import { Tensor } from '@rnnlab/tensor';

/** A copy of a time-major tensor [T, …] with its steps in the opposite order. */
export function reverseTime(x: Tensor): Tensor {
  const reversed = x.clone();
  const seqLen = x.shape[0];
  for (let t = 0; t < seqLen; t++) reversed.row(t).copyFrom(x.row(seqLen - 1 - t));
  return reversed;
}

/** A copy of [A, B, …] as [B, A, …]: time-major ⇄ batch-first. */
export function swapLeadingAxes(x: Tensor): Tensor {
  const [a, b, ...rest] = x.shape;
  const swapped = Tensor.zeros([b, a, ...rest], x.dtype);
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < b; j++) swapped.row(j).row(i).copyFrom(x.row(i).row(j));
  }
  return swapped;
}
