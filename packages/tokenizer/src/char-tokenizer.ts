/**
 * One token a character: the tokenizer of character-level language models (Karpathy 2015).
 *
 *   'codePoint'  a character is a Unicode code point; "é" written as e + U+0301 is two, a lone surrogate is one
 *   'grapheme'   a character is what a reader sees as one (UAX #29), e.g. "👩‍🚀" or "e + U+0301"
 *
 * Vocabulary: special tokens, then the characters in code-point order. Text is taken as it is: no Unicode
 * normalisation, no lower-casing; do that before, on the texts for `fit` and for `encode` alike.
 * Graphemes need `Intl.Segmenter` (every engine since 2024), and depend on the Unicode version it knows: an older
 * one may split a newer emoji.
 */
import { fitVocabulary, type FitVocabularyOptions } from './fit-vocabulary';
import { graphemes } from './graphemes';
import { expectChoice, expectJSON, expectThat } from './input-checks';
import { SymbolTokenizer, type SymbolTokenizerOptions } from './symbol-tokenizer';
import type { SpecialTokens, TextSource, UnknownPolicy } from './tokenizer';

/** What one character is. */
export type Segmentation = 'codePoint' | 'grapheme';

/** Options of the {@link CharTokenizer} constructor, which takes a ready vocabulary. */
export interface CharTokenizerOptions extends SymbolTokenizerOptions {
  /** Default `'codePoint'`. */
  segmentation?: Segmentation;
}

/** Options of {@link CharTokenizer.fit}. */
export interface CharTokenizerFitOptions extends FitVocabularyOptions {
  /** Default `'codePoint'`. */
  segmentation?: Segmentation;
}

/** JSON form of a {@link CharTokenizer}. */
export interface CharTokenizerJSON {
  readonly type: 'char';
  readonly version: 1;
  readonly segmentation: Segmentation;
  readonly unknown: UnknownPolicy;
  readonly specialTokens: Readonly<SpecialTokens>;
  readonly vocabulary: readonly string[];
}

const NAME = 'CharTokenizer';

/** The characters of `text`. Strings iterate by code points. */
function characters(text: string, segmentation: Segmentation): Iterable<string> {
  return segmentation === 'grapheme' ? graphemes(text) : text;
}

/**
 * A tokenizer with one id a character.
 *
 * @example
 * ```ts
 * import { CharTokenizer } from '@rnnlab/tokenizer';
 *
 * const tokenizer = CharTokenizer.fit('abba\n', { specialTokens: { endOfLine: '\n' } });
 * console.log(tokenizer.vocabulary); // [ '<UNK>', '\n', 'a', 'b' ]
 * console.log(tokenizer.encode('bad')); // Int32Array(3) [ 3, 2, 0 ]
 * console.log(tokenizer.decode([3, 2, 3])); // bab
 * ```
 */
export class CharTokenizer extends SymbolTokenizer {
  readonly type = 'char';
  /** What one character is. */
  readonly segmentation: Segmentation;

  /**
   * Takes a ready vocabulary, in the order of the ids; {@link CharTokenizer.fit} makes one from text.
   *
   * @throws {@link TokenizerError} when a token is empty, there twice, or more than one code point (unless it
   *   is a special token or `segmentation` is `'grapheme'`), and when a special token is not among them.
   */
  constructor(options: CharTokenizerOptions) {
    super(NAME, 'character', options);
    const { segmentation = 'codePoint' } = options;
    this.segmentation = expectChoice(`${NAME}: segmentation`, segmentation, ['codePoint', 'grapheme']);
    const specials = Object.values(this.specialIds);
    this.vocabulary.forEach((token, id) => {
      const fits = segmentation === 'grapheme' || [...token].length === 1 || specials.includes(id);
      expectThat(fits, `${NAME}: vocabulary[${id}]`, token, 'one code point or a special token.');
    });
  }

  /**
   * Collects the characters of a text, or of several texts in any order.
   *
   * @throws {@link TokenizerError} when there is no text, or an option is impossible.
   */
  static fit(text: TextSource, options: CharTokenizerFitOptions = {}): CharTokenizer {
    const { segmentation = 'codePoint' } = options;
    const fitted = fitVocabulary(NAME, text, (one) => characters(one, segmentation), options);
    return new CharTokenizer({ ...fitted, segmentation });
  }

  /**
   * Reads what {@link CharTokenizer.toJSON} wrote.
   *
   * @throws {@link TokenizerError} when it is anything else.
   */
  static fromJSON(json: unknown): CharTokenizer {
    const keys = ['segmentation', 'unknown', 'specialTokens', 'vocabulary'];
    return new CharTokenizer(expectJSON<CharTokenizerJSON>(`${NAME}.fromJSON`, json, 'char', keys));
  }

  /** @internal */
  protected symbols(text: string): Iterable<string> {
    return characters(text, this.segmentation);
  }

  toJSON(): CharTokenizerJSON {
    const { segmentation, unknown, specialTokens, vocabulary } = this;
    return { type: 'char', version: 1, segmentation, unknown, specialTokens, vocabulary };
  }
}
