/**
 * One long text as windows of T steps that begin every `stride` tokens, in a new random order each epoch and
 * each from a state of zeros.
 *
 *   window w reads ids[w·stride + t] and predicts ids[w·stride + t + 1], 0 ≤ t < T
 *
 * With stride < T windows overlap and an epoch sees a token more than once. A rest behind the last whole window
 * is not read, unless it is the only window there is.
 */
import { Tensor, type Rng } from '@rnnlab/tensor';
import type { Batch } from './dataset';

/** Number of whole windows. */
export function windowCount(idCount: number, seqLen: number, stride: number): number {
  return Math.floor((idCount - 1 - seqLen) / stride) + 1;
}

/** Batches from number `start` on. */
export function* windowBatches(
  ids: Int32Array,
  options: { batchSize: number; seqLen: number; stride: number; rng: Rng; start?: number },
): Generator<Batch> {
  const { batchSize, seqLen, stride, rng, start = 0 } = options;
  const order = rng.shuffle(
    Uint32Array.from({ length: windowCount(ids.length, seqLen, stride) }, (_, w) => w),
  );
  for (let first = start * batchSize; first < order.length; first += batchSize) {
    const windows = order.subarray(first, first + batchSize);
    const x = Tensor.zeros([seqLen, windows.length], 'int32');
    const y = Tensor.zeros([seqLen, windows.length], 'int32');
    windows.forEach((window, b) => {
      for (let t = 0; t < seqLen; t++) {
        x.data[t * windows.length + b] = ids[window * stride + t];
        y.data[t * windows.length + b] = ids[window * stride + t + 1];
      }
    });
    yield { ids: x, targets: y, count: y.size };
  }
}
