/**
 * A pull parser for the JSON of a safetensors header, on its bytes.
 *
 * Why not `JSON.parse`: it keeps the last of two equal keys, rounds 9007199254740993, takes `1.0` for an
 * integer and builds a tree of objects keyed by whatever the file says (`__proto__` included). Here the
 * caller says what it expects next, so nothing is built that is not wanted: strings stay where they lie
 * (safetensors-string.ts), keys are kept in a table of positions (safetensors-keys.ts). A file is refused where
 * the format's reference implementation (serde_json) refuses it: nesting deeper than 127, halves of surrogate
 * pairs, numbers beyond float64. Stricter in one point, which the format's text asks for: a key may stand
 * only once in its object.
 */
import { CheckpointError } from './errors';
import { KeyTable } from './safetensors-keys';
import { decodeString, decodeText, excerpt, hasValidEscapes, quoteString } from './safetensors-string';

const maxDepth = 127;
/** The largest integer of a header: the reference reads into 64 bits. */
export const maxUsize = 0xffff_ffff_ffff_ffffn;

// Plain numbers: a bundler drops them, where the reader is not used, only if nothing has to run for them.
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openObject = 0x7b;
const closeObject = 0x7d;
const openArray = 0x5b;
const closeArray = 0x5d;
const minus = 0x2d;
const plus = 0x2b;
const dot = 0x2e;
const zero = 0x30;
const nine = 0x39;
const code = (character: string): number => character.charCodeAt(0);
const isDigit = (byte: number): boolean => byte >= zero && byte <= nine;

/** Reads one JSON text from front to back. Every method skips leading whitespace and throws {@link CheckpointError}. */
export class JsonReader {
  readonly #bytes: Uint8Array;
  #position: number;
  #depth = 0;

  /** @param bytes Valid UTF-8. */
  constructor(bytes: Uint8Array, position = 0) {
    this.#bytes = bytes;
    this.#position = position;
  }

