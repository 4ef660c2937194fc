// What SIGTERM and SIGINT do to a server's process: the first drains it, the second ends it at once.
//
// Invariant: a process that was told to end does end, whatever hangs: code of a game that never returns, a disk, a native thread. A thread of its own kills
// it when the time is over; that thread loads nothing but Node. Units: seconds, milliseconds.

import { Worker } from 'node:worker_threads';

/** What saving and closing may take when the drain is over. */
const overtimeMs = 10_000;

export interface Drained {
  drain(options: { seconds: number }): Promise<void>;
}

/** @param tell told that the first signal came, and how long the drain may take. */
export function endOnSignals(server: Drained, drainSeconds: number, tell: (message: string) => void): void {
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const seconds = signals++ === 0 ? drainSeconds : 0;
      if (seconds > 0) tell(`${signal}: the server ends in ${seconds} s at the latest, or at once with a second signal`);
      killAfter(seconds * 1000 + overtimeMs);
      // geckos' timers and native threads would hold the process for seconds.
      server.drain({ seconds }).finally(() => process.exit(0));
    });
  }
}

/** From another thread, since a timer of this one would wait for whatever hangs in it. */
function killAfter(ms: number): void {
  const code = "setTimeout(() => process.kill(process.pid, 'SIGKILL'), require('node:worker_threads').workerData)";
  new Worker(code, { eval: true, workerData: ms, execArgv: [], stdin: false }).unref();
}
