// The counting behind the last line of `npm test`: nothing but a passed test may count as passed.

import { expect, test } from 'vitest';
import { countReport } from '../../scripts/test-report.mjs';

test('[TD13] passed and failed tests are summed over the files', () => {
  const count = countReport(report([file('a', 'passed', 'passed'), file('b', 'failed', 'passed', 'failed')], false), 'exit 1');
  expect([count.passed, count.failed]).toEqual([2, 1]);
});

test('[TD13] skipped, pending and todo tests count as failed', () => {
  const count = countReport(report([file('a', 'passed', 'skipped', 'pending', 'todo', 'passed')], true), 'exit 0');
  expect([count.passed, count.failed]).toEqual([1, 3]);
});

test('[TD13] a file that did not load, one that failed in a hook and a run without files each count as one failed', () => {
  expect(countReport(report([file('a', 'failed')], false), 'exit 1')).toMatchObject({ passed: 0, failed: 1 });
  expect(countReport(report([file('a', 'failed', 'passed')], false), 'exit 1')).toMatchObject({ passed: 1, failed: 1 });
  expect(countReport(report([], true), 'exit 0')).toMatchObject({ passed: 0, failed: 1 });
});

test('[TD13] an error outside the tests, a crash and a missing report count as failed', () => {
  const good = [file('a', 'passed', 'passed')];
  expect(countReport(report(good, false), 'exit 1')).toMatchObject({ passed: 1, failed: 1 });
  expect(countReport(report(good, true), 'ended by SIGABRT')).toMatchObject({ passed: 1, failed: 1 });
  expect(countReport(undefined, 'stopped at its time limit of 60 s')).toMatchObject({ passed: 0, failed: 1 });
  expect(countReport('{ "success": tr', 'exit 1')).toMatchObject({ passed: 0, failed: 1 });
  expect(countReport(report(good, true), 'exit 0')).toMatchObject({ passed: 1, failed: 0 });
});

function report(testResults: object[], success: boolean): string {
  return JSON.stringify({ success, testResults });
}

function file(name: string, status: string, ...tests: string[]): object {
  return { name, status, assertionResults: tests.map((test, index) => ({ fullName: `${name} ${index}`, status: test })) };
}
