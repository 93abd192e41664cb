/** Tokens in a linked list over the byte positions they begin at, so that two neighbours join in O(1). */

/** A neighbour is −1 at the border of a piece, and beside a byte that is never joined. */
export interface TokenList {
  /** The id of the token that begins here, −1 inside a token. */
  readonly ids: Int32Array;
  readonly next: Int32Array;
  readonly previous: Int32Array;
  /** Makes the token at `k` and the one behind it the token `id`. */
  join(k: number, id: number): void;
}

/**
 * Bytes as tokens.
 *
 * @param fixedBytes The bytes that are never joined with another.
 */
export function tokenList(pieces: readonly Uint8Array[], fixedBytes?: ReadonlySet<number>): TokenList {
  const ids = new Int32Array(pieces.reduce((sum, bytes) => sum + bytes.length, 0));
  const next = ids.map(() => -1);
  const previous = next.slice();
  let k = 0;
  for (const bytes of pieces) {
    for (let b = 0; b < bytes.length; b++, k++) {
      ids[k] = bytes[b];
      if (b === 0 || fixedBytes?.has(bytes[b]) || fixedBytes?.has(bytes[b - 1])) continue;
      next[k - 1] = k;
      previous[k] = k - 1;
    }
  }
  const join = (left: number, id: number): void => {
    const right = next[left];
    const behind = next[right];
    ids[left] = id;
    ids[right] = -1;
    next[left] = behind;
    if (behind >= 0) previous[behind] = left;
  };
  return { ids, next, previous, join };
}
