/**
 * The common part of the tokenizers whose tokens are pieces of the text itself: characters and words.
 *
 *   encode: text → symbols s₁ s₂ … → ids of the symbols in the vocabulary, else the policy for the unknown
 *   decode: ids → symbols, written one after the other
 *
 * The symbols of a text, put together, are the text; so decode(encode(text)) = text whenever all symbols are
 * known. Tokens are looked up in a `Map`: a symbol called "__proto__" is a symbol like any other.
 */
import { TokenizerError } from './errors';
import { describe, expectChoice, expectThat } from './input-checks';
import { checkSpecialTokens, checkUnknownToken, specialIdsOf } from './special-tokens';
import { decodeAll, streamingDecoder, type TokenReader } from './streaming-decoder';
import type { SpecialIds, SpecialTokens, StreamingDecoder, Tokenizer, UnknownPolicy } from './tokenizer';

/** What defines a character or word tokenizer. */
export interface SymbolTokenizerOptions {
  /** The text of every id, all different and none empty; contains the special tokens. */
  vocabulary: readonly string[];
  /** Default `'token'`. */
  unknown?: UnknownPolicy;
  /** Each must be in the vocabulary. `unknown` is needed with the policy `'token'` and refused with others. */
  specialTokens?: SpecialTokens;
}

/** A tokenizer whose tokens are pieces of the text. */
export abstract class SymbolTokenizer implements Tokenizer {
  abstract readonly type: 'char' | 'word';
  readonly vocabulary: readonly string[];
  readonly specialIds: SpecialIds;
  /** What happens to symbols that are not in the vocabulary. */
  readonly unknown: UnknownPolicy;
  /** The texts of the special tokens. */
  readonly specialTokens: Readonly<SpecialTokens>;
  readonly #idOf = new Map<string, number>();
  readonly #name: string;

  protected constructor(name: string, options: SymbolTokenizerOptions) {
    const { vocabulary, unknown = 'token', specialTokens = {} } = options;
    expectThat(Array.isArray(vocabulary), `${name}: vocabulary`, vocabulary, 'an array of strings.');
    vocabulary.forEach((token: unknown, id) => {
      const path = `${name}: vocabulary[${id}]`;
      expectThat(typeof token === 'string' && token !== '', path, token, 'a string that is not empty.');
      const first = this.#idOf.get(token);
      if (first !== undefined) {
        throw new TokenizerError(
          `${path} is ${describe(token)} like vocabulary[${first}]. Every token must be there once.`,
        );
      }
      this.#idOf.set(token, id);
    });
    this.#name = name;
    this.vocabulary = Object.freeze([...vocabulary]);
    this.unknown = expectChoice(`${name}: unknown`, unknown, ['token', 'skip', 'error']);
    this.specialTokens = Object.freeze(checkSpecialTokens(name, specialTokens));
    checkUnknownToken(name, unknown, specialTokens);
    this.specialIds = specialIdsOf(this.specialTokens, (text) => {
      const id = this.#idOf.get(text);
      if (id === undefined) {
        throw new TokenizerError(
          `${name}: the special token ${describe(text)} is not in the vocabulary. Add it.`,
        );
      }
      return id;
    });
  }

  /** The symbols of `text`: put together, they are the text. */
  protected abstract symbols(text: string): Iterable<string>;

  /** What a symbol is called in a message, e.g. `character "é" (U+00E9)`. */
  protected abstract describeSymbol(symbol: string): string;

  get vocabSize(): number {
    return this.vocabulary.length;
  }

  encode(text: string): Int32Array {
    expectThat(typeof text === 'string', `${this.#name}.encode: text`, text, 'a string.');
    const ids = new Int32Array(text.length);
    let count = 0;
    let index = 0;
    for (const symbol of this.symbols(text)) {
      const id = this.#idOf.get(symbol) ?? this.#unknownId(symbol, index);
      if (id !== undefined) ids[count++] = id;
      index += symbol.length;
    }
    return ids.slice(0, count);
  }

  #unknownId(symbol: string, index: number): number | undefined {
    if (this.unknown !== 'error') return this.specialIds.unknown;
    throw new TokenizerError(
      `${this.#name}.encode: ${this.describeSymbol(symbol)} at index ${index} of the text is not in the vocabulary ` +
        `of ${this.vocabSize} tokens. Fit on text that contains it, or choose unknown: 'token' or 'skip'.`,
    );
  }

  #reader(): TokenReader {
    return { read: (id) => this.vocabulary[id], end: () => '' };
  }

  decode(ids: ArrayLike<number>): string {
    return decodeAll(this.#name, this.vocabSize, this.#reader(), ids);
  }

  createDecoder(): StreamingDecoder {
    return streamingDecoder(this.#name, this.vocabSize, this.#reader());
  }

  abstract toJSON(): { readonly type: string; readonly version: 1 };
}
