import { expect, it } from 'vitest';
import { describeTokenizer } from './testing/tokenizer-contract';
import { WordTokenizer } from './word-tokenizer';

describeTokenizer('WordTokenizer', {
  fit: (texts, specialTokens) => WordTokenizer.fit(texts, { specialTokens }),
});

const segmentsOf = (text: string) => {
  const tokenizer = WordTokenizer.fit(text);
  return Array.from(tokenizer.encode(text), (id) => tokenizer.vocabulary[id]);
};

it('cuts into words, with their apostrophes, and single other characters', () => {
  expect(segmentsOf("Zoë's  1st (don’t!)\n")).toEqual([
    "Zoë's",
    ' ',
    ' ',
    '1st',
    ' ',
    '(',
    'don’t',
    '!',
    ')',
    '\n',
  ]);
  expect(segmentsOf("'e\u0301tude' a-b_c 👩‍🚀")).toEqual([
    "'",
    'e\u0301tude',
    "'",
    ' ',
    'a',
    '-',
    'b',
    '_',
    'c',
    ' ',
    '👩',
    '\u200d',
    '🚀',
  ]);
  expect(segmentsOf('\ud83da\ude00')).toEqual(['\ud83d', 'a', '\ude00']);
});

it('cuts what has no end, so that no text is too long', () => {
  const endless = '中'.repeat(5_000_000);
  const tokenizer = WordTokenizer.fit(endless);
  expect(tokenizer.vocabulary.map((token) => token.length)).toEqual([5, 5, 999]); // 5,000,000 = 5005·999 + 5
  expect(tokenizer.decode(tokenizer.encode(endless)) === endless).toBe(true);
});

it('leaves rare segments out, the last in code-point order first', () => {
  const text = 'c b a b a c d d d';
  expect(WordTokenizer.fit(text, { minFrequency: 3 }).vocabulary).toEqual(['<UNK>', ' ', 'd']);
  const limited = WordTokenizer.fit(text, { maxVocabSize: 5 });
  expect(limited.vocabulary).toEqual(['<UNK>', ' ', 'a', 'b', 'd']);
  expect(limited.decode(limited.encode(text))).toBe('<UNK> b a b a <UNK> d d d');
  expect(WordTokenizer.fit(text, { maxVocabSize: 99 }).vocabSize).toBe(6);
  // A special token needs no room among the symbols, though it is one of them.
  const lines = { maxVocabSize: 3, unknown: 'skip', specialTokens: { endOfLine: '\n' } } as const;
  expect(WordTokenizer.fit('a\na\nb\n', lines).vocabulary).toEqual(['\n', 'a', 'b']);
});

it('names the unknown segment and where it stands', () => {
  const strict = WordTokenizer.fit('to be', { unknown: 'error' });
  expect(() => strict.encode('to 🦕 be')).toThrow(
    'WordTokenizer.encode: segment "🦕" (U+1F995) at index 3 of the text is not in the vocabulary of 3 tokens.',
  );
  expect(() => strict.encode('be no')).toThrow('segment "no" (U+006E U+006F) at index 3');
});

it('refuses impossible limits and empty texts', () => {
  expect(() => WordTokenizer.fit('a', { minFrequency: 0 })).toThrow(
    'WordTokenizer.fit: minFrequency is 0, expected an integer from 1 to',
  );
  expect(() => WordTokenizer.fit('a', { maxVocabSize: 1 })).toThrow(
    'WordTokenizer.fit: maxVocabSize is 1, expected an integer from 2 to',
  );
  expect(() => WordTokenizer.fit(['', ''])).toThrow(
    'WordTokenizer.fit: text is "", expected something to learn from.',
  );
  expect(() => WordTokenizer.fit(null as never)).toThrow(
    'WordTokenizer.fit: text is null, expected a string or several.',
  );
  expect(() => WordTokenizer.fit(['a', 3] as never)).toThrow('text is 3, expected a string or several.');
});
