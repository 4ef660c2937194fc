// How long a process's main thread ran, and how long it had work and no core to do it on: what of a figure is the machine's doing.
//
// Invariant: NaN where the system does not say. Units: milliseconds since the process started.

import { readFileSync } from 'node:fs';

export interface ThreadTime {
  readonly ranMs: number;
  readonly waitedMs: number;
}

/** From Linux's schedstat, which has both in nanoseconds. */
export function threadTime(): ThreadTime {
  try {
    const [ran, waited] = readFileSync('/proc/self/schedstat', 'utf8').split(' ');
    return { ranMs: Number(ran) / 1e6, waitedMs: Number(waited) / 1e6 };
  } catch {
    return { ranMs: Number.NaN, waitedMs: Number.NaN };
  }
}
