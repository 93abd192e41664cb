/**
 * Matchers for vitest whose failure names the tensor, the index, both values and the tolerance.
 *
 *   |a − b| ≤ atol + rtol·|b|        b is what was expected; NaN equals NaN only, ±∞ only itself
 */
import type { MatcherResult } from 'vitest';
import { formatShape, sameShape } from '../shape';
import { Tensor } from '../tensor';

/** How far two tensors may be apart. */
export interface Tolerance {
  /** Relative to the expected value. Default 1e-7. */
  rtol?: number;
  /** Absolute. Default 0. */
  atol?: number;
  /** Shown in the failure. Default `'tensor'`. */
  name?: string;
}

declare module 'vitest' {
  interface Matchers<T> {
    /** Shape, dtype and every element within the tolerance. */
    toBeCloseToTensor(expected: Tensor, tolerance?: Tolerance): T;
    /** Shape, dtype and every bit of every element (−0 differs from 0). */
    toEqualTensor(expected: Tensor, name?: string): T;
  }
}

/**
 * Give them to `expect.extend`.
 *
 * @example
 * ```ts
 * import { Tensor } from '@rnnlab/tensor';
 * import { tensorMatchers } from '@rnnlab/tensor/testing';
 * import { expect } from 'vitest';
 *
 * expect.extend(tensorMatchers);
 * expect(Tensor.from([1, 2.00001])).toBeCloseToTensor(Tensor.from([1, 2]), { rtol: 1e-4, name: 'output' });
 * ```
 */
export const tensorMatchers = {
  toBeCloseToTensor(actual: unknown, expected: Tensor, tolerance: Tolerance = {}): MatcherResult {
    const { rtol = 1e-7, atol = 0, name = 'tensor' } = tolerance;
    const close = (a: number, b: number) =>
      Object.is(a, b) || a === b || Math.abs(a - b) <= atol + rtol * Math.abs(b);
    return compare(
      actual,
      expected,
      close,
      name,
      (b) => `tolerance ${atol} + ${rtol}·|expected| = ${atol + rtol * Math.abs(b)}`,
    );
  },
  toEqualTensor(actual: unknown, expected: Tensor, name = 'tensor'): MatcherResult {
    return compare(actual, expected, Object.is, name, () => 'expected the same bits');
  },
};

function compare(
  actual: unknown,
  expected: Tensor,
  close: (a: number, b: number) => boolean,
  name: string,
  limit: (b: number) => string,
): MatcherResult {
  const fail = (message: string): MatcherResult => ({ pass: false, message: () => `${name}: ${message}` });
  if (!(actual instanceof Tensor)) return fail(`is no Tensor but ${String(actual)}`);
  if (actual.dtype !== expected.dtype) return fail(`is ${actual.dtype}, expected ${expected.dtype}`);
  if (!sameShape(actual.shape, expected.shape)) {
    return fail(`has shape ${formatShape(actual.shape)}, expected ${formatShape(expected.shape)}`);
  }
  const wrong: number[] = [];
  for (let k = 0; k < actual.size; k++) if (!close(actual.data[k], expected.data[k])) wrong.push(k);
  if (!wrong.length)
    return { pass: true, message: () => `${name}: every element is as close as was asked for` };
  const distance = (k: number) => {
    const d = Math.abs(actual.data[k] - expected.data[k]);
    return Number.isNaN(d) ? Infinity : d;
  };
  const k = wrong.reduce((worst, next) => (distance(next) > distance(worst) ? next : worst));
  const index = expected.shape.map((d, axis) => {
    const stride = expected.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    return Math.floor(k / stride) % d;
  });
  return fail(
    `${wrong.length} of ${actual.size} elements differ, most at [${index.join(', ')}]: got ${actual.data[k]}, expected ${expected.data[k]}, ` +
      `apart by ${Math.abs(actual.data[k] - expected.data[k])}, ${limit(expected.data[k])}`,
  );
}