  /** Refuses the text at the current position. */
  fail(expected: string): never {
    const found = excerpt(this.#bytes, this.#position, 20);
    throw new CheckpointError(
      `safetensors header: expected ${expected} at character ${this.#character()}, found ${found ? JSON.stringify(found) : 'the end'}. ` +
        'The file is damaged or no safetensors file: copy or download it again.',
    );
  }

  /** The next byte that is no whitespace, or -1 at the end; does not move past it. */
  peek(): number {
    for (; ; this.#position++) {
      const byte = this.#bytes[this.#position];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte ?? -1;
    }
  }

  /** Whether the next value begins with `character`. */
  startsWith(character: string): boolean {
    return this.peek() === code(character);
  }

  /** Where the next value begins, for reading it again. */
  get start(): number {
    this.peek();
    return this.#position;
  }

  /** Calls `onValue` at each value of an object with the place of its key; it must read that value. */
  object(onValue: (key: number) => void): KeyTable {
    const keys = new KeyTable();
    this.#sequence(openObject, closeObject, 'an object', () => {
      const key = this.string();
      if (!keys.add(this.#bytes, key))
        this.fail(`no second key ${quoteString(this.#bytes, key)} before here`);
      this.#take(':');
      onValue(key);
    });
    return keys;
  }

  /** Calls `onItem()` at each item of an array; it must read that item. */
  array(onItem: (index: number) => void): void {
    let index = 0;
    this.#sequence(openArray, closeArray, 'an array', () => onItem(index++));
  }

  /** Passes over a string and returns where its opening quote stands. */
  string(): number {
    if (this.peek() !== quote) this.fail('a string');
    const start = this.#position;
    let end = start + 1;
    let escaped = false;
    for (let byte = 0; ; end++) {
      byte = this.#bytes[end];
      if (byte === quote) break;
      if (byte === backslash) {
        escaped = true;
        end++;
      } else if (!(byte >= 0x20)) {
        this.#position = end;
        this.fail('a string without control characters and its closing quote');
      }
    }
    if (escaped && !hasValidEscapes(this.#bytes, start)) this.fail('a string with valid escapes');
    this.#position = end + 1;
    return start;
  }

  /** A string as its value. */
  text(): string {
    const start = this.string();
    return decodeString(this.#bytes, start, this.#position);
  }

  /** The ':' behind a key. */
  colon(): void {
    this.#take(':');
  }

  /** An integer from 0 to 2⁶⁴ − 1 without sign, fraction or exponent; a bigint above 2⁵³ − 1. */
  unsigned(): number | bigint {
    const start = this.start;
    this.#number();
    let value = 0;
    let at = start;
    for (; at < this.#position && at < start + 20 && isDigit(this.#bytes[at]); at++) {
      value = value * 10 + (this.#bytes[at] - zero);
    }
    if (at === this.#position) {
      if (value <= Number.MAX_SAFE_INTEGER) return value;
      const exact = BigInt(decodeText(this.#bytes, start, at));
      if (exact <= maxUsize) return exact;
    }
    this.#position = start;
    return this.fail('an integer from 0 to 2^64 - 1');
  }

  null(): void {
    this.#word('null');
  }

  /** Passes over one value of any type. */
  skip(): void {
    const first = this.peek();
    if (first === openObject) this.object(() => this.skip());
    else if (first === openArray) this.array(() => this.skip());
    else if (first === quote) this.string();
    else if (first === code('t')) this.#word('true');
    else if (first === code('f')) this.#word('false');
    else if (first === code('n')) this.#word('null');
    else {
      const start = this.#position;
      this.#number();
      const number = Number(decodeText(this.#bytes, start, this.#position));
      if (!Number.isFinite(number)) this.fail('no number beyond float64 before here');
    }
  }

  /** Refuses anything but whitespace up to the end of the text. */
  end(): void {
    if (this.peek() !== -1) this.fail('only trailing spaces');
  }

  #sequence(open: number, close: number, expected: string, onItem: () => void): void {
    if (this.peek() !== open) this.fail(expected);
    this.#position++;
    if (++this.#depth > maxDepth) this.fail(`at most ${maxDepth} levels of nesting`);
    if (this.peek() === close) this.#position++;
    else {
      do onItem();
      while (this.#separator(close));
    }
    this.#depth--;
  }

  /** Whether another item follows (',') or the sequence ends. */
  #separator(close: number): boolean {
    const next = this.peek();
    if (next !== comma && next !== close) this.fail(`',' or '${String.fromCharCode(close)}'`);
    this.#position++;
    return next === comma;
  }

  #take(character: string): void {
    if (this.peek() !== code(character)) this.fail(`'${character}'`);
    this.#position++;
  }

  #word(word: string): void {
    this.peek();
    if (excerpt(this.#bytes, this.#position, word.length) !== word) this.fail(word);
    this.#position += word.length;
  }

  /** Passes over -?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)? */
  #number(): void {
    this.peek();
    const bytes = this.#bytes;
    const first = this.#position + (bytes[this.#position] === minus ? 1 : 0);
    if (!isDigit(bytes[first])) this.fail('a JSON value');
    let end = bytes[first] === zero ? first + 1 : this.#digits(first);
    if (bytes[end] === dot) end = this.#digits(end + 1, end);
    if ((bytes[end] | 0x20) === code('e')) {
      const sign = bytes[end + 1] === minus || bytes[end + 1] === plus ? 1 : 0;
      end = this.#digits(end + 1 + sign, end);
    }
    this.#position = end;
  }

  /** Where the digits from `start` on end; `none` when there are none. */
  #digits(start: number, none = start): number {
    let end = start;
    while (isDigit(this.#bytes[end])) end++;
    return end === start ? none : end;
  }

  /** The position in UTF-16 units, as an editor shows it. */
  #character(): number {
    let units = Math.max(0, this.#position - this.#bytes.length);
    for (let i = Math.min(this.#position, this.#bytes.length) - 1; i >= 0; i--) {
      const byte = this.#bytes[i];
      units += (byte & 0xc0) === 0x80 ? 0 : byte >= 0xf0 ? 2 : 1;
    }
    return units;
  }
}

/** The places of the keys of the object at `start`, in its order; the object has been read and is valid. */
export function* walkKeys(bytes: Uint8Array, start: number): Generator<number, undefined> {
  let depth = 0;
  let isKey = false;
  for (let i = start; ; i++) {
    const byte = bytes[i];
    if (byte === openObject || byte === openArray) depth++;
    else if (byte === closeObject || byte === closeArray) depth--;
    else if (byte === quote) {
      if (isKey) yield i;
      isKey = false;
      for (i++; bytes[i] !== quote; i++) if (bytes[i] === backslash) i++;
      continue;
    }
    if (depth === 0) return undefined;
    // A key follows the brace of the object itself and each comma between its members.
    if (depth === 1 && (i === start || byte === comma)) isKey = true;
  }
}
