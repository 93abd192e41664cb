/**
 * Cuts lines into training and validation so that no line is in both.
 *
 * A line of the validation part that also stands in the training part would be measured by memory. It stays in
 * the validation part, which therefore depends on nothing but its positions, and leaves the training part.
 */
import { ConfigError } from '@rnnlab/tensor';

/** How a corpus is cut. Give one of the two; default `validationEvery: 10`. */
export interface HoldOutOptions {
  /** Every k-th line is validation: lines k, 2k, 3k, … counted from 1. 0 for no validation. */
  validationEvery?: number;
  /** The last part of the lines is validation, from 0 (none) to below 1. */
  validationFraction?: number;
  /** What happens to training lines that are validation lines too. Default `'remove'`. */
  duplicates?: 'remove' | 'keep';
}

/** The cut lines, in their order. */
export interface HeldOutLines {
  training: string[];
  validation: string[];
  /** Training lines that were also validation lines: removed, or kept as asked. */
  duplicates: string[];
}

/** @throws {@link ConfigError} for impossible options. */
export function holdOut(lines: readonly string[], options: HoldOutOptions): HeldOutLines {
  const isValidation = validationTest(lines.length, options);
  const validation = lines.filter((_, index) => isValidation(index));
  const all = lines.filter((_, index) => !isValidation(index));
  const known = new Set(validation);
  const duplicates = all.filter((line) => known.has(line));
  const training = options.duplicates === 'keep' ? all : all.filter((line) => !known.has(line));
  return { training, validation, duplicates };
}

function validationTest(count: number, options: HoldOutOptions): (index: number) => boolean {
  const { validationFraction: fraction, validationEvery: every = fraction === undefined ? 10 : undefined } =
    options;
  if (fraction !== undefined) {
    if (options.validationEvery !== undefined) {
      throw new ConfigError(
        'LinesDataset: validationEvery and validationFraction are two ways to cut. Give one of them.',
      );
    }
    checkValidationFraction('LinesDataset', fraction);
    const first = count - Math.round(count * fraction);
    return (index) => index >= first;
  }
  if (every === 0) return () => false;
  if (!Number.isInteger(every) || every! < 2) {
    throw new ConfigError(
      `LinesDataset: validationEvery is ${every}, expected an integer ≥ 2 (every k-th line), or 0 for no validation.`,
    );
  }
  return (index) => (index + 1) % every! === 0;
}

/** @throws {@link ConfigError} unless 0 ≤ fraction < 1. */
export function checkValidationFraction(where: string, fraction: number): void {
  if (!(fraction >= 0 && fraction < 1)) {
    throw new ConfigError(
      `${where}: validationFraction is ${fraction}, expected a number from 0 (no validation) to below 1.`,
    );
  }
}
