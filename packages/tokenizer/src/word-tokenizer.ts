/**
 * One token a word, a space or a sign.
 *
 *   word   a run of letters, marks and digits (Unicode L, M, N), with apostrophes inside: "don't", "Zoë", "1st"
 *   else   every other code point by itself: a space, a line end, a comma, an emoji, a lone surrogate
 *
 * A run is cut after 999 characters, and a word has at most nine apostrophes.
 * Nothing is dropped and nothing is added between two tokens, so decode(encode(text)) = text whenever all
 * segments are known. Text is taken as it is: no lower-casing, no Unicode normalisation.
 * Scripts that write no spaces (Chinese, Thai) have no words by this rule: take characters, bytes or BPE.
 *
 * Vocabulary: special tokens, then the segments in code-point order. When it is limited, the most frequent
 * segments stay; of equally frequent ones, those that come first in code-point order.
 */
import { fitVocabulary, type FitVocabularyOptions } from './fit-vocabulary';
import { expectJSON } from './input-checks';
import { SymbolTokenizer, type SymbolTokenizerOptions } from './symbol-tokenizer';
import type { SpecialTokens, TextSource, UnknownPolicy } from './tokenizer';

/** Options of {@link WordTokenizer.fit}. */
export interface WordTokenizerFitOptions extends FitVocabularyOptions {
  /** Segments that are rarer are left out. Integer ≥ 1, default 1. */
  minFrequency?: number;
  /** Most ids there may be, special tokens included. Integer ≥ 1, no limit by default. */
  maxVocabSize?: number;
}

/** JSON form of a {@link WordTokenizer}. */
export interface WordTokenizerJSON {
  readonly type: 'word';
  readonly version: 1;
  readonly unknown: UnknownPolicy;
  readonly specialTokens: Readonly<SpecialTokens>;
  readonly vocabulary: readonly string[];
}

const NAME = 'WordTokenizer';
// Bounded, because a matcher's stack is: a run of some million letters would overflow it.
const SEGMENT = /[\p{L}\p{M}\p{N}]{1,999}(?:['’][\p{L}\p{M}\p{N}]{1,999}){0,9}|[^]/gu;

function segments(text: string): Iterable<string> {
  return text.match(SEGMENT) ?? [];
}

/**
 * A tokenizer with one id a word, space or sign.
 *
 * @example
 * ```ts
 * import { WordTokenizer } from '@rnnlab/tokenizer';
 *
 * const tokenizer = WordTokenizer.fit('to be, or not to be');
 * console.log(tokenizer.vocabulary); // [ '<UNK>', ' ', ',', 'be', 'not', 'or', 'to' ]
 * console.log(tokenizer.decode(tokenizer.encode('not to see, to be'))); // not to <UNK>, to be
 * ```
 */
export class WordTokenizer extends SymbolTokenizer {
  readonly type = 'word';

  /**
   * Takes a ready vocabulary, in the order of the ids; {@link WordTokenizer.fit} makes one from text.
   *
   * @throws {@link TokenizerError} when a token is empty or there twice, or a special token is missing.
   */
  constructor(options: SymbolTokenizerOptions) {
    super(NAME, 'segment', options);
  }

  /**
   * Collects the segments of a text, or of several texts in any order.
   *
   * @throws {@link TokenizerError} when there is no text, or an option is impossible.
   */
  static fit(text: TextSource, options: WordTokenizerFitOptions = {}): WordTokenizer {
    return new WordTokenizer(fitVocabulary(NAME, text, segments, options, options));
  }

  /**
   * Reads what {@link WordTokenizer.toJSON} wrote.
   *
   * @throws {@link TokenizerError} when it is anything else.
   */
  static fromJSON(json: unknown): WordTokenizer {
    const keys = ['unknown', 'specialTokens', 'vocabulary'];
    return new WordTokenizer(expectJSON<WordTokenizerJSON>(`${NAME}.fromJSON`, json, 'word', keys));
  }

  /** @internal */
  protected symbols(text: string): Iterable<string> {
    return segments(text);
  }

  toJSON(): WordTokenizerJSON {
    const { unknown, specialTokens, vocabulary } = this;
    return { type: 'word', version: 1, unknown, specialTokens, vocabulary };
  }
}
