/**
 * Byte-level byte pair encoding: starts from the 256 bytes, so nothing is unknown, and joins what often stands
 * together into longer tokens (Gage 1994; Sennrich, Haddow & Birch 2016; on bytes: Radford et al. 2019, GPT-2).
 *
 *   split 'words'  the text is first cut into pieces, and no token crosses a cut: letters with marks, digits,
 *                  or other signs, each run (of at most 999) with the space in front of it; other white space
 *   split 'none'   merges may join anything within one text, spaces and all
 *
 * GPT-2's rule is the model for 'words'; its English contractions are left out.
 * Ids: bytes 0 … 255, merge r is 256 + r, then the special tokens. A special token of one byte, such as
 * endOfLine '\n', is that byte, and no merge contains it: its id stands for every such byte of the text.
 */
import { applyMerges, MAX_MERGES, pairKey, type Merge } from './bpe-merges';
import { learnMerges, MAX_TOKEN_BYTES } from './bpe-training';
import {
  ByteLevelTokenizer,
  singleBytes,
  type ByteSpecialTokens,
  type ByteTokenizerOptions,
} from './byte-level-tokenizer';
import { eachText, expectChoice, expectInteger, expectJSON, expectThat } from './input-checks';
import type { TextSource } from './tokenizer';
import { encodeWtf8 } from './wtf8';

/** Where tokens may not cross. */
export type BpeSplit = 'words' | 'none';

/** Options of the {@link BpeTokenizer} constructor, which takes ready merges. */
export interface BpeTokenizerOptions extends ByteTokenizerOptions {
  /** Pairs of ids; merge r may use the ids below 256 + r. At most 2²⁰. */
  merges: readonly Merge[];
  /** Default `'words'`. */
  split?: BpeSplit;
}

/** Options of {@link BpeTokenizer.fit}. */
export interface BpeTokenizerFitOptions extends ByteTokenizerOptions {
  /** How many merges to learn, 0 to 2²⁰; fewer when the text has no more. Default 500. */
  numMerges?: number;
  /** Pairs that are rarer are not merged. Integer ≥ 1, default 2. */
  minFrequency?: number;
  /** Default `'words'`. */
  split?: BpeSplit;
}

/** JSON form of a {@link BpeTokenizer}. */
export interface BpeTokenizerJSON {
  readonly type: 'bpe';
  readonly version: 1;
  readonly split: BpeSplit;
  readonly specialTokens: Readonly<ByteSpecialTokens>;
  readonly merges: readonly Merge[];
}

const NAME = 'BpeTokenizer';
// Bounded, because a matcher's stack is: a run of some million letters would overflow it.
const PIECE = / ?[\p{L}\p{M}]{1,999}| ?\p{N}{1,999}| ?[^\s\p{L}\p{M}\p{N}]{1,999}|\s{1,999}(?!\S)|\s/gu;

/** The pieces of `text`: put together, they are the text. */
function piecesOf(text: string, split: BpeSplit): readonly string[] {
  return (split === 'words' ? text.match(PIECE) : text && [text]) || [];
}

/**
 * A trainable tokenizer of byte sequences.
 *
 * @example
 * ```ts
 * import { BpeTokenizer } from '@rnnlab/tokenizer';
 *
 * const tokenizer = BpeTokenizer.fit('low low lower lowest', { numMerges: 3 });
 * console.log(tokenizer.vocabulary.slice(256)); // [ 'lo', 'low', ' low' ]
 * console.log(tokenizer.encode('low low')); // Int32Array(2) [ 257, 258 ]
 * console.log(tokenizer.decode(tokenizer.encode('any 🦕 at all'))); // any 🦕 at all
 * ```
 */
export class BpeTokenizer extends ByteLevelTokenizer {
  readonly type = 'bpe';
  /** The pairs of ids that are joined, in order. */
  readonly merges: readonly Merge[];
  /** Where tokens may not cross. */
  readonly split: BpeSplit;
  readonly #rankOf = new Map<number, number>();

