/**
 * Tells one corpus from another of the same sizes, so that a saved run does not go on with the wrong text.
 *
 *   h ← (h XOR x) · 16777619 mod 2³²          for every x: token ids, and the code units of the vocabulary
 *
 * FNV-1a (Fowler, Noll & Vo 1991) with a whole number where the original takes a byte: one multiplication a token.
 * Every step is a bijection of h, so two corpora that differ in one token never agree; others do with probability
 * 2⁻³². It guards against mistakes, not against somebody who wants the same hash.
 */

/** 2³²/φ, no token id. Not −1: to flip all bits and to flip one gives the same in either order. */
const endMark = 0x9e3779b9;

/** The hash of everything added so far. Corpora that come in pieces are added piece by piece. */
export class ContentHash {
  #hash = 0x811c9dc5;

  add(values: Iterable<number>): this {
    let hash = this.#hash;
    for (const value of values) hash = Math.imul(hash ^ value, 0x01000193);
    this.#hash = hash;
    return this;
  }

  /** Marks the end of a sequence, so that a boundary cannot move unnoticed. */
  end(): this {
    return this.add([endMark]);
  }

  /** Eight hexadecimal digits. */
  toString(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0');
  }
}

/** With which a content hash begins; ids follow. */
export function vocabularyHash(vocabulary: readonly string[]): ContentHash {
  const hash = new ContentHash();
  for (const token of vocabulary) hash.add(Array.from(token, (c) => c.codePointAt(0)!)).end();
  return hash;
}

/** Of the vocabulary too: `abc` and `bcd` have the same ids, each in its own alphabet. */
export function contentHash(
  vocabulary: readonly string[],
  splits: Iterable<readonly Int32Array[]>,
): ContentHash {
  const hash = vocabularyHash(vocabulary);
  for (const sequences of splits) {
    for (const ids of sequences) hash.add(ids).end();
    hash.end();
  }
  return hash;
}
