/**
 * One long text as B parallel streams, read in chunks of T steps.
 *
 *   L = ⌈(N−1)/B⌉ predictions a stream;   stream b reads ids[b·L + t] and predicts ids[b·L + t + 1], 0 ≤ t < L
 *
 * Chunk k holds the steps k·T … k·T+T−1 of all streams, so a stream's state is carried from chunk to chunk. Each
 * of the N−1 predictions occurs exactly once an epoch: the last chunk may be shorter, and where N−1 is no
 * multiple of B the end of the last stream is padding that does not count.
 *
 * Where the ids lie does not matter here: in one array (`arraySource`) or in files (node/token-part.ts).
 */
import { Tensor } from '@rnnlab/tensor';
import { ignoreIndex, type Batch } from './dataset';

/** `count` ids from number `from` on; valid until the next call. A reader is asked for places that rise. */
export type TokenReader = (from: number, count: number) => Int32Array;

/** Token ids that can be read from any place. */
export interface TokenSource {
  readonly length: number;
  reader(): TokenReader;
}

/** One row of the batches: `predictions` ids from `first` on, each with the id behind it as its target. */
export interface TokenStream {
  readonly first: number;
  readonly predictions: number;
  readonly read: TokenReader;
}

/** Ids that are in memory. */
export function arraySource(ids: Int32Array): TokenSource {
  return { length: ids.length, reader: () => (from, count) => ids.subarray(from, from + count) };
}

/** Number of chunks of an epoch. */
export function streamChunkCount(idCount: number, batchSize: number, seqLen: number): number {
  return Math.ceil(Math.ceil((idCount - 1) / batchSize) / seqLen);
}

/** A source as B streams: see the header of this file. */
export function equalStreams(source: TokenSource, batchSize: number): TokenStream[] {
  const predictions = source.length - 1;
  const perStream = Math.ceil(predictions / batchSize);
  return Array.from({ length: batchSize }, (_, b) => {
    const first = b * perStream;
    const own = Math.max(0, Math.min(perStream, predictions - first));
    return { first, predictions: own, read: source.reader() };
  });
}

/** Chunks from number `start` on, until the longest stream ends; the others are padded. */
export function* streamChunks(streams: readonly TokenStream[], seqLen: number, start = 0): Generator<Batch> {
  const B = streams.length;
  const longest = Math.max(...streams.map(({ predictions }) => predictions));
  for (let done = start * seqLen; done < longest; done += seqLen) {
    const steps = Math.min(seqLen, longest - done);
    const x = Tensor.zeros([steps, B], 'int32');
    const y = Tensor.full([steps, B], ignoreIndex, 'int32');
    let count = 0;
    for (const [b, { first, predictions, read }] of streams.entries()) {
      const own = Math.max(0, Math.min(steps, predictions - done));
      if (own === 0) continue;
      const ids = read(first + done, own + 1);
      for (let t = 0; t < own; t++) {
        x.data[t * B + b] = ids[t];
        y.data[t * B + b] = ids[t + 1];
      }
      count += own;
    }
    yield { ids: x, targets: y, count };
  }
}
