import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { BpeTokenizer } from './bpe-tokenizer';
import { anyText, describeTokenizer } from './testing/tokenizer-contract';

describeTokenizer('BpeTokenizer', {
  fit: (text, specialTokens) => BpeTokenizer.fit(text, { specialTokens, numMerges: 20 }),
  knowsEverything: true,
});

/** The merges of `text`, as texts. */
const learned = (text: string | string[], options: object) =>
  BpeTokenizer.fit(text, { split: 'none', ...options }).vocabulary.slice(256);

it('joins the most frequent pair first, of equals the one with the smaller ids', () => {
  // The words of Sennrich et al. 2016: e+s and s+t are equally frequent (9), 'e' < 's'.
  const words = [
    ...Array(5).fill('low'),
    ...Array(2).fill('lower'),
    ...Array(6).fill('newest'),
    ...Array(3).fill('widest'),
  ];
  expect(learned(words, { numMerges: 6 })).toEqual(['es', 'est', 'lo', 'low', 'ew', 'new']);
  expect(learned('aaabdaaabac', { numMerges: 3 })).toEqual(['aa', 'ab', 'aaab']);
});

it('stops at pairs that are too rare, and when there is nothing left to join', () => {
  expect(learned('abcabcab', { minFrequency: 3 })).toEqual(['ab']);
  expect(learned('abc', { minFrequency: 1 })).toEqual(['ab', 'abc']);
  expect(learned('abc', {})).toEqual([]);
  expect(learned('abab', { numMerges: 0 })).toEqual([]);
  expect(learned(['ab', 'ba'], { minFrequency: 2 })).toEqual([]); // nothing is joined across texts
});

it('joins inside words, numbers and signs with the space before them, but not across', () => {
  const text = 'the cat, the cat,  the cat 12 12!! '.repeat(9);
  const tokenizer = BpeTokenizer.fit(text);
  const pieces = Array.from(tokenizer.encode(text.slice(0, 35)), (id) => tokenizer.vocabulary[id]);
  expect(pieces).toEqual([
    'the',
    ' cat',
    ',',
    ' the',
    ' cat',
    ',',
    ' ',
    ' the',
    ' cat',
    ' 12',
    ' 12',
    '!!',
    ' ',
  ]);
  const across = BpeTokenizer.fit(text, { split: 'none' });
  expect(across.encode(text).length).toBeLessThan(9);
  expect(across.decode(across.encode(text))).toBe(text);
});

it('never joins a special token of one byte with anything', () => {
  const lines = 'ab\n\nab\n\nab\n\n';
  const tokenizer = BpeTokenizer.fit(lines, {
    split: 'none',
    specialTokens: { endOfLine: '\n', padding: '<P>' },
  });
  expect(tokenizer.vocabulary.slice(256)).toEqual(['ab', '<P>']);
  expect([...tokenizer.encode(lines)]).toEqual([256, 10, 10, 256, 10, 10, 256, 10, 10]);
  expect(BpeTokenizer.fit(lines, { split: 'none' }).vocabulary.slice(256)).toContain('ab\n\n');
});

it('learns what counting anew after every merge would learn, and encodes accordingly', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'ab', 'aa', 'c', 'é'), { maxLength: 60 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 3 }),
      (texts, minFrequency) => {
        fc.pre(texts.some((one) => one));
        const { merges, sequences } = trainNaively(texts, 12, minFrequency);
        const tokenizer = BpeTokenizer.fit(texts, { split: 'none', numMerges: 12, minFrequency });
        expect(tokenizer.merges).toEqual(merges);
        texts.forEach((one, n) => expect([...tokenizer.encode(one)]).toEqual(sequences[n]));
      },
    ),
    { numRuns: 300 },
  );
});

