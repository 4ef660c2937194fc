// The wire suite: what a snapshot costs in bytes, CPU and heap, for Tickwire and for what else there is, on the same states at the same precision.
//
// Bytes are exact and the same everywhere; CPU is only ever compared within one run. Invariant: every receiver is held against the truth; a codec that is
// wrong says so in its row and fails the run. Units: bytes of payload and microseconds of CPU per client per snapshot.

import { watchEnvironment } from '../environment.ts';
import { type Gate, gateLines, type Report, rounded, tableLines } from '../report.ts';
import { byteRows, makeTrace } from './byte-rows.ts';
import { type Contest, cpuRows } from './cpu-rows.ts';
import { type IdleResult, runIdleWorld } from './idle-world.ts';
import { byteGates, cpuGates, idleGates } from './wire-gates.ts';
import type { WirePlan } from './wire-options.ts';
import { type WireRow, wireColumns } from './wire-row.ts';

export interface WireReport extends Report {
  readonly suite: 'wire';
  readonly rows: readonly WireRow[];
  readonly idle: IdleResult | null;
  readonly contests: readonly Contest[];
}

export function runWireSuite(plan: WirePlan, tell: (progress: string) => void): WireReport {
  const environment = watchEnvironment({ server: null, generators: null });
  const rows: WireRow[] = [];
  const contests: Contest[] = [];
  const gates: Gate[] = [];
  for (const name of plan.traces) {
    const trace = makeTrace(name, plan);
    const bytes = byteRows(trace, plan, tell);
    if (plan.bytesOnly) {
      rows.push(...bytes);
      continue;
    }
    const measured = cpuRows(trace, bytes, plan, tell);
    rows.push(...measured.rows);
    contests.push(measured.contest);
  }
  tell('idle world');
  const idle = plan.only || plan.traces.length < 3 ? null : runIdleWorld(plan.seed, plan.quick ? 10 : 30);
  gates.push(...byteGates(rows), ...(idle ? idleGates(idle) : []), ...(plan.only ? [] : cpuGates(contests)));
  return { suite: 'wire', seed: plan.seed, environment: environment(), rows, gates, idle, contests };
}

/** Lines for a terminal. */
export function wireLines({ rows, gates, idle, contests }: WireReport): string[] {
  const notes = [
    'Bytes are payload per client per snapshot; ack age in snapshots; server and decode are microseconds of CPU per client per snapshot, heap the bytes that',
    'serving allocates. (encode) leaves out taking the states over: change tracking, recording. A full state and an ordered stream ask for no acks.',
  ];
  if (idle)
    notes.push(
      `Idle world: ${rounded(idle.bytes)} B per client and second, ${rounded(idle.downPackets)} packets down, ${rounded(idle.upPackets)} up.`,
    );
  for (const { trace, server, serverEncodeOnly, decode } of contests)
    notes.push(`${trace}: server ${rounded(server)} x Colyseus, ${rounded(serverEncodeOnly)} x without recording; decoding ${rounded(decode)} x.`);
  return [...tableLines(wireColumns, rows), '', ...notes, '', ...gateLines(gates)];
}
