/**
 * One part of a text in files, training or validation, as token ids that can be read from any place.
 *
 * What is held is an index: marks that say at which byte which token begins. There are at most 4,096 of them; a longer
 * text has them further apart. To read from a token on is to begin at the mark before it and to encode up to there.
 */
import type { Tokenizer } from '@rnnlab/tokenizer';
import type { TokenReader, TokenSource } from '../text-streams';
import type { TextPieces, TextPosition } from './text-pieces';

const mostMarks = 4096;

/** A piece of the text and what lies before it in its part. */
export interface TextMark {
  readonly position: TextPosition;
  /** Code points at the beginning of the piece that belong to the part before this one. */
  readonly skip: number;
  readonly characters: number;
  readonly tokens: number;
}

/** Where a part begins. */
export type PartStart = Pick<TextMark, 'position' | 'skip'>;

/** Code points. */
export function countCharacters(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // The text comes from UTF-8, so surrogates are in pairs: the second one is not counted.
    if (unit >= 0xdc00 && unit <= 0xdfff) count--;
  }
  return count;
}

/** See the header of this file. */
export class TokenPart implements TokenSource {
  readonly characters: number;
  readonly #pieces: TextPieces;
  readonly #tokenizer: Tokenizer;
  #marks: TextMark[] = [];
  #stride = 1;
  #read = 0;
  #length = 0;

  /**
   * @param start Where the part begins.
   * @param characters How many code points it has.
   */
  constructor(pieces: TextPieces, tokenizer: Tokenizer, start: PartStart, characters: number) {
    this.characters = characters;
    this.#pieces = pieces;
    this.#tokenizer = tokenizer;
    this.#marks.push({ ...start, characters: 0, tokens: 0 });
  }

  /** Tokens; known once {@link index} has ended. */
  get length(): number {
    return this.#length;
  }

  /** Reads the part once, marks the way and yields the ids with the place of their piece. Returns where the part ends. */
  *index(): Generator<{ ids: Int32Array; position: TextPosition }, PartStart, undefined> {
    const steps = this.#texts(this.#marks[0]);
    let step = steps.next();
    for (; !step.done; step = steps.next()) {
      const { text, mark } = step.value;
      this.#remember({ ...mark, tokens: this.#length });
      const ids = this.#tokenizer.encode(text);
      this.#length += ids.length;
      yield { ids, position: mark.position };
    }
    return step.value;
  }

  /** All ids in their order, some thousand at a time. */
  ids(): Generator<Int32Array, void, undefined> {
    return this.#idsFrom(this.#marks[0]);
  }

  /** Holds the ids of about one piece. */
  reader(): TokenReader {
    let pieces: Generator<Int32Array, void, undefined> | undefined;
    let held = new Int32Array(0);
    let first = 0;
    return (from, count) => {
      if (!pieces || from < first || from > first + held.length) {
        const mark = this.#markBefore(from);
        pieces = this.#idsFrom(mark);
        [held, first] = [new Int32Array(0), mark.tokens];
      }
      while (first + held.length < from + count) {
        const { done, value } = pieces.next();
        if (done) break;
        const kept = held.subarray(Math.min(held.length, Math.max(0, from - first)));
        first += held.length - kept.length;
        held = new Int32Array(kept.length + value.length);
        held.set(kept);
        held.set(value, kept.length);
      }
      return held.subarray(from - first, from - first + count);
    };
  }

  *#idsFrom(mark: TextMark): Generator<Int32Array, void, undefined> {
    for (const { text } of this.#texts(mark)) yield this.#tokenizer.encode(text);
  }

  /** The texts from a mark to the end of the part, each with the mark before it (its count of tokens is not known here). */
  *#texts(from: TextMark): Generator<{ text: string; mark: TextMark }, PartStart, undefined> {
    let mark = from;
    while (mark.characters < this.characters) {
      const piece = this.#pieces.at(mark.position);
      const whole = afterCharacters(piece.text, mark.skip);
      const left = this.characters - mark.characters;
      const text = whole.length <= left ? whole : firstCharacters(whole, left);
      const count = countCharacters(text);
      yield { text, mark };
      const ends = text.length < whole.length || !piece.next;
      if (ends) return { position: mark.position, skip: mark.skip + count };
      mark = { position: piece.next, skip: 0, characters: mark.characters + count, tokens: 0 };
    }
    return mark;
  }

  #remember(mark: TextMark): void {
    if (this.#read++ % this.#stride !== 0 || mark.characters === 0) return;
    this.#marks.push(mark);
    if (this.#marks.length < mostMarks) return;
    this.#marks = this.#marks.filter((_, k) => k % 2 === 0);
    this.#stride *= 2;
  }

  /** By bisection: marks rise. */
  #markBefore(token: number): TextMark {
    let [low, high] = [0, this.#marks.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#marks[middle].tokens <= token) low = middle;
      else high = middle;
    }
    return this.#marks[low];
  }
}

/** UTF-16 units of the first `count` code points. */
function unitsOf(text: string, count: number): number {
  let units = 0;
  for (let k = 0; k < count && units < text.length; k++) units += text.codePointAt(units)! > 0xffff ? 2 : 1;
  return units;
}

const firstCharacters = (text: string, count: number): string => text.slice(0, unitsOf(text, count));
const afterCharacters = (text: string, count: number): string => text.slice(unitsOf(text, count));