/** The definition: count all pairs of neighbours, join the best one everywhere from the left, repeat. */
function trainNaively(texts: string[], numMerges: number, minFrequency: number) {
  const merges: number[][] = [];
  let sequences = texts.map((text) => [...new TextEncoder().encode(text)]);
  while (merges.length < numMerges) {
    const counts = new Map<string, number>();
    for (const ids of sequences) {
      for (let k = 1; k < ids.length; k++) {
        const pair = `${ids[k - 1]},${ids[k]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    }
    const ranked = [...counts]
      .map(([pair, count]) => ({ pair: pair.split(',').map(Number), count }))
      .sort((a, b) => b.count - a.count || a.pair[0] - b.pair[0] || a.pair[1] - b.pair[1]);
    if (!ranked.length || ranked[0].count < minFrequency) break;
    const [left, right] = ranked[0].pair;
    const id = 256 + merges.push([left, right]) - 1;
    sequences = sequences.map((ids) => {
      const joined: number[] = [];
      for (let k = 0; k < ids.length; k++) {
        const fits = ids[k] === left && ids[k + 1] === right;
        joined.push(fits ? id : ids[k]);
        if (fits) k++;
      }
      return joined;
    });
  }
  return { merges, sequences };
}

it('keeps every string with tokens that cut characters apart', () => {
  // All of these begin with the bytes F0 9F A6, which become a token that is no text.
  const tokenizer = BpeTokenizer.fit('🦕🦖🦁🦊🦄', { split: 'none', numMerges: 3 });
  expect(tokenizer.vocabulary.slice(256)).toEqual(['<0x9F><0xA6>', '<0xF0><0x9F><0xA6>']);
  expect(BpeTokenizer.fit('\n€\n€', { numMerges: 1, split: 'none' }).vocabulary[256]).toBe('<0x0A><0xE2>');
  const ids = [...tokenizer.encode('🦕')];
  expect(ids).toEqual([257, 0x95]);
  const decoder = tokenizer.createDecoder();
  expect(ids.map((id) => decoder.push(id))).toEqual(['', '🦕']);
  fc.assert(
    fc.property(anyText, (text) => {
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    }),
  );
});

it('copes with texts that have no border, and with tokens that grow without end', () => {
  const endless = 'a'.repeat(300_001);
  const tokenizer = BpeTokenizer.fit(endless, { split: 'none', numMerges: 40 });
  expect(tokenizer.vocabulary.slice(256).map((token) => token.length)).toEqual(
    Array.from({ length: 16 }, (_, n) => 2 ** (n + 1)), // and no token is longer
  );
  expect(tokenizer.encode(endless)).toHaveLength(12); // 300,001 = 4·65,536 + 37,857, and 37,857 has eight binary ones
  expect(tokenizer.decode(tokenizer.encode(endless)) === endless).toBe(true);
  expect(BpeTokenizer.fit('中'.repeat(5_000_000), { numMerges: 1 }).vocabSize).toBe(257);
});

it('refuses merges that cannot be', () => {
  const make =
    (merges: unknown, options: object = {}) =>
    () =>
      new BpeTokenizer({ merges: merges as never, ...options });
  expect(make('ab')).toThrow('BpeTokenizer: merges is "ab", expected an array of at most 1048576 pairs.');
  expect(make([[97]])).toThrow('BpeTokenizer: merges[0] is an array of 1, expected a pair of ids.');
  expect(
    make([
      [97, 98],
      [97, 257],
    ]),
  ).toThrow('merges[1] is 257, expected an integer from 0 to 256.');
  expect(make([[97, 0.5]])).toThrow('merges[0] is 0.5, expected an integer from 0 to 255.');
  expect(
    make([
      [97, 98],
      [97, 98],
    ]),
  ).toThrow('merges[1] is "97,98", expected a pair that is new and without special tokens.');
  expect(make([[97, 10]], { specialTokens: { endOfLine: '\n' } })).toThrow(
    'merges[0] is "97,10", expected a pair that is new and without special tokens.',
  );
  const doubling = Array.from({ length: 40 }, (_, r) => (r ? [255 + r, 255 + r] : [97, 97]));
  expect(make(doubling)).toThrow('merges[16] is "271,271", expected at most 65536 bytes.');
  expect(make([], { split: 'lines' })).toThrow(
    "BpeTokenizer: split is \"lines\", expected 'words' or 'none'.",
  );
  expect(() => BpeTokenizer.fit('a', { numMerges: -1 })).toThrow(
    'BpeTokenizer.fit: numMerges is -1, expected an integer from 0 to 1048576.',
  );
  expect(() => BpeTokenizer.fit('a', { minFrequency: 0.5 })).toThrow(
    'BpeTokenizer.fit: minFrequency is 0.5, expected',
  );
  expect(() => BpeTokenizer.fit('')).toThrow(
    'BpeTokenizer.fit: text is "", expected something to learn from.',
  );
});
