import { expect, it } from 'vitest';
import { restoreNodeUtil } from './restore-node-util';

it('puts back what Node 23 removed, and it works as it did', () => {
  const util: Record<string, unknown> = { format: () => '' };
  expect(restoreNodeUtil(util)).toEqual(['isNullOrUndefined', 'isArray']);
  const { isNullOrUndefined, isArray } = util as Record<string, (value: unknown) => boolean>;
  expect([null, undefined, 0, '', false].map(isNullOrUndefined)).toEqual([true, true, false, false, false]);
  expect([[], [1], { length: 0 }, 'a'].map(isArray)).toEqual([true, true, false, false]);
  expect(Object.keys(util)).toEqual(['format']); // nothing new for who lists the module
});

it('leaves what is there, and does nothing the second time', () => {
  const own = () => true;
  const util: Record<string, unknown> = { isArray: own };
  expect(restoreNodeUtil(util)).toEqual(['isNullOrUndefined']);
  expect(util.isArray).toBe(own);
  expect(restoreNodeUtil(util)).toEqual([]);
});

it('acts on the module of this process by default', () => {
  const [major] = process.versions.node.split('.').map(Number);
  const before = restoreNodeUtil();
  if (major < 23) expect(before).toEqual([]);
  expect(restoreNodeUtil()).toEqual([]);
});
