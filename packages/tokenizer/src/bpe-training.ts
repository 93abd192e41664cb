/**
 * Learning the merges of byte pair encoding (Gage 1994; for words Sennrich, Haddow & Birch 2016):
 * join the most frequent pair of neighbouring tokens, everywhere, and repeat.
 *
 * Ties: of equally frequent pairs the one with the smaller left id, then the smaller right id. So the merges
 * are a function of the pieces and their counts, whatever order they come in. Pairs overlap when counted
 * ("aaa" has a+a twice) and are merged from left to right.
 *
 * Nothing is counted twice: a merge visits the positions of its pair and corrects the counts of the neighbours.
 *
 *   p l r n  →  p X n      count(p l), count(l r), count(r n) fall, count(p X), count(X n) rise
 *
 * Only pairs with the new token X can rise, so a heap entry with a count that has fallen since is an upper
 * bound, and is put back with the true count when it comes up.
 */
import { pairKey, unpackPair, type Merge } from './bpe-merges';
import { heap } from './heap';
import { tokenList } from './token-list';
import { encodeWtf8 } from './wtf8';

/** Longest token. Keeps memory in bounds for texts that repeat one phrase. */
export const MAX_TOKEN_BYTES = 2 ** 16;

/** Limits and borders of {@link learnMerges}. */
export interface LearnMergesOptions {
  /** Stop after so many merges. */
  numMerges: number;
  /** Stop when the most frequent pair is rarer. */
  minFrequency: number;
  /** Bytes that are never merged: special tokens of one byte. */
  fixedBytes: ReadonlySet<number>;
}

interface Pair {
  /** {@link pairKey} of the two ids; its order is that of the left id, then of the right one. */
  readonly key: number;
  count: number;
  /** Positions of the left token, ascending; some may be outdated. */
  readonly positions: number[];
}

/** @param pieces How often each piece of text occurs; merges stay inside a piece. */
export function learnMerges(pieces: ReadonlyMap<string, number>, options: LearnMergesOptions): Merge[] {
  const encoded = Array.from(pieces.keys(), encodeWtf8);
  const { ids, next, previous, join } = tokenList(encoded, options.fixedBytes);
  const weights = Array.from(pieces.values()).flatMap((count, n) =>
    Array<number>(encoded[n].length).fill(count),
  );
  const pairs = new Map<number, Pair>();
  const risen = new Set<Pair>();
  const queue = heap<readonly [count: number, pair: Pair]>(
    ([countA, a], [countB, b]) => countA > countB || (countA === countB && a.key < b.key),
  );
  const enqueue = (pair: Pair) => {
    if (pair.count >= options.minFrequency) queue.push([pair.count, pair]);
  };
  const rise = (left: number, right: number, k: number) => {
    const key = pairKey(left, right);
    let pair = pairs.get(key);
    if (!pair) pairs.set(key, (pair = { key, count: 0, positions: [] }));
    pair.count += weights[k];
    pair.positions.push(k);
    risen.add(pair);
  };
  const fall = (left: number, right: number, k: number) => {
    pairs.get(pairKey(left, right))!.count -= weights[k];
  };

  ids.forEach((id, k) => next[k] >= 0 && rise(id, ids[next[k]], k));
  const merges: Merge[] = [];
  const lengths: number[] = Array(256).fill(1);
  while (merges.length < options.numMerges) {
    risen.forEach(enqueue);
    risen.clear();
    const top = queue.pop();
    if (!top) break;
    const [count, pair] = top;
    if (count !== pair.count) {
      enqueue(pair);
      continue;
    }
    const [left, right] = unpackPair(pair.key);
    const length = lengths[left] + lengths[right];
    if (length > MAX_TOKEN_BYTES) continue;
    const merged = lengths.push(length) - 1;
    merges.push([left, right]);
    for (const k of pair.positions) {
      const r = next[k];
      if (ids[k] !== left || r < 0 || ids[r] !== right) continue;
      const [p, n] = [previous[k], next[r]];
      fall(left, right, k);
      if (p >= 0) {
        fall(ids[p], left, k);
        rise(ids[p], merged, p);
      }
      if (n >= 0) {
        fall(right, ids[n], k);
        rise(merged, ids[n], k);
      }
      join(k, merged);
    }
    pairs.delete(pair.key);
  }
  return merges;
}
