// One side of one trace's CPU figures, measured in a process of its own: a server never reads snapshots, and a page never writes them.
//
// The child is this program again with the command `wire-side`; it prints its results as JSON, NaN as null. Invariant: the trace is made anew from the
// plan's seed, so both processes have the same. Units: those of cpu-run.ts.

import { spawnSync } from 'node:child_process';
import type { CpuResult, Side } from './cpu-run.ts';
import type { TraceName } from './trace.ts';
import type { WirePlan } from './wire-options.ts';

/** What a child is asked. */
export interface SideTask {
  readonly trace: TraceName;
  readonly plan: WirePlan;
  readonly side: Side;
}

/** @throws Error when the child did not end well; what it said stands on stderr. */
export function runCpuApart(trace: TraceName, plan: WirePlan, side: Side, tell: (what: string) => void): CpuResult[] {
  tell(`${trace}: CPU of the ${side}, in a process of its own`);
  const task: SideTask = { trace, plan, side };
  const command = [...process.execArgv, process.argv[1] as string, 'wire-side', JSON.stringify(task)];
  const { status, stdout } = spawnSync(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`measuring the ${side} of ${trace} ended with ${status}`);
  return JSON.parse(stdout, (_, value: unknown) => (value === null ? Number.NaN : value)) as CpuResult[];
}
