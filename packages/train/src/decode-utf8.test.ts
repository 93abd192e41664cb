import { Rng } from '@rnnlab/tensor';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, firstInvalidByte } from './decode-utf8';

describe('decodeUtf8', () => {
  it('reads UTF-8 and drops a byte order mark', () => {
    expect(decodeUtf8(new TextEncoder().encode('\uFEFFgrüße 🦖\n'))).toBe('grüße 🦖\n');
  });

  it('says which byte is wrong, in which line, and how to convert', () => {
    const latin1 = Uint8Array.of(0x61, 0x0a, 0x67, 0x72, 0xfc, 0x6e); // "a\ngrün" in ISO 8859-1
    expect(() => decodeUtf8(latin1, 'names.txt')).toThrow(
      'names.txt: byte 4 (0xFC, line 2) is not UTF-8. Convert it, e.g. with iconv -f LATIN1 -t UTF-8.',
    );
    expect(() => decodeUtf8(Uint8Array.of(0xff, 0xfe, 0x61, 0x00))).toThrow('iconv -f UTF-16');
  });

  it('finds every ill-formed sequence that the platform finds, and no other', () => {
    const rng = new Rng(4);
    const interesting = [
      0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5,
    ];
    for (let trial = 0; trial < 5_000; trial++) {
      const bytes = Uint8Array.from(
        { length: 1 + rng.int(6) },
        () => interesting[rng.int(interesting.length)],
      );
      let wellFormed = true;
      try {
        new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      } catch {
        wellFormed = false;
      }
      const at = firstInvalidByte(bytes);
      expect(at < 0, `${bytes}`).toBe(wellFormed);
      if (at > 0) expect(firstInvalidByte(bytes.subarray(0, at)), `${bytes}`).toBe(-1);
    }
  });
});
