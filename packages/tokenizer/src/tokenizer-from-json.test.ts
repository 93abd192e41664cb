import { expect, it } from 'vitest';
import { CharTokenizer } from './char-tokenizer';
import { TokenizerError } from './errors';
import { tokenizerFromJSON } from './tokenizer-from-json';
import { WordTokenizer } from './word-tokenizer';

it('reads the JSON of a version 1 tokenizer, as it lies in old checkpoints', () => {
  const tokenizer = tokenizerFromJSON({
    type: 'char',
    version: 1,
    segmentation: 'codePoint',
    unknown: 'token',
    specialTokens: { unknown: '?', endOfLine: '\n' },
    vocabulary: ['b', '\n', '?', '\ud83d', 'a'],
  });
  expect(tokenizer).toBeInstanceOf(CharTokenizer);
  expect([...tokenizer.encode('ab\nc\ud83d')]).toEqual([4, 0, 1, 2, 3]);
  const bpe = {
    type: 'bpe',
    version: 1,
    split: 'none',
    specialTokens: { padding: '<P>' },
    merges: [
      [97, 98],
      [256, 99],
    ],
  };
  expect([...tokenizerFromJSON(bpe).encode('abcab')]).toEqual([257, 256]);
  expect(tokenizerFromJSON({ type: 'byte', version: 1, specialTokens: {} }).vocabSize).toBe(256);
});

it('says what is wrong with anything else', () => {
  const message = "expected 'char', 'word', 'byte' or 'bpe', from parsed JSON.";
  for (const json of [undefined, null, 7, [], {}, '{"type":"char"}']) {
    expect(() => tokenizerFromJSON(json)).toThrow(
      new TokenizerError(`tokenizerFromJSON: type is undefined, ${message}`),
    );
  }
  expect(() => tokenizerFromJSON({ type: 'constructor' })).toThrow(`type is "constructor", ${message}`);
});

it('gives errors a code', () => {
  const error = (() => {
    try {
      return tokenizerFromJSON(null);
    } catch (caught) {
      return caught;
    }
  })();
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'TokenizerError', code: 'ERR_TOKENIZER' });
});

it('says which reader takes another type', () => {
  const json = WordTokenizer.fit('a').toJSON();
  expect(() => CharTokenizer.fromJSON(json)).toThrow(
    'CharTokenizer.fromJSON: type is "word", expected \'char\', from parsed JSON. tokenizerFromJSON reads all types.',
  );
  expect(() => CharTokenizer.fromJSON(JSON.stringify(json))).toThrow(
    "type is undefined, expected 'char', from parsed JSON.",
  );
});
