/** Checks of what comes in from outside, with the wording they share. */
import { TokenizerError } from './errors';
import type { TextSource } from './tokenizer';

/** A short description of any value for a message. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return value && typeof value === 'object' ? 'an object' : String(value);
}

/** Throws `where is … , expected …` unless `ok`. */
export function expectThat(ok: boolean, where: string, value: unknown, expected: string): asserts ok {
  if (!ok) throw new TokenizerError(`${where} is ${describe(value)}, expected ${expected}`);
}

/** Throws unless `value` is an integer from `least` to `most`. */
export function expectInteger(where: string, value: unknown, least: number, most = 2 ** 53): void {
  const ok = Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
  expectThat(ok, where, value, `an integer from ${least} to ${most}.`);
}

/** Throws unless `value` is one of `choices`. */
export function expectChoice<T extends string>(where: string, value: T, choices: readonly T[]): T {
  expectThat(choices.includes(value), where, value, `'${choices.join("' or '")}'.`);
  return value;
}

/** Throws unless `value` is a record whose keys are all among `keys`. */
export function expectRecord(
  where: string,
  value: unknown,
  keys: readonly string[],
): asserts value is object {
  expectThat(typeof value === 'object' && !!value && !Array.isArray(value), where, value, 'an object.');
  for (const key of Object.keys(value)) {
    expectThat(keys.includes(key), `${where} has a key that`, key, `one of ${keys.join(', ')}.`);
  }
}

/** Throws unless `json` is what `toJSON` of this kind of tokenizer writes: type, version and exactly `keys`. */
export function expectJSON<T>(where: string, json: unknown, type: string, keys: readonly string[]): T {
  const { type: found, version } = (json ?? {}) as { type?: unknown; version?: unknown };
  expectThat(
    found === type,
    `${where}: type`,
    found,
    `'${type}', from parsed JSON. tokenizerFromJSON reads all types.`,
  );
  expectThat(version === 1, `${where}: version`, version, '1. Update @rnnlab/tokenizer to read newer ones.');
  expectRecord(where, json, ['type', 'version', ...keys]);
  for (const key of keys)
    expectThat(Object.hasOwn(json, key), `${where}: ${key}`, undefined, 'a value. Save it again.');
  return json as T;
}

/** The texts of `source`. Throws for anything that is no text, and when they are all empty. */
export function* eachText(where: string, source: TextSource): Generator<string> {
  const texts = typeof source === 'string' ? [source] : source;
  expectThat(!!texts?.[Symbol.iterator], `${where}: text`, source, 'a string or several.');
  let empty = true;
  for (const text of texts) {
    expectThat(typeof text === 'string', `${where}: text`, text, 'a string or several.');
    if (text) empty = false;
    yield text;
  }
  expectThat(!empty, `${where}: text`, '', 'something to learn from.');
}
