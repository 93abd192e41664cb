import { expect, it } from 'vitest';
import { ContentHash, contentHash } from './content-hash';

const hashOf = (text: string) => new ContentHash().add(new TextEncoder().encode(text)).toString();

it('is FNV-1a on bytes', () => {
  // The vectors of draft-eastlake-fnv, appendix C.
  expect(hashOf('')).toBe('811c9dc5');
  expect(hashOf('a')).toBe('e40c292c');
  expect(hashOf('foobar')).toBe('bf9cf968');
});

it('is the same in one piece and in several', () => {
  const whole = new ContentHash().add([5, 300_000, 0, 7]).end();
  const pieces = new ContentHash().add([5]).add([300_000, 0]).add([7]).end();
  expect(pieces.toString()).toBe(whole.toString());
});

it('changes with every token, every boundary and every character of the vocabulary', () => {
  const ids = (...values: number[]) => Int32Array.from(values);
  const hashes = [
    contentHash(['a', 'b'], [[ids(0, 1)], [ids(1)]]),
    contentHash(['a', 'c'], [[ids(0, 1)], [ids(1)]]),
    contentHash(['ab'], [[ids(0, 1)], [ids(1)]]),
    contentHash(['a', 'b'], [[ids(1, 0)], [ids(1)]]),
    contentHash(['a', 'b'], [[ids(0)], [ids(1, 1)]]),
    contentHash(['a', 'b'], [[ids(0), ids(1)], [ids(1)]]),
    contentHash(['a', 'b'], [[ids(0, 1), ids(1)], []]),
    contentHash(['a', 'b'], [[ids(0, 1)], [ids(1)], []]),
  ].map(String);
  expect(new Set(hashes).size).toBe(hashes.length);
});
