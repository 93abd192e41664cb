import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyText } from './testing/tokenizer-contract';
import { decodeWtf8, encodeWtf8, wtf8Decoder } from './wtf8';

const FFFD = '\ufffd';

it('is UTF-8 on well-formed text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(encodeWtf8(text)).toEqual(new TextEncoder().encode(text));
    }),
  );
  const borders = '\0\x7f\x80\u07ff\u0800\ud7ff\ue000\uffff\u{10000}\u{10ffff}\ufeff';
  expect(encodeWtf8(borders)).toEqual(new TextEncoder().encode(borders));
  expect(decodeWtf8(encodeWtf8(borders))).toBe(borders);
});

it('comes back from any string', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(decodeWtf8(encodeWtf8(text))).toBe(text);
    }),
  );
});

it('writes a lone surrogate in three bytes', () => {
  expect([...encodeWtf8('\ud83d')]).toEqual([0xed, 0xa0, 0xbd]);
  expect([...encodeWtf8('\ude00')]).toEqual([0xed, 0xb8, 0x80]);
  expect([...encodeWtf8('\ude00\ud83d')]).toEqual([0xed, 0xb8, 0x80, 0xed, 0xa0, 0xbd]);
});

it('joins surrogates that were written one by one, and encodes the pair as one character', () => {
  const apart = [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80];
  expect(decodeWtf8(apart)).toBe('\u{1F600}');
  expect([...encodeWtf8(decodeWtf8(apart))]).toEqual([0xf0, 0x9f, 0x98, 0x80]);
});

it('replaces invalid bytes as TextDecoder does', () => {
  // Bytes that often begin or continue a character, so that broken characters are the rule.
  const byte = fc.oneof(
    fc.nat({ max: 255 }),
    fc.constantFrom(0xc2, 0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf3, 0xf4, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0x41),
  );
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 12 }), (bytes) => {
      fc.pre(!bytes.some((b, n) => b === 0xed && bytes[n + 1] >= 0xa0 && bytes[n + 1] <= 0xbf)); // surrogates
      expect(decodeWtf8(bytes)).toBe(utf8.decode(Uint8Array.from(bytes)));
    }),
    { numRuns: 2000 },
  );
});

it('replaces each maximal part of a character by one U+FFFD', () => {
  expect(decodeWtf8([0xf0, 0x9f, 0x98])).toBe(FFFD); // cut off at the end
  expect(decodeWtf8([0xf0, 0x9f, 0x98, 0x41])).toBe(`${FFFD}A`);
  expect(decodeWtf8([0xe0, 0x80, 0x80])).toBe(FFFD.repeat(3)); // overlong: E0 cannot go on with 80
  expect(decodeWtf8([0xf4, 0x90, 0x80, 0x80])).toBe(FFFD.repeat(4)); // beyond U+10FFFF
  expect(decodeWtf8([0xc0, 0xaf, 0xff])).toBe(FFFD.repeat(3));
  expect(decodeWtf8([0xed, 0xa0, 0x41])).toBe(`${FFFD}A`); // a surrogate that breaks off
  expect(decodeWtf8([0xe2, 0xe2, 0x82, 0xac])).toBe(`${FFFD}€`);
});

it('starts anew after a flush', () => {
  const decoder = wtf8Decoder();
  expect(decoder.push(0xe0)).toBe('');
  expect(decoder.flush()).toBe(FFFD);
  expect(decoder.flush()).toBe('');
  expect([0xc2, 0x80].map((byte) => decoder.push(byte)).join('')).toBe('\x80'); // not held to E0's A0 … BF
});
