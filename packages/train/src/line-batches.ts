/**
 * Lines of different length as batches.
 *
 * Order of an epoch: all lines are shuffled; with `bucketBatches` = k > 1 the shuffled lines are taken in pools
 * of k·B, each pool is sorted by length and cut into batches of B, and at the end the batches are shuffled. A
 * batch pads only to its own longest line, so similar lengths save steps.
 *
 * Is that fair? Every line occurs exactly once an epoch in either way. What changes is the company: a batch
 * loss is the mean over its own targets, so in a batch of short lines each target weighs more than in a batch
 * of long ones. Pools of a few batches keep this small, and the pools differ in every epoch.
 */
import { Tensor, type Rng } from '@rnnlab/tensor';
import { ignoreIndex, type Batch } from './dataset';

/** Line numbers of every batch of one epoch. */
export function lineBatchOrder(
  lengths: readonly number[],
  batchSize: number,
  bucketBatches: number,
  rng: Rng,
): number[][] {
  const order = rng.shuffle(lengths.map((_, line) => line));
  const batches: number[][] = [];
  const poolSize = Math.max(1, bucketBatches) * batchSize;
  for (let pool = 0; pool < order.length; pool += poolSize) {
    const lines = order.slice(pool, pool + poolSize);
    if (bucketBatches > 1) lines.sort((a, b) => lengths[a] - lengths[b]);
    for (let k = 0; k < lines.length; k += batchSize) batches.push(lines.slice(k, k + batchSize));
  }
  return bucketBatches > 1 ? rng.shuffle(batches) : batches;
}

/** @param lines Token ids, each with its start token in front and its end-of-line token behind. */
export function lineBatch(lines: readonly Int32Array[]): Batch {
  const lengths = Int32Array.from(lines, (line) => line.length - 1);
  const [seqLen, batchSize] = [Math.max(...lengths), lines.length];
  const ids = Tensor.zeros([seqLen, batchSize], 'int32');
  const targets = Tensor.full([seqLen, batchSize], ignoreIndex, 'int32');
  lines.forEach((line, b) => {
    for (let t = 0; t < lengths[b]; t++) {
      ids.data[t * batchSize + b] = line[t];
      targets.data[t * batchSize + b] = line[t + 1];
    }
  });
  const count = lengths.reduce((sum, length) => sum + length, 0);
  return { ids, targets, lengths: lengths.every((length) => length === seqLen) ? undefined : lengths, count };
}
