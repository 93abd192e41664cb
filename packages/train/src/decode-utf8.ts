/**
 * Bytes to text, strictly: UTF-8 as RFC 3629 and Unicode 16, table 3-7, have it.
 *
 *   bytes      code points            first     second    third     fourth
 *   1          U+0000 … U+007F        00…7F
 *   2          U+0080 … U+07FF        C2…DF     80…BF
 *   3          U+0800 … U+FFFF        E0        A0…BF     80…BF               (no overlong form)
 *                                     E1…EF     80…BF     80…BF               (ED: 80…9F, no surrogates)
 *   4          U+10000 … U+10FFFF     F0        90…BF     80…BF     80…BF     (no overlong form)
 *                                     F1…F3     80…BF     80…BF     80…BF
 *                                     F4        80…8F     80…BF     80…BF     (nothing above U+10FFFF)
 */
import { CorpusError } from './corpus-error';

/**
 * The text, without a byte order mark at its beginning.
 *
 * @param name What the bytes are, e.g. a file name, for the error.
 * @throws {@link CorpusError} that says which byte is no UTF-8, and in which line.
 */
export function decodeUtf8(bytes: Uint8Array, name = 'text'): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const at = firstInvalidByte(bytes);
    if (at < 0) throw cause; // not a matter of encoding, e.g. longer than a string can be
    throw notUtf8(
      name,
      { at, byte: bytes[at], line: 1 + countLineFeeds(bytes.subarray(0, at)), cause },
      bytes,
    );
  }
}

/** How often 0x0A occurs. */
export function countLineFeeds(bytes: Uint8Array): number {
  return bytes.reduce((count, byte) => count + (byte === 0x0a ? 1 : 0), 0);
}

/**
 * The error for bytes that are no text.
 *
 * @param start The first bytes, which tell of some encodings.
 */
export function notUtf8(
  name: string,
  { at, byte, line, cause }: { at: number; byte: number; line: number; cause: unknown },
  start: Uint8Array,
): CorpusError {
  const hex = byte.toString(16).toUpperCase().padStart(2, '0');
  return new CorpusError(
    `${name}: byte ${at} (0x${hex}, line ${line}) is not UTF-8. Convert it, e.g. with iconv -f ${guess(start)} -t UTF-8.`,
    { cause },
  );
}

/** Index of the first byte of the first ill-formed sequence; −1 when all is well. */
export function firstInvalidByte(bytes: Uint8Array): number {
  const within = (at: number, low: number, high: number) => bytes[at] >= low && bytes[at] <= high;
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at];
    const length =
      first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
    const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
    if (length === 0 || (length > 1 && !within(at + 1, low, high))) return at;
    for (let k = 2; k < length; k++) if (!within(at + k, 0x80, 0xbf)) return at;
    at += length;
  }
  return -1;
}

/** The usual encodings of texts that are no UTF-8. */
function guess(bytes: Uint8Array): string {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return utf16 ? 'UTF-16' : 'LATIN1';
}
