/**
 * JSON string literals where they lie: read in place from the UTF-8 bytes of a header, so that names can be
 * compared, hashed and quoted without a string for each. A literal is given by the position of its opening quote.
 *
 * Two names are equal when their UTF-16 code units after unescaping are: "a" and "\u0061" are one key.
 */

const escapes = '"\\/bfnrt';
const escaped = '"\\/\b\f\n\r\t';
const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;

/** The code units of one literal, from front to back. */
export class StringUnits {
  readonly #bytes: Uint8Array;
  #position: number;
  /** Second half of a surrogate pair that the last four bytes made. */
  #low = 0;

  constructor(bytes: Uint8Array, quote: number) {
    this.#bytes = bytes;
    this.#position = quote + 1;
  }

  /** The next unit; -1 at the closing quote, -2 for an escape that JSON does not know. */
  next(): number {
    if (this.#low !== 0) {
      const low = this.#low;
      this.#low = 0;
      return low;
    }
    const first = this.#bytes[this.#position];
    if (first === 0x22) return -1;
    this.#position++;
    if (first < 0x80) return first === 0x5c ? this.#escape() : first;
    if (first < 0xe0) return ((first & 0x1f) << 6) | this.#continuation();
    const code = (this.#continuation() << 6) | this.#continuation();
    if (first < 0xf0) return ((first & 0xf) << 12) | code;
    // Counted from U+10000: the upper ten bits go into the first half of the pair, the lower ten into the second.
    const beyond = (((first & 7) << 18) | (code << 6) | this.#continuation()) - 0x10000;
    this.#low = 0xdc00 | (beyond & 0x3ff);
    return 0xd800 | (beyond >> 10);
  }

  #continuation(): number {
    return this.#bytes[this.#position++] & 0x3f;
  }

  #escape(): number {
    const letter = String.fromCharCode(this.#bytes[this.#position++]);
    if (letter !== 'u') {
      const index = escapes.indexOf(letter);
      return index < 0 ? -2 : escaped.charCodeAt(index);
    }
    let unit = 0;
    for (let digit = 0; digit < 4; digit++) {
      const value = hexValue(this.#bytes[this.#position]);
      if (value < 0) return -2;
      unit = unit * 16 + value;
      this.#position++;
    }
    return unit;
  }
}

function hexValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Whether all escapes are JSON's and no half of a surrogate pair stands alone, as the reference asks. */
export function hasValidEscapes(bytes: Uint8Array, quote: number): boolean {
  const units = new StringUnits(bytes, quote);
  for (let unit = units.next(); unit !== -1; unit = units.next()) {
    if (unit === -2 || isLow(unit)) return false;
    if (isHigh(unit) && !isLow(units.next())) return false;
  }
  return true;
}

/** Whether two valid literals say the same. */
export function sameString(a: Uint8Array, quoteA: number, b: Uint8Array, quoteB: number): boolean {
  const unitsA = new StringUnits(a, quoteA);
  const unitsB = new StringUnits(b, quoteB);
  for (;;) {
    const unit = unitsA.next();
    if (unit !== unitsB.next()) return false;
    if (unit === -1) return true;
  }
}

/** The first `length` units of a valid literal, the whole of a shorter one. */
export function startOfString(bytes: Uint8Array, quote: number, length: number): string {
  const units = new StringUnits(bytes, quote);
  let text = '';
  for (let unit = units.next(); unit !== -1 && text.length < length; unit = units.next()) {
    text += String.fromCharCode(unit);
  }
  return text;
}

const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true });

/** Valid UTF-8 from `start` up to `end`. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}

/** The whole of a valid literal that ends before `end`. */
export function decodeString(bytes: Uint8Array, quote: number, end: number): string {
  const literal = decodeText(bytes, quote, end);
  return literal.includes('\\') ? (JSON.parse(literal) as string) : literal.slice(1, -1);
}

/** Up to `length` UTF-16 units of text from `position` on, for messages. */
export function excerpt(bytes: Uint8Array, position: number, length: number): string {
  // No unit takes more than three bytes.
  return decodeText(bytes, position, position + 3 * length + 1).slice(0, length);
}

const quoted = 80;

/** A name from a file, made safe for an error message: quoted, escaped and short. */
export function quoteName(name: string): string {
  return JSON.stringify(name.length > quoted ? `${name.slice(0, quoted)}…` : name);
}

/** {@link quoteName} of a valid literal. */
export function quoteString(bytes: Uint8Array, quote: number): string {
  return quoteName(startOfString(bytes, quote, quoted + 1));
}
