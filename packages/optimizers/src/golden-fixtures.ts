/** Reads the golden vectors, and sees to it that every case of a file is either run or listed. Tests only. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** A tensor of the fixtures. NaN is written as null. */
export interface GoldenTensor {
  shape: number[];
  data: (number | null)[];
}

/** Tensors by parameter name. */
export type GoldenTensors = Record<string, GoldenTensor>;

/** One case: what it holds beside the names differs from file to file. */
export interface GoldenCase {
  name?: string;
  test?: string;
  problem?: string;
  optimizer: string;
  config: Record<string, unknown>;
  [key: string]: any;
}

/** A file of the fixtures, e.g. `optimizers/torch.json`. */
export function readGolden<Case = GoldenCase>(path: string): Record<string, any> & { cases: Case[] } {
  return JSON.parse(readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8'));
}

/** Runs every case, except those of `notOffered` optimizers, which must exist. */
export function runAll(
  path: string,
  notOffered: Record<string, string>,
  run: (c: GoldenCase, file: ReturnType<typeof readGolden>) => void,
): void {
  const file = readGolden(path);
  const offered = file.cases.filter(({ optimizer }) => !Object.hasOwn(notOffered, optimizer));
  it(`${path}: what is not offered is there`, () => {
    const names = new Set(file.cases.map(({ optimizer }) => optimizer));
    expect(Object.keys(notOffered).filter((optimizer) => !names.has(optimizer))).toEqual([]);
    expect(offered.length).toBeGreaterThan(0);
  });
  for (const [i, c] of offered.entries()) {
    const title = [c.problem, c.optimizer, c.name ?? c.test, c.gradients?.length < 20 ? c.gradients : i];
    it(`${path}: ${title.filter((part) => part !== undefined).join(' ')}`, () => run(c, file));
  }
}

/** |a − b| ≤ atol + rtol·|b| in every element; null is NaN. */
export function expectClose(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number | null>,
  atol: number,
  rtol: number,
): void {
  expect(actual.length, what).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const want = expected[i];
    const close =
      want === null ? Number.isNaN(actual[i]) : Math.abs(actual[i] - want) <= atol + rtol * Math.abs(want);
    if (!close)
      expect.fail(`${what}[${i}] is ${actual[i]}, expected ${want} within ${atol} + ${rtol}·|expected|`);
  }
}
