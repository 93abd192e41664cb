/**
 * The vocabulary of a text: special tokens first, in the order padding, unknown, start, endOfLine, then the
 * symbols of the text in code-point order. It depends on which symbols there are and how often, not on the
 * order of the texts.
 */
import { eachText, expectInteger } from './input-checks';
import { checkSpecialTokens } from './special-tokens';
import type { SymbolTokenizerOptions } from './symbol-tokenizer';
import type { SpecialTokens, TextSource, UnknownPolicy } from './tokenizer';

/** Options of `fit`, common to characters and words. */
export interface FitVocabularyOptions {
  /** What `encode` does with a symbol that is not in the vocabulary. Default `'token'`. */
  unknown?: UnknownPolicy;
  /** Texts of the special tokens. With `unknown: 'token'` the unknown token defaults to `'<UNK>'`. */
  specialTokens?: SpecialTokens;
}

/** Limits that leave rare symbols out. */
export interface VocabularyLimits {
  minFrequency?: number;
  maxVocabSize?: number;
}

/**
 * Orders strings by code points. The `<` of JavaScript compares UTF-16 units and would put U+1F600, whose
 * first unit is 0xD83D, before U+FF21.
 */
function compareCodePoints(a: string, b: string): number {
  for (let n = 0; n < a.length && n < b.length; n++) {
    // Equal so far, so n stands at the start of a code point in both, or at the low half of the same one.
    const order = a.codePointAt(n)! - b.codePointAt(n)!;
    if (order) return order;
  }
  return a.length - b.length;
}

/** Counts the symbols of all texts and makes them a vocabulary. */
export function fitVocabulary(
  name: string,
  source: TextSource,
  symbolsOf: (text: string) => Iterable<string>,
  options: FitVocabularyOptions,
  limits: VocabularyLimits = {},
): Required<SymbolTokenizerOptions> {
  const where = `${name}.fit`;
  const { unknown = 'token' } = options;
  const { minFrequency = 1, maxVocabSize } = limits;
  expectInteger(`${where}: minFrequency`, minFrequency, 1);
  const asked = { ...options.specialTokens };
  if (unknown === 'token') asked.unknown ??= '<UNK>';
  const specialTokens = checkSpecialTokens(`${where}: specialTokens`, asked);
  const specials = Object.values(specialTokens) as string[];
  if (maxVocabSize !== undefined) expectInteger(`${where}: maxVocabSize`, maxVocabSize, specials.length + 1);

  const counts = new Map<string, number>();
  for (const text of eachText(where, source)) {
    for (const symbol of symbolsOf(text)) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  }
  for (const special of specials) counts.delete(special);
  const symbols = [...counts]
    .filter(([, count]) => count >= minFrequency)
    .sort(([a, countA], [b, countB]) => countB - countA || compareCodePoints(a, b))
    .slice(0, maxVocabSize && maxVocabSize - specials.length)
    .map(([symbol]) => symbol);
  return { vocabulary: [...specials, ...symbols.sort(compareCodePoints)], unknown, specialTokens };
}
