/**
 * The common part of the tokenizers that work on bytes: no text is unknown to them.
 *
 *   ids 0 … 255       the bytes
 *   ids 256 …         longer tokens, each a sequence of bytes (BPE)
 *   ids behind these  special tokens, in the order padding, start, endOfLine
 *
 * A special token of one byte, such as '\n', is that byte and shares its id. Bytes are WTF-8 (wtf8.ts), so
 * decode(encode(text)) = text for every string there is.
 */
import { BaseTokenizer, type TokenReader } from './base-tokenizer';
import { expectThat } from './input-checks';
import { checkSpecialTokens } from './special-tokens';
import type { SpecialTokens } from './tokenizer';
import { decodeWtf8, encodeWtf8, wtf8Decoder } from './wtf8';

/** Special tokens of a tokenizer to which nothing is unknown. */
export type ByteSpecialTokens = Omit<SpecialTokens, 'unknown'>;

/** Options of a byte-level tokenizer. */
export interface ByteTokenizerOptions {
  /** Texts of the special tokens; none by default. */
  specialTokens?: ByteSpecialTokens;
}

/** The 256 tokens that are one byte. */
export function singleBytes(): number[][] {
  return Array.from({ length: 256 }, (_, byte) => [byte]);
}

/** The text of a token, or `<0xE2><0x80>` when its bytes are no text by themselves. */
function textOf(bytes: readonly number[]): string {
  const text = decodeWtf8(bytes);
  return `${encodeWtf8(text)}` === `${bytes}`
    ? text
    : bytes.map((byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`).join('');
}

/** A tokenizer whose tokens are sequences of bytes. */
export abstract class ByteLevelTokenizer extends BaseTokenizer {
  readonly #bytesOf: readonly (readonly number[])[];

  /** @param bytesOf The bytes of every token but the special ones. */
  protected constructor(
    name: string,
    bytesOf: readonly (readonly number[])[],
    { specialTokens }: ByteTokenizerOptions,
  ) {
    const where = `${name}: specialTokens`;
    const tokens = checkSpecialTokens(where, specialTokens);
    expectThat(tokens.unknown === undefined, `${where}.unknown`, tokens.unknown, 'none: no byte is unknown.');
    const vocabulary = bytesOf.map(textOf);
    super(name, vocabulary, tokens, (text) => {
      const bytes = encodeWtf8(text);
      return bytes.length === 1 ? bytes[0] : vocabulary.push(text) - 1;
    });
    this.#bytesOf = bytesOf;
  }

  /** @internal */
  protected createReader(): TokenReader {
    const { push, flush } = wtf8Decoder();
    const read = (id: number) => {
      const bytes = this.#bytesOf[id];
      if (!bytes) return flush() + this.vocabulary[id];
      let text = '';
      for (const byte of bytes) text += push(byte);
      return text;
    };
    return { read, end: flush };
  }
}
