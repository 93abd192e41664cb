/** What can be said of the mutations without running them; `npm run mutations` runs them. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mutations } from './mutations/list.mjs';
import { rowOf, rowsOfPage } from './mutations/page.mjs';
import { applyEdits } from './mutations/sandbox.mjs';

const root = new URL('../', import.meta.url);
const textOf = (path: string) => readFileSync(new URL(path, root), 'utf8');

it('every mutation can still be made: what it replaces is in the source exactly once', () => {
  for (const mutation of mutations) {
    const source = textOf(mutation.file);
    expect(applyEdits(source, mutation), mutation.what).not.toBe(source);
  }
  expect(new Set(mutations.map(({ what }) => what)).size).toBe(mutations.length);
  expect(mutations.length).toBeGreaterThanOrEqual(25);
});

it('every mutation names tests that are there', () => {
  const missing = mutations.flatMap(({ tests }) => tests).filter((test) => !existsSync(new URL(test, root)));
  expect(missing).toEqual([]);
});

it('refuses an edit of what is not there, or is there twice', () => {
  const mutation = { what: 'swapped', file: 'a.ts', edits: [['x', 'y']] };
  expect(() => applyEdits('a b', mutation)).toThrow('swapped: in a.ts, "x" is there 0 times, expected 1.');
  expect(() => applyEdits('x x', mutation)).toThrow('swapped: in a.ts, "x" is there 2 times, expected 1.');
});

it('the table of docs/testing.md lists the mutations: npm run mutations -- --markdown writes it', () => {
  expect(rowsOfPage()).toEqual(mutations.map(rowOf));
});
