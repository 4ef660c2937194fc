// Where a run took place: what its figures depend on and a reader cannot know.
//
// Invariant: nothing that tells one person's machine from another of the same kind: no host name, no path, no account.
// Units: load averages as the kernel gives them; steal in per cent of all CPU time of the run.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, platform, release } from 'node:os';
import { dirname, join } from 'node:path';
import type { Pinning } from './pinning.ts';

export interface Environment {
  readonly cpu: string;
  readonly cores: number;
  readonly os: string;
  readonly node: string;
  readonly versions: { readonly [name: string]: string };
  /** One, five and fifteen minutes, before the run and after it: what else the machine was doing, and the run itself. */
  readonly loadavgBefore: readonly number[];
  readonly loadavg: readonly number[];
  /** Time that the hypervisor gave to others; absent where the system does not say. */
  readonly stealPercent?: number;
  /** Cores of the server and of the load generators; null where they are not pinned. */
  readonly pinning: Pinning;
}

/** Begins to watch. @returns what to call when the run is over. */
export function watchEnvironment(pinning: Pinning): () => Environment {
  const loadavgBefore = loadavg().map(hundredths);
  const before = readCpuTime();
  return () => {
    const after = readCpuTime();
    const stolen = before && after && after.total > before.total ? ((after.steal - before.steal) / (after.total - before.total)) * 100 : undefined;
    return {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      os: `${platform()} ${release()}`,
      node: process.version,
      versions: { tickwire: versionOf('@tickwire/server'), 'node-datachannel': versionOf('node-datachannel'), v8: process.versions.v8 },
      loadavgBefore,
      loadavg: loadavg().map(hundredths),
      ...(stolen === undefined ? {} : { stealPercent: hundredths(stolen) }),
      pinning,
    };
  };
}

/** The first line of /proc/stat: user nice system idle iowait irq softirq steal, in clock ticks since boot. */
function readCpuTime(): { steal: number; total: number } | undefined {
  try {
    const times = /^cpu +([\d ]+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]?.split(' ').slice(0, 8).map(Number) ?? [];
    const steal = times[7];
    return steal === undefined ? undefined : { steal, total: times.reduce((sum, time) => sum + time, 0) };
  } catch {
    return undefined;
  }
}

/** From the package.json above the package's entry, which its exports may not name. */
function versionOf(name: string): string {
  let folder = dirname(createRequire(import.meta.url).resolve(name));
  while (folder !== dirname(folder)) {
    try {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string; version?: string };
      if (manifest.name === name) return manifest.version ?? 'unknown';
    } catch {
      // No package.json in this folder.
    }
    folder = dirname(folder);
  }
  return 'unknown';
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
