// Counts one JSON report of vitest, strictly: whatever is not a passed test is a failed one.
//
// Invariant: skipped and todo tests, files that did not load, files whose hooks failed, errors outside any test and a missing report each count
// as failed, so that "0 failed" means that everything ran and held.

/** @typedef {{ passed: number, failed: number, notes: string[] }} Count */
/** @typedef {{ name: string, status: string, assertionResults: { fullName: string, status: string }[] }} FileResult */

/**
 * @param {string | undefined} json the report; undefined when vitest left none
 * @param {string} ended how vitest ended, `exit 0` when all is well
 * @returns {Count}
 */
export function countReport(json, ended) {
  const report = readReport(json);
  if (!report) return oneFailed(`vitest left no report: ${ended}`);
  /** @type {Count} */
  const count = { passed: 0, failed: 0, notes: [] };
  const fail = (/** @type {string} */ note) => {
    count.failed += 1;
    count.notes.push(note);
  };
  for (const file of report.testResults) {
    const failedBefore = count.failed;
    for (const test of file.assertionResults) {
      if (test.status === 'passed') count.passed += 1;
      else fail(`${test.status}: ${test.fullName}`);
    }
    if (file.assertionResults.length === 0) fail(`no test ran: ${file.name}`);
    else if (file.status === 'failed' && count.failed === failedBefore) fail(`failed outside its tests: ${file.name}`);
  }
  if (report.testResults.length === 0) fail('no test file was found');
  if (count.failed === 0 && (!report.success || ended !== 'exit 0'))
    fail(`vitest failed outside the tests (an unhandled error, or a crash): ${ended}`);
  return count;
}

/**
 * @param {string} note
 * @returns {Count}
 */
export function oneFailed(note) {
  return { passed: 0, failed: 1, notes: [note] };
}

/**
 * @param {string | undefined} json
 * @returns {{ success: boolean, testResults: FileResult[] } | undefined} undefined for a report that is missing or cut off
 */
function readReport(json) {
  try {
    return JSON.parse(json ?? '');
  } catch {
    return undefined;
  }
}
