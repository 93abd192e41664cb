/**
 * Special tokens stand for what is no text of its own: the unknown, the end of a line, padding, the start.
 *
 * A tokenizer gives them ids in the order padding, unknown, start, endOfLine. A text that happens to contain
 * "<UNK>" never becomes the unknown token, because encoding looks at one symbol at a time; only a special
 * token that *is* a single symbol, such as endOfLine '\n', shares its id with that symbol.
 */
import { expectRecord, expectThat } from './input-checks';
import type { SpecialIds, SpecialTokens } from './tokenizer';

/** The order of their ids. Padding first, so that it is id 0 wherever special tokens stand at the front. */
const NAMES = ['padding', 'unknown', 'start', 'endOfLine'] as const;

/** Copies the special tokens that are there, in the order of their ids. Throws for one that is impossible. */
export function checkSpecialTokens(where: string, tokens: SpecialTokens = {}): SpecialTokens {
  expectRecord(where, tokens, NAMES);
  const checked: SpecialTokens = {};
  for (const name of NAMES) {
    const text: unknown = tokens[name];
    if (text === undefined) continue;
    expectThat(typeof text === 'string' && !!text, `${where}.${name}`, text, 'a string that is not empty.');
    const alone = !Object.values(checked).includes(text);
    expectThat(alone, `${where}.${name}`, text, 'a text that no other special token has.');
    checked[name] = text;
  }
  return checked;
}

/** The ids of the special tokens. */
export function specialIdsOf(tokens: SpecialTokens, idOf: (text: string) => number): SpecialIds {
  const entries = Object.entries(tokens).map(([name, text]) => [name, idOf(text)]);
  return Object.freeze(Object.fromEntries(entries));
}