  /**
   * Takes ready merges; {@link BpeTokenizer.fit} learns them from text.
   *
   * @throws {@link TokenizerError} when a merge uses an id that is not there yet or a special token, when it
   *   comes twice, or when it makes a token of more than 65,536 bytes.
   */
  constructor(options: BpeTokenizerOptions) {
    const { merges, split = 'words' } = options;
    super(NAME, bytesOfTokens(merges), options);
    this.merges = Object.freeze(merges.map(([left, right]) => Object.freeze([left, right] as const)));
    this.split = expectChoice(`${NAME}: split`, split, ['words', 'none']);
    const special = Object.values(this.specialIds);
    this.merges.forEach((merge, r) => {
      const key = pairKey(...merge);
      const fits = !this.#rankOf.has(key) && !merge.some((id) => special.includes(id));
      expectThat(fits, `${NAME}: merges[${r}]`, `${merge}`, 'a pair that is new and without special tokens.');
      this.#rankOf.set(key, r);
    });
  }

  /**
   * Learns merges from a text, or from several texts in any order.
   *
   * @throws {@link TokenizerError} when there is no text, or an option is impossible.
   */
  static fit(text: TextSource, options: BpeTokenizerFitOptions = {}): BpeTokenizer {
    const { numMerges = 500, minFrequency = 2, split = 'words', specialTokens } = options;
    expectInteger(`${NAME}.fit: numMerges`, numMerges, 0, MAX_MERGES);
    expectInteger(`${NAME}.fit: minFrequency`, minFrequency, 1);
    const plain = new BpeTokenizer({ merges: [], split, specialTokens }); // checks the other options
    const pieces = new Map<string, number>();
    for (const one of eachText(`${NAME}.fit`, text)) {
      for (const piece of piecesOf(one, split)) pieces.set(piece, (pieces.get(piece) ?? 0) + 1);
    }
    const fixedBytes = new Set(Object.values(plain.specialIds));
    return new BpeTokenizer({
      merges: learnMerges(pieces, { numMerges, minFrequency, fixedBytes }),
      split,
      specialTokens,
    });
  }

  /**
   * Reads what {@link BpeTokenizer.toJSON} wrote.
   *
   * @throws {@link TokenizerError} when it is anything else.
   */
  static fromJSON(json: unknown): BpeTokenizer {
    const keys = ['split', 'specialTokens', 'merges'];
    return new BpeTokenizer(expectJSON<BpeTokenizerJSON>(`${NAME}.fromJSON`, json, 'bpe', keys));
  }

  /** @internal */
  protected encodeText(text: string): Int32Array {
    const known = new Map<string, Int32Array>(); // most words of a long text come again
    const ids: number[] = [];
    for (const piece of piecesOf(text, this.split)) {
      let run = known.get(piece);
      if (!run) known.set(piece, (run = applyMerges(encodeWtf8(piece), this.#rankOf)));
      for (const id of run) ids.push(id);
    }
    return Int32Array.from(ids);
  }

  toJSON(): BpeTokenizerJSON {
    const { split, specialTokens, merges } = this;
    return { type: 'bpe', version: 1, split, specialTokens, merges };
  }
}

/** The bytes of the tokens 0 … 255 and of every merge. Throws for merges that cannot be. */
function bytesOfTokens(merges: readonly unknown[]): number[][] {
  const where = `${NAME}: merges`;
  const few = Array.isArray(merges) && merges.length <= MAX_MERGES;
  expectThat(few, where, merges, `an array of at most ${MAX_MERGES} pairs.`);
  const bytesOf = singleBytes();
  for (const [r, merge] of merges.entries()) {
    expectThat(Array.isArray(merge) && merge.length === 2, `${where}[${r}]`, merge, 'a pair of ids.');
    for (const id of merge) expectInteger(`${where}[${r}]`, id, 0, bytesOf.length - 1);
    const bytes = merge.flatMap((id) => bytesOf[id]);
    expectThat(
      bytes.length <= MAX_TOKEN_BYTES,
      `${where}[${r}]`,
      `${merge}`,
      `at most ${MAX_TOKEN_BYTES} bytes.`,
    );
    bytesOf.push(bytes);
  }
  return bytesOf;
}
