/**
 * What vitest's JSON report says, read with distrust: a run is green only when vitest ended well, left a whole
 * report, and some test passed.
 *
 * @param {string | undefined} json the report, undefined when there is none
 * @param {boolean} endedWell whether vitest's exit code was 0
 * @returns {{ ok: boolean, passed: number, failed: number, skipped: number, files: number }}
 */
export function vitestCounts(json, endedWell) {
  let report;
  try {
    report = JSON.parse(json);
  } catch {
    return { ok: false, passed: 0, failed: 1, skipped: 0, files: 0 };
  }
  const passed = report.numPassedTests;
  const skipped = report.numPendingTests + report.numTodoTests;
  // A file that could not be loaded is no failed test in vitest's count.
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + unloaded;
  const ok = endedWell && report.success === true && passed > 0 && failed === 0;
  return { ok, passed, failed: ok ? 0 : Math.max(failed, 1), skipped, files: report.testResults.length };
}
