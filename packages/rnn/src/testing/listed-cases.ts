import { expect, it } from 'vitest';

/** Cases that are not run, and why. */
export type OutsideCases = Readonly<Record<string, string>>;

/** One test a case, except for those that are listed; a listed name that no case has is a failure. */
export function testCases<Case extends { readonly name: string }>(
  cases: readonly Case[],
  outside: OutsideCases,
  run: (golden: Case) => void,
): void {
  it('lists only cases that exist, and leaves some to run', () => {
    const names = new Set(cases.map(({ name }) => name));
    expect(Object.keys(outside).filter((name) => !names.has(name))).toEqual([]);
    expect(cases.length).toBeGreaterThan(Object.keys(outside).length);
  });
  it.each(cases.filter(({ name }) => !Object.hasOwn(outside, name)))('$name', run);
}
