// Which cores the server and the load generators run on, so that neither takes the other's time.
//
// Invariant: the server has core 1 alone, generators have the others; without taskset or a second core nobody is pinned, and the report says so.

import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Lists of cores as `taskset -c` takes them. */
export interface Pinning {
  readonly server: string | null;
  readonly generators: string | null;
}

export function choosePinning(): Pinning {
  const cores = availableParallelism();
  const pins: Pinning = { server: '1', generators: cores > 2 ? `0,2-${cores - 1}` : '0' };
  const works =
    cores >= 2 && Object.values(pins).every((list: string) => spawnSync('taskset', ['-c', list, 'true'], { stdio: 'ignore' }).status === 0);
  return works ? pins : { server: null, generators: null };
}

/** Cores that generators may use. */
export function generatorCores({ generators }: Pinning): number {
  return generators === null ? availableParallelism() : Math.max(1, availableParallelism() - 1);
}
