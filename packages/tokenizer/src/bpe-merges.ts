/**
 * Byte pair encoding: learned merges applied to bytes.
 *
 * Merge r joins two tokens into the token with id 256 + r. The earliest merge that fits anywhere goes first,
 * from left to right, until none fits. A heap of (r, position) gives that order: merge r makes a token that
 * only later merges use, so nothing before it can come up behind it. n bytes have at most 2n candidates in
 * all: O(n log n), where looking through the whole sequence for every merge would be O(n²).
 */
import { heap } from './heap';
import { tokenList } from './token-list';

/** The two token ids that a merge joins. */
export type Merge = readonly [left: number, right: number];

/** Most merges there may be, so that the numbers below stay exact. */
export const MAX_MERGES = 2 ** 20;

const ID_LIMIT = 2 ** 21;

/** One number for a pair of ids < 2²¹. */
export const pairKey = (left: number, right: number): number => left * ID_LIMIT + right;

/** The pair of a {@link pairKey}. */
export const unpackPair = (key: number): Merge => [Math.floor(key / ID_LIMIT), key % ID_LIMIT];

/** The ids of one piece of text. `rankOf` gives r for the {@link pairKey} of a merge. */
export function applyMerges(bytes: Uint8Array, rankOf: ReadonlyMap<number, number>): Int32Array {
  const { ids, next, previous, join } = tokenList([bytes]);
  const queue = heap<number>((a, b) => a < b);
  const rankAt = (k: number) => (next[k] >= 0 ? rankOf.get(pairKey(ids[k], ids[next[k]])) : undefined);
  const enqueue = (k: number) => {
    const rank = rankAt(k);
    if (rank !== undefined) queue.push(rank * 2 ** 32 + k);
  };
  bytes.forEach((_, k) => enqueue(k));
  for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
    const k = entry % 2 ** 32;
    const rank = (entry - k) / 2 ** 32;
    if (ids[k] < 0 || rankAt(k) !== rank) continue; // one of the two was merged with something else
    join(k, 256 + rank);
    enqueue(k);
    if (previous[k] >= 0) enqueue(previous[k]);
  }
  return ids.filter((id) => id >= 0);
}
