// CPU and heap need a process of their own kind: with a callable collector, and collecting on the main thread, so that what a codec throws away is counted
// as its own time. This starts the same command again in such a process.
//
// Invariant: the child has the same stdio and its exit status is ours; it ends when we do. Units: none.

import { spawn } from 'node:child_process';

const flags = ['--expose-gc', '--single-threaded-gc'];

/** Whether this process is of that kind. */
export function canMeasure(): boolean {
  return globalThis.gc !== undefined;
}

/** Runs this command line in a process that can measure. @returns its exit status. */
export function runMeasuring(signal: AbortSignal): Promise<number> {
  const child = spawn(process.execPath, [...flags, ...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' });
  signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
