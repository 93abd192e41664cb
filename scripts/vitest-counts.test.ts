import { expect, it } from 'vitest';
import { vitestCounts } from './vitest-counts.mjs';

const passing = { status: 'passed', assertionResults: [{ status: 'passed' }] };
const report = (changes: object = {}) =>
  JSON.stringify({
    success: true,
    numPassedTests: 3,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [passing],
    ...changes,
  });

it('is green for a whole report of passed tests and a good end', () => {
  expect(vitestCounts(report(), true)).toEqual({ ok: true, passed: 3, failed: 0, skipped: 0, files: 1 });
});

it.each([
  ['there is no report', undefined, true],
  ['the report was cut off', report().slice(0, 40), true],
  ['vitest ended badly behind a good report', report(), false],
  ['the report is of no success', report({ success: false }), true],
  ['no test ran', report({ numPassedTests: 0, testResults: [] }), true],
])('is red with one failure when %s', (_, json, endedWell) => {
  expect(vitestCounts(json, endedWell)).toMatchObject({ ok: false, failed: 1 });
});

it('counts a file that could not be loaded beside the tests that failed, and what was skipped', () => {
  const unloaded = { status: 'failed', assertionResults: [] };
  const failing = { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] };
  const json = report({
    success: false,
    numFailedTests: 1,
    numPendingTests: 2,
    testResults: [passing, unloaded, failing],
  });
  expect(vitestCounts(json, false)).toEqual({ ok: false, passed: 3, failed: 2, skipped: 2, files: 3 });
});
