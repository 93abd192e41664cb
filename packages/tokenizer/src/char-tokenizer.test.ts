import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { CharTokenizer } from './char-tokenizer';
import { TokenizerError } from './errors';
import { anyText, describeTokenizer } from './testing/tokenizer-contract';

describeTokenizer('CharTokenizer', {
  variant: 'of code points',
  fit: (texts, specialTokens) => CharTokenizer.fit(texts, { specialTokens }),
});
describeTokenizer('CharTokenizer', {
  variant: 'of graphemes',
  fit: (texts, specialTokens) => CharTokenizer.fit(texts, { specialTokens, segmentation: 'grapheme' }),
});

it('comes back from every string of known characters, in any arrangement', () => {
  fc.assert(
    fc.property(anyText, anyText, fc.infiniteStream(fc.nat({ max: 999 })), (text, more, draws) => {
      const characters = [...text, ...more];
      fc.pre(characters.length > 0);
      const tokenizer = CharTokenizer.fit([text, more, '\ud83d', '\ude00', '\u{1F600}'], {
        unknown: 'error',
      });
      const known = Array.from({ length: 30 }, () => characters[draws.next().value! % characters.length]);
      // Surrogates that meet are one other character, which may not be known.
      const arranged = known.join('').replace(/[\ud800-\udbff][\udc00-\udfff]/g, '\u{1F600}');
      expect(tokenizer.decode(tokenizer.encode(arranged))).toBe(arranged);
    }),
  );
});

it('puts special tokens first, then the characters in code-point order', () => {
  const tokenizer = CharTokenizer.fit(['b\u{1F600}a\n', 'Ａa\n'], {
    specialTokens: { endOfLine: '\n', padding: '<PAD>', start: '<BOS>' },
  });
  // U+FF21 comes before U+1F600, although its UTF-16 unit is larger than the first of the emoji.
  expect(tokenizer.vocabulary).toEqual(['<PAD>', '<UNK>', '<BOS>', '\n', 'a', 'b', 'Ａ', '\u{1F600}']);
  expect(tokenizer.specialIds).toEqual({ padding: 0, unknown: 1, start: 2, endOfLine: 3 });
  expect(tokenizer.vocabSize).toBe(8);
  expect([...tokenizer.encode('ab\n')]).toEqual([4, 5, 3]);
});

it('has no special token that nobody asked for', () => {
  expect(CharTokenizer.fit('hello\n', { unknown: 'error' }).vocabulary).toEqual(['\n', 'e', 'h', 'l', 'o']);
  expect(CharTokenizer.fit('hello\n', { unknown: 'skip' }).specialIds).toEqual({});
  expect(CharTokenizer.fit('ab', { specialTokens: { unknown: undefined } }).vocabulary).toEqual([
    '<UNK>',
    'a',
    'b',
  ]);
});

it('writes the unknown token, skips, or refuses, as told', () => {
  expect([...CharTokenizer.fit('ab').encode('aéb')]).toEqual([1, 0, 2]);
  expect(CharTokenizer.fit('ab').decode([1, 0, 2])).toBe('a<UNK>b');
  expect([...CharTokenizer.fit('ab', { unknown: 'skip' }).encode('aéb')]).toEqual([0, 1]);
  const strict = CharTokenizer.fit('ab', { unknown: 'error' });
  expect(() => strict.encode('abé')).toThrow(
    new TokenizerError(
      'CharTokenizer.encode: character "é" (U+00E9) at index 2 of the text is not in the vocabulary of 2 tokens. ' +
        "Fit on text that contains it, or choose unknown: 'token' or 'skip'.",
    ),
  );
  expect(() => strict.encode('a\u{1F600}')).toThrow('(U+1F600) at index 1');
  expect(() => strict.encode('a\ud83d')).toThrow('character "\\ud83d" (U+D83D) at index 1');
});

it('never makes a special token out of a text that only looks like it', () => {
  const tokenizer = CharTokenizer.fit('<UNK> pad\n', { specialTokens: { endOfLine: '\n', padding: 'pad' } });
  const ids = [...tokenizer.encode('<UNK> pad')];
  expect(ids).not.toContain(tokenizer.specialIds.unknown);
  expect(ids).not.toContain(tokenizer.specialIds.padding);
  expect(tokenizer.decode(ids)).toBe('<UNK> pad');
  expect([...tokenizer.encode('\n')]).toEqual([tokenizer.specialIds.endOfLine]);
});

it('takes graphemes as characters on request', () => {
  const text = 'e\u0301a👩‍🚀\r\n';
  const tokenizer = CharTokenizer.fit(text, { segmentation: 'grapheme', unknown: 'error' });
  expect(tokenizer.vocabulary).toEqual(['\r\n', 'a', 'e\u0301', '👩‍🚀']);
  expect([...tokenizer.encode(text)]).toEqual([2, 1, 3, 0]);
  expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  expect(() => tokenizer.encode('ae')).toThrow('character "e" (U+0065) at index 1');
  expect(() => tokenizer.encode('o\u0301')).toThrow('(U+006F U+0301) at index 0');
  expect(CharTokenizer.fit(text, { unknown: 'error' }).vocabSize).toBe(8);
});

it('treats names of object properties as any other token', () => {
  const tokenizer = new CharTokenizer({
    vocabulary: ['__proto__', 'constructor', 'a'],
    specialTokens: { unknown: '__proto__', padding: 'constructor' },
  });
  expect([...tokenizer.encode('ab')]).toEqual([2, 0]);
  expect(tokenizer.decode([0, 1])).toBe('__proto__constructor');
});

it('refuses a vocabulary that cannot be one', () => {
  const make = (options: object) => () =>
    new CharTokenizer({ vocabulary: ['a', '?'], unknown: 'skip', ...options });
  expect(make({ vocabulary: 'ab' })).toThrow(
    'CharTokenizer: vocabulary is "ab", expected an array of strings.',
  );
  expect(make({ vocabulary: ['a', 7] })).toThrow('vocabulary[1] is 7, expected a string that is not empty.');
  expect(make({ vocabulary: ['a', ''] })).toThrow(
    'vocabulary[1] is "", expected a string that is not empty.',
  );
  expect(make({ vocabulary: ['a', 'b', 'a'] })).toThrow(
    'vocabulary[2] is "a", expected another token than vocabulary[0].',
  );
  expect(make({ vocabulary: ['a', 'bc'] })).toThrow(
    'vocabulary[1] is "bc", expected one code point or a special token.',
  );
  expect(make({ unknown: 'guess' })).toThrow("unknown is \"guess\", expected 'token' or 'skip' or 'error'.");
  expect(make({ segmentation: 'line' })).toThrow(
    "segmentation is \"line\", expected 'codePoint' or 'grapheme'.",
  );
  expect(make({ unknown: 'token' })).toThrow(
    "specialTokens.unknown is undefined, expected a token with unknown: 'token' and none with 'skip' or 'error'.",
  );
  expect(make({ specialTokens: { unknown: '?' } })).toThrow(
    'specialTokens.unknown is "?", expected a token with',
  );
  expect(make({ specialTokens: { padding: '_' } })).toThrow(
    'specialTokens is "_", expected a token of the vocabulary.',
  );
  expect(make({ specialTokens: { padding: '?', start: '?' } })).toThrow(
    'specialTokens.start is "?", expected a text that no other special token has.',
  );
  expect(make({ specialTokens: { padding: '' } })).toThrow('specialTokens.padding is "", expected a string');
  expect(make({ specialTokens: { pad: '?' } })).toThrow(
    'specialTokens has a key that is "pad", expected one of padding, unknown, start, endOfLine.',
  );
});
