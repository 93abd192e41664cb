/** Readers of option values for the argument parser: each returns a number or says what was expected. */
import { InvalidArgumentError } from '@commander-js/extra-typings';

function reader(expected: string, valid: (value: number) => boolean) {
  return (text: string): number => {
    const value = text.trim() === '' ? NaN : Number(text);
    if (!valid(value)) throw new InvalidArgumentError(`Expected ${expected}.`);
    return value;
  };
}

export const count = reader('an integer of at least 1', (x) => Number.isSafeInteger(x) && x >= 1);
export const wholeNumber = reader('an integer of at least 0', (x) => Number.isSafeInteger(x) && x >= 0);
export const validationEvery = reader(
  'an integer of at least 2, or 0 for no validation',
  (x) => Number.isSafeInteger(x) && x >= 0 && x !== 1,
);
export const positive = reader('a number above 0', (x) => x > 0 && x < Infinity);
export const notNegative = reader('a number of at least 0', (x) => x >= 0 && x < Infinity);
export const fraction = reader('a number from 0 to below 1', (x) => x >= 0 && x < 1);
export const probability = reader('a number above 0 and up to 1', (x) => x > 0 && x <= 1);
export const share = reader('a number from 0 to 1', (x) => x >= 0 && x <= 1);
/** Threads of a backend. */
export function threads(text: string): number | 'auto' {
  return text === 'auto' ? text : threadCount(text);
}
const threadCount = reader(
  "'auto' or an integer from 1 to 64",
  (x) => Number.isInteger(x) && x >= 1 && x <= 64,
);

export const seed = reader(
  'an integer from 0 to 4294967295',
  (x) => Number.isInteger(x) && x >= 0 && x <= 0xffffffff,
);

/** An option that may be given again and again. */
export function repeated(text: string, before: string[] = []): string[] {
  return [...before, text];
}
