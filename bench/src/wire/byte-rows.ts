// The rows' byte figures: each codec on each trace at both ack ages, without loss and at 5 %.
//
// Invariant: one codec runs the same snapshots with the same losses as the next. Units: bytes per client per snapshot.

import { arenaTrace } from './arena-trace.ts';
import { bodiesTrace } from './bodies-trace.ts';
import { type ByteResult, runBytes } from './byte-run.ts';
import type { Codec } from './codec.ts';
import { colyseus } from './colyseus-codec.ts';
import { crowdTrace } from './crowd-trace.ts';
import { geckos, json, msgpackr, msgpackrRecords } from './full-state-codecs.ts';
import { makeNearLimit } from './near-limit.ts';
import { tickwire } from './tickwire-codec.ts';
import type { Trace, TraceName } from './trace.ts';
import type { WirePlan } from './wire-options.ts';
import type { WireRow } from './wire-row.ts';

export const lossShare = 0.05;

const nearLimitName = 'near-limit';
/** Those that a run without `--only` measures, in the order of the table. */
const makers: readonly (() => Codec)[] = [
  () => json,
  () => msgpackr,
  () => msgpackrRecords,
  () => geckos,
  () => colyseus,
  () => tickwire,
  makeNearLimit,
];

export function makeTrace(name: TraceName, { seed, quick }: WirePlan): Trace {
  if (name === 'arena') return arenaTrace(seed, quick ? 8 : 20);
  if (name === 'crowd') return crowdTrace(seed, quick ? 6 : 12);
  return bodiesTrace(seed, quick ? 4 : 10);
}

/** Next snapshot, and a round trip of 100 ms: there and back, and the wait for the next snapshot. */
export function ackAgesOf({ snapshotHz }: Trace): readonly [number, number] {
  return [1, snapshotHz === 60 ? 6 : 3];
}

export function byteRows(trace: Trace, plan: WirePlan, tell: (what: string) => void): WireRow[] {
  const rows: WireRow[] = [];
  for (const make of makers) {
    const { name, isOrdered } = make();
    if (plan.only && !plan.only.includes(name)) continue;
    tell(`${trace.name}: ${name}`);
    const isBound = name === nearLimitName;
    // A full state and an ordered stream do not ask what was acknowledged: one run is both ack ages, and loss changes nothing.
    const asksAcks = isBound || name === tickwire.name;
    let before: ByteResult | undefined;
    for (const ackAge of ackAgesOf(trace)) {
      const whole: ByteResult = (asksAcks ? undefined : before) ?? bytesAt(make, trace, plan, ackAge, 0);
      before = whole;
      const lossy = asksAcks ? bytesAt(make, trace, plan, ackAge, lossShare) : whole;
      const fault = whole.fault ?? lossy.fault;
      rows.push({
        ...emptyRow(trace, name, trace.views ? 'near' : 'all', String(ackAge)),
        bytesMean: whole.mean,
        bytesP95: whole.p95,
        bytesMax: whole.max,
        packets: whole.packets,
        joinBytes: whole.join,
        lossBytesMean: isOrdered ? null : lossy.mean,
        lossRatio: isOrdered ? null : lossy.mean / whole.mean,
        check: isBound ? 'a bound' : fault ? `FAIL: ${fault}` : `${whole.checks + (asksAcks ? lossy.checks : 0)} ok`,
      });
    }
  }
  return rows;
}

export function emptyRow(trace: Trace, codec: string, views: WireRow['views'], ackAge: string): WireRow {
  const bytes = { bytesMean: null, bytesP95: null, bytesMax: null, packets: null, joinBytes: null, lossBytesMean: null, lossRatio: null };
  return { trace: trace.name, codec, views, ackAge, ...bytes, serverUs: null, encodeUs: null, decodeUs: null, heapBytes: null, check: '-' };
}

function bytesAt(make: () => Codec, trace: Trace, { seed, quick }: WirePlan, ackAge: number, loss: number): ByteResult {
  const codec = make();
  // Where all see all and nothing is lost, all are sent the same.
  const clients = trace.views ? (quick ? 12 : 30) : loss === 0 ? 1 : quick ? 2 : 4;
  const options = { clients, ackAges: [ackAge], loss, seed, isVerified: true };
  if (codec.name === nearLimitName) runBytes(codec, trace, options);
  return runBytes(codec, trace, options);
}
