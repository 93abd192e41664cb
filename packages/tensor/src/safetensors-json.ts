/**
 * A pull parser for the JSON of a safetensors header.
 *
 * Why not `JSON.parse`: it keeps the last of two equal keys, rounds 9007199254740993, takes `1.0` for an
 * integer and builds a tree of objects keyed by whatever the file says (`__proto__` included). Here the
 * caller says what it expects next, so nothing is built that is not wanted, and a file is refused where the
 * format's reference implementation (serde_json) refuses it: nesting deeper than 127, halves of surrogate
 * pairs, numbers beyond float64. Stricter in one point, which the format's text asks for: a key may stand
 * only once in its object.
 */
import { CheckpointError } from './errors';

const maxDepth = 127;
/** The largest integer of a header: the reference reads into 64 bits. */
export const maxUsize = 2n ** 64n - 1n;
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const unsignedPattern = /^(?:0|[1-9]\d{0,19})$/;
const loneSurrogate = /\p{Surrogate}/u;

/** A name from a file, made safe for an error message: quoted, escaped and short. */
export function quoteName(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}

/** Reads one JSON text from front to back. Every method skips leading whitespace and throws {@link CheckpointError}. */
export class JsonReader {
  readonly #text: string;
  #position = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Refuses the text at the current position. */
  fail(expected: string): never {
    const found = this.#text.slice(this.#position, this.#position + 20);
    throw new CheckpointError(
      `safetensors header: expected ${expected} at character ${this.#position}, found ${found ? JSON.stringify(found) : 'the end'}. ` +
        'The file is damaged or no safetensors file: copy or download it again.',
    );
  }

  /** The next character that is no whitespace, or '' at the end; does not move past it. */
  peek(): string {
    while (' \t\n\r'.includes(this.#text[this.#position] ?? 'end')) this.#position++;
    return this.#text[this.#position] ?? '';
  }

  /**
   * Calls `onValue(key)` at each value of an object; it must read that value.
   *
   * @param taken Whether a key stood before, for a caller that keeps the keys anyway.
   */
  object(onValue: (key: string) => void, taken?: (key: string) => boolean): void {
    const keys = new Set<string>();
    this.#sequence('{', '}', 'an object', () => {
      const key = this.string();
      if (taken ? taken(key) : keys.has(key)) this.fail(`no second key ${quoteName(key)} before here`);
      if (!taken) keys.add(key);
      this.#take(':');
      onValue(key);
    });
  }

  /** Calls `onItem()` at each item of an array; it must read that item. */
  array(onItem: (index: number) => void): void {
    let index = 0;
    this.#sequence('[', ']', 'an array', () => onItem(index++));
  }

  /** How many numbers the array that begins here may hold, by its commas; at most one for two characters. */
  countNumbers(): number {
    const end = this.#text.indexOf(']', this.#position);
    let count = 1;
    for (
      let i = this.#text.indexOf(',', this.#position);
      i >= 0 && i < end;
      i = this.#text.indexOf(',', i + 1)
    ) {
      count++;
    }
    return Math.min(count, Math.ceil((end - this.#position) / 2));
  }

  string(): string {
    if (this.peek() !== '"') this.fail('a string');
    const start = this.#position;
    let end = start + 1;
    let escaped = false;
    for (let code = 0; ; end++) {
      code = this.#text.charCodeAt(end);
      if (code === 0x22) break;
      if (code === 0x5c) {
        escaped = true;
        end++;
      } else if (!(code >= 0x20)) {
        this.#position = end;
        this.fail('a string without control characters and its closing quote');
      }
    }
    this.#position = end + 1;
    if (!escaped) return this.#text.slice(start + 1, end);
    try {
      const value: unknown = JSON.parse(this.#text.slice(start, end + 1));
      if (typeof value === 'string' && !loneSurrogate.test(value)) return value;
    } catch {
      // Refused below, with the position.
    }
    this.#position = start;
    return this.fail('a string with valid escapes');
  }

  /** An integer from 0 to 2⁶⁴ − 1 without sign, fraction or exponent; a bigint above 2⁵³ − 1. */
  unsigned(): number | bigint {
    const start = this.#position;
    const lexeme = this.#number();
    if (unsignedPattern.test(lexeme)) {
      if (Number(lexeme) <= Number.MAX_SAFE_INTEGER) return Number(lexeme);
      const value = BigInt(lexeme);
      if (value <= maxUsize) return value;
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
    if (first === '{') this.object(() => this.skip());
    else if (first === '[') this.array(() => this.skip());
    else if (first === '"') this.string();
    else if (first === 't') this.#word('true');
    else if (first === 'f') this.#word('false');
    else if (first === 'n') this.#word('null');
    else if (!Number.isFinite(Number(this.#number()))) this.fail('no number beyond float64 before here');
  }

  /** Refuses anything but whitespace up to the end of the text. */
  end(): void {
    if (this.peek() !== '') this.fail('only trailing spaces');
  }

  #sequence(open: string, close: string, expected: string, onItem: () => void): void {
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
  #separator(close: string): boolean {
    const next = this.peek();
    if (next !== ',' && next !== close) this.fail(`',' or '${close}'`);
    this.#position++;
    return next === ',';
  }

  #take(character: string): void {
    if (this.peek() !== character) this.fail(`'${character}'`);
    this.#position++;
  }

  #word(word: string): void {
    this.peek();
    if (!this.#text.startsWith(word, this.#position)) this.fail(word);
    this.#position += word.length;
  }

  #number(): string {
    this.peek();
    numberPattern.lastIndex = this.#position;
    const lexeme = numberPattern.exec(this.#text)?.[0] ?? this.fail('a JSON value');
    this.#position += lexeme.length;
    return lexeme;
  }
}
