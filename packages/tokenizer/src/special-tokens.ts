/**
 * Special tokens stand for what is no text of its own: the unknown, the end of a line, padding, the start.
 *
 * A tokenizer gives them ids in the order padding, unknown, start, endOfLine. A text that happens to contain
 * "<UNK>" never becomes the unknown token, because encoding looks at one symbol at a time; only a special
 * token that *is* a single symbol, such as endOfLine '\n', shares its id with that symbol.
 */
import { TokenizerError } from './errors';
import { describe, expectRecord, expectThat } from './input-checks';
import type { SpecialIds, SpecialTokens, UnknownPolicy } from './tokenizer';

/** The order of their ids. Padding first, so that it is id 0 wherever special tokens stand at the front. */
const NAMES = ['padding', 'unknown', 'start', 'endOfLine'] as const;

/** Copies the special tokens that are there, in the order of their ids. Throws for one that is impossible. */
export function checkSpecialTokens(where: string, tokens: SpecialTokens): SpecialTokens {
  expectRecord(`${where}: specialTokens`, tokens, NAMES);
  const checked: SpecialTokens = {};
  const nameOf = new Map<string, string>();
  for (const name of NAMES) {
    const text: unknown = tokens[name];
    if (text === undefined) continue;
    const path = `${where}: specialTokens.${name}`;
    expectThat(typeof text === 'string' && text !== '', path, text, 'a string that is not empty.');
    const other = nameOf.get(text);
    if (other)
      throw new TokenizerError(
        `${path} is ${describe(text)} like specialTokens.${other}. Give each its own text.`,
      );
    nameOf.set(text, name);
    checked[name] = text;
  }
  return checked;
}

/** Throws when the unknown token and the policy do not go together. */
export function checkUnknownToken(where: string, policy: UnknownPolicy, { unknown }: SpecialTokens): void {
  if ((policy === 'token') === (unknown !== undefined)) return;
  throw new TokenizerError(
    policy === 'token'
      ? `${where}: specialTokens.unknown is missing. It is needed with unknown: 'token'.`
      : `${where}: specialTokens.unknown is ${describe(unknown)} and would never be used with unknown: '${policy}'. Leave it out.`,
  );
}

/** The ids of the special tokens. */
export function specialIdsOf(tokens: SpecialTokens, idOf: (text: string) => number): SpecialIds {
  const ids: { [name in keyof SpecialTokens]: number } = {};
  for (const name of NAMES) {
    const text = tokens[name];
    if (text !== undefined) ids[name] = idOf(text);
  }
  return Object.freeze(ids);
}
