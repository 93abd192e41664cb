/**
 * Strings ⇄ bytes in WTF-8 (Sapin 2016, "The WTF-8 encoding"): UTF-8, except that a surrogate without its
 * partner, which a JavaScript string may hold and UTF-8 has no form for, is written like any code point of
 * its size. `TextEncoder` would write U+FFFD in its place, and the text would not come back.
 *
 *   0xxxxxxx                              U+0000  … U+007F
 *   110xxxxx 10xxxxxx                     U+0080  … U+07FF
 *   1110xxxx 10xxxxxx 10xxxxxx            U+0800  … U+FFFF, lone surrogates U+D800 … U+DFFF among them
 *   11110xxx 10xxxxxx 10xxxxxx 10xxxxxx   U+10000 … U+10FFFF
 *
 * Decoding takes any bytes. It is the UTF-8 decoder of the WHATWG Encoding standard (every maximal part of a
 * character that does not go on becomes one U+FFFD; a byte order mark is kept) with one departure: ED A0…BF
 * begins a surrogate. A high and a low surrogate that were written one by one meet in the string and are one
 * character there: the decoded text is well formed wherever it can be, and encodes to the four bytes of that
 * character.
 */

/** The bytes of `text`. */
export function encodeWtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3); // a UTF-16 unit needs at most three
  let n = 0;
  for (let k = 0; k < text.length; k++) {
    const c = text.codePointAt(k)!;
    if (c < 0x80) bytes[n++] = c;
    else {
      if (c < 0x800) bytes[n++] = 0xc0 | (c >> 6);
      else {
        if (c < 0x10000) bytes[n++] = 0xe0 | (c >> 12);
        else {
          k++; // the low surrogate belongs to it
          bytes[n++] = 0xf0 | (c >> 18);
          bytes[n++] = 0x80 | ((c >> 12) & 0x3f);
        }
        bytes[n++] = 0x80 | ((c >> 6) & 0x3f);
      }
      bytes[n++] = 0x80 | (c & 0x3f);
    }
  }
  return bytes.slice(0, n);
}

/** Bytes → text, one byte at a time. */
export interface Wtf8Decoder {
  /** The text that `byte` completes, '' inside a character. */
  push(byte: number): string;
  /** U+FFFD if a character is incomplete, and a fresh start. */
  flush(): string;
}

/** A decoder at the start of a text. */
export function wtf8Decoder(): Wtf8Decoder {
  let c = 0; // bits of the character so far
  let needed = 0; // bytes that it still needs
  let [lower, upper] = [0, 0]; // what the next of them may be
  const begin = (byte: number): string => {
    if (byte < 0x80) return String.fromCharCode(byte);
    if (byte < 0xc2 || byte > 0xf4) return '\ufffd';
    needed = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    c = byte & (0x3f >> needed);
    lower = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80; // less would be an overlong form
    upper = byte === 0xf4 ? 0x8f : 0xbf; // more would be beyond U+10FFFF
    return '';
  };
  const flush = (): string => {
    const text = needed ? '\ufffd' : '';
    needed = 0;
    return text;
  };
  const push = (byte: number): string => {
    if (!needed || byte < lower || byte > upper) return flush() + begin(byte);
    [lower, upper] = [0x80, 0xbf];
    c = (c << 6) | (byte & 0x3f);
    return --needed ? '' : String.fromCodePoint(c);
  };
  return { push, flush };
}

/** The text of all `bytes`. */
export function decodeWtf8(bytes: ArrayLike<number>): string {
  const { push, flush } = wtf8Decoder();
  return Array.from(bytes, push).join('') + flush();
}
