/** Several arrays read as one long vector, for methods that see all parameters together. */
import type { FloatArray } from './parameter';

export type Blocks = readonly FloatArray[];

/** aᵀb */
export function dot(a: Blocks, b: Blocks): number {
  let sum = 0;
  for (const [p, x] of a.entries()) {
    const y = b[p];
    for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  }
  return sum;
}

/** Σ|aᵢ| */
export function sumOfSizes(a: Blocks): number {
  let sum = 0;
  for (const block of a) for (let i = 0; i < block.length; i++) sum += Math.abs(block[i]);
  return sum;
}

/** max|aᵢ|, NaN when an element is */
export function largestSize(a: Blocks): number {
  let max = 0;
  for (const block of a) for (let i = 0; i < block.length; i++) max = Math.max(max, Math.abs(block[i]));
  return max;
}

/** to ← to + factor·from */
export function addScaled(to: Blocks, factor: number, from: Blocks): void {
  for (const [p, x] of from.entries()) {
    const y = to[p];
    for (let i = 0; i < x.length; i++) y[i] += factor * x[i];
  }
}

/** to ← factor·from */
export function assign(to: Blocks, from: Blocks, factor = 1): void {
  for (const [p, x] of from.entries()) {
    const y = to[p];
    for (let i = 0; i < x.length; i++) y[i] = factor * x[i];
  }
}

/** a ← keep·a + (1 − keep)·x */
export function average(a: FloatArray, keep: number, x: FloatArray): void {
  for (let i = 0; i < x.length; i++) a[i] = keep * a[i] + (1 - keep) * x[i];
}
