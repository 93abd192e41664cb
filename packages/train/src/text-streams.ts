/**
 * One long text as B parallel streams, read in chunks of T steps.
 *
 *   L = ⌈(N−1)/B⌉ predictions a stream;   stream b reads ids[b·L + t] and predicts ids[b·L + t + 1], 0 ≤ t < L
 *
 * Chunk k holds the steps k·T … k·T+T−1 of all streams, so a stream's state is carried from chunk to chunk. Each
 * of the N−1 predictions occurs exactly once an epoch: the last chunk may be shorter, and where N−1 is no
 * multiple of B the end of the last stream is padding that does not count.
 */
import { Tensor } from '@rnnlab/tensor';
import { ignoreIndex, type Batch } from './dataset';

/** Number of chunks of an epoch. */
export function streamChunkCount(idCount: number, batchSize: number, seqLen: number): number {
  return Math.ceil(Math.ceil((idCount - 1) / batchSize) / seqLen);
}

/** Chunks from number `start` on. */
export function* streamChunks(
  ids: Int32Array,
  batchSize: number,
  seqLen: number,
  start = 0,
): Generator<Batch> {
  const predictions = ids.length - 1;
  const perStream = Math.ceil(predictions / batchSize);
  for (let first = start * seqLen; first < perStream; first += seqLen) {
    const steps = Math.min(seqLen, perStream - first);
    const x = Tensor.zeros([steps, batchSize], 'int32');
    const y = Tensor.full([steps, batchSize], ignoreIndex, 'int32');
    let count = 0;
    for (let b = 0; b < batchSize; b++) {
      for (let t = 0; t < steps; t++) {
        const position = b * perStream + first + t;
        if (position >= predictions) break;
        x.data[t * batchSize + b] = ids[position];
        y.data[t * batchSize + b] = ids[position + 1];
        count++;
      }
    }
    yield { ids: x, targets: y, count };
  }
}
