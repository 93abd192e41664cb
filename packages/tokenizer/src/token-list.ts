/** Tokens in a linked list over the byte positions they begin at, so that two neighbours join in O(1). */

/** Bytes as tokens. A neighbour is −1 at the border of a piece, and beside a byte that is never joined. */
export class TokenList {
  /** The id of the token that begins here, −1 inside a token. */
  readonly ids: Int32Array;
  readonly next: Int32Array;
  readonly previous: Int32Array;

  /** @param fixedBytes The bytes that are never joined with another. */
  constructor(pieces: readonly Uint8Array[], fixedBytes?: ReadonlySet<number>) {
    const size = pieces.reduce((sum, bytes) => sum + bytes.length, 0);
    this.ids = new Int32Array(size);
    this.next = new Int32Array(size).fill(-1);
    this.previous = this.next.slice();
    let k = 0;
    for (const bytes of pieces) {
      this.ids.set(bytes, k);
      for (let b = 0; b < bytes.length; b++, k++) {
        if (b === 0 || fixedBytes?.has(bytes[b]) || fixedBytes?.has(bytes[b - 1])) continue;
        this.next[k - 1] = k;
        this.previous[k] = k - 1;
      }
    }
  }

  /** Makes the token at `k` and the one behind it the token `id`. */
  join(k: number, id: number): void {
    const right = this.next[k];
    const behind = this.next[right];
    this.ids[k] = id;
    this.ids[right] = -1;
    this.next[k] = behind;
    if (behind >= 0) this.previous[behind] = k;
  }
}
