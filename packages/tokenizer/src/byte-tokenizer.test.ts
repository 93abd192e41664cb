import { expect, it } from 'vitest';
import { ByteTokenizer } from './byte-tokenizer';
import { describeTokenizer } from './testing/tokenizer-contract';

describeTokenizer('ByteTokenizer', {
  fit: (text, specialTokens) => ByteTokenizer.fit(text, { specialTokens }),
  knowsEverything: true,
});

it('has the bytes of UTF-8 as ids, and special tokens behind them', () => {
  const tokenizer = new ByteTokenizer({ specialTokens: { start: '¶', padding: '<PAD>', endOfLine: '\n' } });
  expect([...tokenizer.encode('é\n¶')]).toEqual([0xc3, 0xa9, 10, 0xc2, 0xb6]);
  expect(tokenizer.specialIds).toEqual({ padding: 256, start: 257, endOfLine: 10 });
  expect(tokenizer.vocabSize).toBe(258);
  expect(tokenizer.vocabulary[0x41]).toBe('A');
  expect(tokenizer.vocabulary[0xe2]).toBe('<0xE2>');
  expect(new ByteTokenizer().vocabSize).toBe(256);
});

it('streams a character when its last byte has come', () => {
  const decoder = new ByteTokenizer().createDecoder();
  expect([0xe2, 0x82, 0xac, 0x41].map((byte) => decoder.push(byte))).toEqual(['', '', '€', 'A']);
  expect([0xe2, 0x82].map((byte) => decoder.push(byte))).toEqual(['', '']);
  expect(decoder.flush()).toBe('\ufffd');
});

it('holds a high surrogate back until its partner has come', () => {
  const decoder = new ByteTokenizer().createDecoder();
  const pair = [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80];
  expect(pair.map((byte) => decoder.push(byte))).toEqual(['', '', '', '', '', '\u{1F600}']);
  expect(pair.slice(0, 3).map((byte) => decoder.push(byte))).toEqual(['', '', '']);
  expect(decoder.push(0x41)).toBe('\ud83dA');
  for (const byte of pair.slice(0, 3)) decoder.push(byte);
  expect([decoder.flush(), decoder.flush(), decoder.push(0x41)]).toEqual(['\ud83d', '', 'A']);
});

it('ends an incomplete character before a special token', () => {
  const tokenizer = new ByteTokenizer({ specialTokens: { padding: '<PAD>' } });
  expect(tokenizer.decode([0xe2, 256, 0x41])).toBe('\ufffd<PAD>A');
});

it('refuses an unknown token', () => {
  expect(() => new ByteTokenizer({ specialTokens: { unknown: '?' } as never })).toThrow(
    'ByteTokenizer: specialTokens.unknown is "?", expected none: no byte is unknown.',
  );
});
