// What `npm test` runs: type check, lint, then every vitest project, in that order, one after the other.
//
// `npm test` runs all steps; `npm test -- lint unit` runs the named ones. The last line is `tests: N passed, N failed`: the type check and the lint
// count as one test each, the rest is summed from vitest's own JSON reports (test-report.mjs says what counts as failed).
// Invariant: every step has a time limit, and all of them together end within LIMIT_MS.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from './chromium.mjs';
import { ensureFirefox } from './firefox.mjs';
import { ensureNetlab } from './netlab.mjs';
import { countReport, oneFailed } from './test-report.mjs';

/** @typedef {import('./test-report.mjs').Count} Count */
/** @typedef {{ name: string, limitMs: number, run: (limitMs: number) => Promise<Count> }} Step */

const MINUTE_MS = 60_000;

/** Below the 25 minutes that a fresh clone may take, with room for `npm install`. */
const LIMIT_MS = 23.5 * MINUTE_MS;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const reports = join(root, '.artifacts', 'reports');

/** @type {Step[]} */
const steps = [
  { name: 'types', limitMs: 4 * MINUTE_MS, run: (limitMs) => runTool('tsc -b', ['typescript/bin/tsc', '-b'], limitMs) },
  {
    name: 'lint',
    limitMs: 2 * MINUTE_MS,
    run: (limitMs) => runTool('biome check', ['@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'], limitMs),
  },
  vitestStep('tidy', 2),
  vitestStep('unit', 4),
  vitestStep('golden', 2),
  vitestStep('sim', 8),
  vitestStep('contract', 4),
  vitestStep('webrtc', 6),
  vitestStep('packaging', 4),
  browserStep('engines', 12, [ensureChromium, ensureFirefox]),
  browserStep('e2e', 12, [ensureChromium, ensureFirefox]),
  // They wait rather than work, and run beside each other.
  browserStep('tabs', 12, [ensureNetlab, ensureChromium], ['tabs', 'soak', 'restart', 'netlab']),
];

/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => {
    for (const child of children) killTree(child);
    process.exit(130);
  });
}

process.exitCode = await main(process.argv.slice(2));

/**
 * @param {string[]} wanted names of steps; all when empty
 * @returns {Promise<number>} the exit status
 */
async function main(wanted) {
  const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    console.error(`No such step: ${unknown.join(', ')}. Steps: ${steps.map((step) => step.name).join(', ')}.`);
    return 1;
  }
  const chosen = wanted.length === 0 ? steps : steps.filter((step) => wanted.includes(step.name));
  const startMs = performance.now();
  const total = { passed: 0, failed: 0 };
  /** @type {string[]} */
  const summary = [];
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  for (const step of chosen) {
    console.log(`\n=== ${step.name}`);
    const stepStartMs = performance.now();
    const leftMs = LIMIT_MS - (stepStartMs - startMs);
    const count = leftMs > 0 ? await step.run(Math.min(step.limitMs, leftMs)) : oneFailed('not run: the time for all tests was used up');
    total.passed += count.passed;
    total.failed += count.failed;
    const seconds = ((performance.now() - stepStartMs) / 1000).toFixed(1);
    summary.push(`${count.failed === 0 ? 'ok  ' : 'FAIL'} ${step.name.padEnd(10)} ${count.passed} passed, ${count.failed} failed, ${seconds} s`);
    summary.push(...count.notes.map((note) => `       ${note}`));
  }
  console.log(`\n${summary.join('\n')}\n`);
  console.log(`tests: ${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

/**
 * @param {string} project
 * @param {number} limitMinutes
 * @returns {Step}
 */
function vitestStep(project, limitMinutes) {
  return { name: project, limitMs: limitMinutes * MINUTE_MS, run: (limitMs) => runVitest(project, limitMs) };
}

/**
 * A vitest project that needs browsers or other programs, which are installed first if need be.
 * @param {string} project
 * @param {number} limitMinutes of which all but the tests' own minute or two are for slow mirrors
 * @param {readonly (() => string)[]} needs
 * @param {readonly string[]} projects of vitest, when they are more than the one of that name
 * @returns {Step}
 */
function browserStep(project, limitMinutes, needs, projects = [project]) {
  return {
    name: project,
    limitMs: limitMinutes * MINUTE_MS,
    async run(limitMs) {
      const startMs = performance.now();
      try {
        for (const ensure of needs) console.log(`found: ${ensure()}`);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        console.log(message);
        return { passed: 0, failed: 1, notes: message.split('\n') };
      }
      return runVitest(project, limitMs - (performance.now() - startMs), projects);
    },
  };
}

/**
 * A tool that passes or fails as a whole.
 * @param {string} name
 * @param {[string, ...string[]]} command a script below node_modules, and its arguments
 * @param {number} limitMs
 * @returns {Promise<Count>}
 */
async function runTool(name, [script, ...args], limitMs) {
  const ended = await runNode([join(root, 'node_modules', script), ...args], limitMs);
  return ended === 'exit 0' ? { passed: 1, failed: 0, notes: [] } : oneFailed(`${name}: ${ended}`);
}

/**
 * @param {string} project
 * @param {number} limitMs
 * @param {readonly string[]} projects
 * @returns {Promise<Count>}
 */
async function runVitest(project, limitMs, projects = [project]) {
  const report = join(reports, `${project}.json`);
  const args = ['run', ...projects.map((name) => `--project=${name}`), '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const ended = await runNode([join(root, 'node_modules/vitest/vitest.mjs'), ...args], limitMs);
  return countReport(existsSync(report) ? readFileSync(report, 'utf8') : undefined, ended);
}

/**
 * @param {string[]} args
 * @param {number} limitMs
 * @returns {Promise<string>} `exit 0`, or how else it ended
 */
function runNode(args, limitMs) {
  return new Promise((resolve) => {
    // A group of its own, so that at the time limit the servers and browsers that tests started end too.
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], detached: process.platform !== 'win32' });
    children.add(child);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      killTree(child);
    }, limitMs);
    const end = (/** @type {string} */ how) => {
      clearTimeout(timer);
      children.delete(child);
      resolve(timedOut ? `stopped at its time limit of ${Math.round(limitMs / 1000)} s` : how);
    };
    child.on('error', (error) => end(error.message));
    child.on('exit', (status, signal) => end(signal ? `ended by ${signal}` : `exit ${status}`));
  });
}

/** @param {import('node:child_process').ChildProcess} child */
function killTree(child) {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}
