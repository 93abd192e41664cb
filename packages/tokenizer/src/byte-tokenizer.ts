/**
 * One token a byte of the text in UTF-8 (WTF-8 for lone surrogates, see wtf8.ts): 256 ids and the special
 * tokens, nothing to learn, nothing unknown. Text outside ASCII costs two to four tokens a character.
 */
import {
  ByteLevelTokenizer,
  singleBytes,
  type ByteSpecialTokens,
  type ByteTokenizerOptions,
} from './byte-level-tokenizer';
import { expectJSON } from './input-checks';
import type { TextSource } from './tokenizer';
import { encodeWtf8 } from './wtf8';

/** JSON form of a {@link ByteTokenizer}. */
export interface ByteTokenizerJSON {
  readonly type: 'byte';
  readonly version: 1;
  readonly specialTokens: Readonly<ByteSpecialTokens>;
}

const NAME = 'ByteTokenizer';

/**
 * A tokenizer with one id a byte.
 *
 * @example
 * ```ts
 * import { ByteTokenizer } from '@rnnlab/tokenizer';
 *
 * const tokenizer = new ByteTokenizer({ specialTokens: { endOfLine: '\n', padding: '<PAD>' } });
 * console.log(tokenizer.encode('é\n')); // Int32Array(3) [ 195, 169, 10 ]
 * console.log(tokenizer.specialIds); // { padding: 256, endOfLine: 10 }
 * ```
 */
export class ByteTokenizer extends ByteLevelTokenizer {
  readonly type = 'byte';

  /** @throws {@link TokenizerError} when a special token is impossible. */
  constructor(options: ByteTokenizerOptions = {}) {
    super(NAME, singleBytes(), options);
  }

  /** The same as the constructor, for code that fits any kind of tokenizer: the text is not read. */
  static fit(_text: TextSource, options: ByteTokenizerOptions = {}): ByteTokenizer {
    return new ByteTokenizer(options);
  }

  /**
   * Reads what {@link ByteTokenizer.toJSON} wrote.
   *
   * @throws {@link TokenizerError} when it is anything else.
   */
  static fromJSON(json: unknown): ByteTokenizer {
    return new ByteTokenizer(
      expectJSON<ByteTokenizerJSON>(`${NAME}.fromJSON`, json, 'byte', ['specialTokens']),
    );
  }

  /** @internal */
  protected encodeText(text: string): Int32Array {
    return Int32Array.from(encodeWtf8(text));
  }

  toJSON(): ByteTokenizerJSON {
    return { type: 'byte', version: 1, specialTokens: this.specialTokens };
  }
}
