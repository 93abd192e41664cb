/**
 * Ids → text, one id at a time; `decode` is the same walk to the end, so the two cannot differ.
 *
 * A string is a sequence of UTF-16 units, and a high surrogate may be followed by the low one that completes
 * it: a high surrogate at the end is held back until the next id, so that what a push returns can be written
 * to a file or a terminal as it is.
 */
import { TokenizerError } from './errors';
import { describe } from './input-checks';
import type { StreamingDecoder } from './tokenizer';

/** What a tokenizer brings: the next piece of text for a valid id, and what is left at the end. */
export interface TokenReader {
  read(id: number): string;
  end(): string;
}

/** Throws unless `id` is an integer from 0 to vocabSize − 1. */
function checkId(where: string, id: number, vocabSize: number): void {
  if (Number.isInteger(id) && id >= 0 && id < vocabSize) return;
  throw new TokenizerError(
    `${where} is ${describe(id)}, expected an integer from 0 to ${vocabSize - 1}. Does the tokenizer belong to this model?`,
  );
}

/** A decoder on top of `reader` that checks ids and keeps surrogate pairs together. */
export function streamingDecoder(name: string, vocabSize: number, reader: TokenReader): StreamingDecoder {
  let held = '';
  return {
    push(id) {
      checkId(`${name}.createDecoder: id`, id, vocabSize);
      const text = held + reader.read(id);
      held = /[\uD800-\uDBFF]$/.test(text) ? text.slice(-1) : '';
      return held ? text.slice(0, -1) : text;
    },
    flush() {
      const text = held + reader.end();
      held = '';
      return text;
    },
  };
}

/** The text of all `ids`. */
export function decodeAll(
  name: string,
  vocabSize: number,
  reader: TokenReader,
  ids: ArrayLike<number>,
): string {
  let text = '';
  for (let n = 0; n < ids.length; n++) {
    checkId(`${name}.decode: ids[${n}]`, ids[n], vocabSize);
    text += reader.read(ids[n]);
  }
  return text + reader.end();
}
