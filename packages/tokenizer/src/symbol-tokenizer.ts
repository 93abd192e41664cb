/**
 * The common part of the tokenizers whose tokens are pieces of the text itself: characters and words.
 *
 *   encode: text → symbols s₁ s₂ … → ids of the symbols in the vocabulary, else the policy for the unknown
 *   decode: ids → symbols, written one after the other
 *
 * The symbols of a text, put together, are the text; so decode(encode(text)) = text whenever all symbols are
 * known. Tokens are looked up in a `Map`: a symbol called "__proto__" is a symbol like any other.
 */
import { BaseTokenizer, type TokenReader } from './base-tokenizer';
import { TokenizerError } from './errors';
import { describe, expectChoice, expectThat } from './input-checks';
import { checkSpecialTokens } from './special-tokens';
import type { SpecialTokens, UnknownPolicy } from './tokenizer';

/** What defines a character or word tokenizer. */
export interface SymbolTokenizerOptions {
  /** The text of every id, all different and none empty; contains the special tokens. */
  vocabulary: readonly string[];
  /** Default `'token'`. */
  unknown?: UnknownPolicy;
  /** Each must be in the vocabulary. `unknown` is needed with the policy `'token'` and refused with others. */
  specialTokens?: SpecialTokens;
}

/** 'U+0065 U+0301' for "é" in two code points; the first nine of a long symbol. */
function codePoints(symbol: string): string {
  const names = Array.from(
    symbol,
    (c) => `U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`,
  );
  return names.slice(0, 9).join(' ');
}

/** Token → id. Throws for tokens that cannot be. */
function idsByToken(name: string, vocabulary: readonly unknown[]): Map<string, number> {
  expectThat(Array.isArray(vocabulary), `${name}: vocabulary`, vocabulary, 'an array of strings.');
  const idOf = new Map<string, number>();
  for (const [id, token] of vocabulary.entries()) {
    const where = `${name}: vocabulary[${id}]`;
    expectThat(typeof token === 'string' && !!token, where, token, 'a string that is not empty.');
    const first = idOf.get(token);
    expectThat(first === undefined, where, token, `another token than vocabulary[${first}].`);
    idOf.set(token, id);
  }
  return idOf;
}

/** A tokenizer whose tokens are pieces of the text. */
export abstract class SymbolTokenizer extends BaseTokenizer {
  /** What happens to symbols that are not in the vocabulary. */
  readonly unknown: UnknownPolicy;
  readonly #idOf: ReadonlyMap<string, number>;
  readonly #noun: string;

  /** @param noun What a message calls one symbol. */
  protected constructor(name: string, noun: string, options: SymbolTokenizerOptions) {
    const { vocabulary, unknown = 'token', specialTokens } = options;
    const idOf = idsByToken(name, vocabulary);
    const where = `${name}: specialTokens`;
    const tokens = checkSpecialTokens(where, specialTokens);
    super(name, [...vocabulary], tokens, (text) => {
      expectThat(idOf.has(text), where, text, 'a token of the vocabulary.');
      return idOf.get(text)!;
    });
    this.unknown = expectChoice(`${name}: unknown`, unknown, ['token', 'skip', 'error']);
    const fits = (tokens.unknown !== undefined) === (unknown === 'token');
    expectThat(
      fits,
      `${where}.unknown`,
      tokens.unknown,
      "a token with unknown: 'token' and none with 'skip' or 'error'.",
    );
    this.#idOf = idOf;
    this.#noun = noun;
  }

  /**
   * The symbols of `text`: put together, they are the text.
   *
   * @internal
   */
  protected abstract symbols(text: string): Iterable<string>;

  /** @internal */
  protected encodeText(text: string, where: string): Int32Array {
    const ids = new Int32Array(text.length);
    let [count, index] = [0, 0];
    for (const symbol of this.symbols(text)) {
      const id = this.#idOf.get(symbol) ?? this.specialIds.unknown;
      if (id !== undefined) ids[count++] = id;
      else if (this.unknown === 'error') {
        throw new TokenizerError(
          `${where}: ${this.#noun} ${describe(symbol)} (${codePoints(symbol)}) at index ${index} of the text is not in ` +
            `the vocabulary of ${this.vocabSize} tokens. Fit on text that contains it, or choose unknown: 'token' or 'skip'.`,
        );
      }
      index += symbol.length;
    }
    return ids.slice(0, count);
  }

  /** @internal */
  protected createReader(): TokenReader {
    return { read: (id) => this.vocabulary[id], end: () => '' };
  }
}
