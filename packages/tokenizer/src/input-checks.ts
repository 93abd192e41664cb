/** Checks of what comes in from outside, with the wording they share. */
import { TokenizerError } from './errors';
import type { TextSource } from './tokenizer';

/** A short description of any value for a message. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value === null || typeof value !== 'object')
    return typeof value === 'function' ? 'a function' : String(value);
  return 'an object';
}

/** Throws `where is … , expected …` unless `ok`. */
export function expectThat(ok: boolean, where: string, value: unknown, expected: string): asserts ok {
  if (!ok) throw new TokenizerError(`${where} is ${describe(value)}, expected ${expected}`);
}

/** Throws unless `value` is an integer ≥ `least`. */
export function expectInteger(where: string, value: unknown, least: number): void {
  expectThat(
    Number.isSafeInteger(value) && (value as number) >= least,
    where,
    value,
    `an integer ≥ ${least}.`,
  );
}

/** Throws unless `value` is one of `choices`. */
export function expectChoice<T extends string>(where: string, value: T, choices: readonly T[]): T {
  expectThat(
    choices.includes(value),
    where,
    value,
    `${choices.map((choice) => `'${choice}'`).join(' or ')}.`,
  );
  return value;
}

/** Throws unless `value` is a plain record whose keys are all among `keys`. */
export function expectRecord(
  where: string,
  value: unknown,
  keys: readonly string[],
): asserts value is object {
  expectThat(typeof value === 'object' && !!value && !Array.isArray(value), where, value, 'an object.');
  const strange = Object.keys(value).find((key) => !keys.includes(key));
  if (strange !== undefined) {
    throw new TokenizerError(
      `${where} has the unknown key ${describe(strange)}, expected only ${keys.join(', ')}.`,
    );
  }
}

/** Throws unless `json` is what `toJSON` of this kind of tokenizer writes: type, version and exactly `keys`. */
export function expectJSON<T>(where: string, json: unknown, type: string, keys: readonly string[]): T {
  const all = ['type', 'version', ...keys];
  expectThat(
    typeof json === 'object' && !!json,
    where,
    json,
    'an object as written by toJSON. Parse a JSON text first.',
  );
  const { type: found, version } = json as Record<string, unknown>;
  expectThat(found === type, `${where}: type`, found, `'${type}'. tokenizerFromJSON reads every type.`);
  expectThat(
    version === 1,
    `${where}: version`,
    version,
    '1. A newer @rnnlab/tokenizer may have written it: update.',
  );
  expectRecord(where, json, all);
  const missing = all.find((key) => !Object.hasOwn(json, key));
  if (missing)
    throw new TokenizerError(`${where} has no ${missing}: the file is incomplete. Save the tokenizer again.`);
  return json as T;
}

/** The texts of `source`. Throws for anything that is no text, and when they are all empty. */
export function* eachText(where: string, source: TextSource): Generator<string> {
  const isIterable = typeof source === 'object' && !!source && Symbol.iterator in source;
  expectThat(
    typeof source === 'string' || isIterable,
    `${where}: text`,
    source,
    'a string or several strings.',
  );
  let length = 0;
  for (const text of typeof source === 'string' ? [source] : source) {
    expectThat(typeof text === 'string', `${where}: text`, text, 'a string.');
    length += text.length;
    yield text;
  }
  if (!length)
    throw new TokenizerError(`${where}: the text is empty, there is nothing to learn from. Check the file.`);
}
