// The connect suite: how long players wait for a game, and for its return when the network lets them down.
//
// Invariant: a page connects with a real Chromium to a real server process; the lab's networks are namespaces of this machine. Rows of one network are
// made in turns with plain geckos.io's. Units: milliseconds.

import { runReconnects } from '../../../test/webrtc/reconnect-run.ts';
import { watchEnvironment } from '../environment.ts';
import { type Bound, type Gate, gateLines, judge, type Report, tableLines } from '../report.ts';
import type { ConnectPlan } from './connect-options.ts';
import {
  type ConnectRow,
  type EventsRow,
  eventsColumns,
  phaseColumns,
  type TroubleRow,
  troubleColumns,
  type VisitRow,
  visitColumns,
} from './connect-row.ts';
import { buildPages } from './page-folder.ts';
import { spreadOf } from './phases.ts';
import { troubleRows } from './troubles.ts';
import { labVisits, loopbackVisits, type VisitPlan } from './visits.ts';

type Bounds = { readonly [network: string]: readonly [gate: Bound, aim: Bound] };

const visitBounds: Bounds = { loopback: ['<= 600', '<= 300'], '100 ms RTT': ['<= 1600', '<= 1200'] };
const troubleBounds: Bounds = {
  'UDP blocked: connect() to first snapshot': ['<= 3000', '<= 2000'],
  'UDP dies in the game: to the next state': ['<= 3000', '<= 2000'],
  'all cut for 5 s: from the heal to the next state': ['<= 1500', '<= 800'],
};

export interface ConnectReport extends Report {
  readonly suite: 'connect';
  readonly rows: readonly ConnectRow[];
}

export async function runConnectSuite(
  { runs, hasLab, reconnects }: ConnectPlan,
  signal: AbortSignal,
  tell: (progress: string) => void,
): Promise<ConnectReport> {
  const environment = watchEnvironment({ server: null, generators: null });
  tell('building the pages');
  const plan: VisitPlan = { folder: await buildPages(), runs, signal, tell };
  const rows: ConnectRow[] = [...(await loopbackVisits(plan))];
  if (hasLab) rows.push(...(await labVisits(plan)), ...(await troubleRows({ ...plan, runs: Math.ceil(runs / 3) })));
  tell(`${reconnects} forced reconnects`);
  const { awayMs, ...counts } = await runReconnects(reconnects, signal);
  rows.push({ row: 'events', ...counts, awayMs: spreadOf(awayMs) });
  return { suite: 'connect', seed: 0, environment: environment(), rows, gates: rows.flatMap(gatesOf) };
}

/** Lines for a terminal. */
export function connectLines({ rows, gates, environment }: ConnectReport): string[] {
  const visits = rows.filter((row): row is VisitRow => row.row === 'visit');
  const events = rows.filter((row): row is EventsRow => row.row === 'events');
  const troubles = rows.filter((row): row is TroubleRow => row.row === 'trouble');
  return [
    ...tableLines(visitColumns, visits),
    '',
    'Medians of the phases, in milliseconds:',
    ...tableLines(phaseColumns, visits),
    '',
    ...(troubles.length > 0 ? [...tableLines(troubleColumns, troubles), ''] : []),
    ...tableLines(eventsColumns, events),
    '',
    `Load ${environment.loadavgBefore[0]} before and ${environment.loadavg[0]} after, on ${environment.cores} cores.`,
    '',
    ...gateLines(gates),
  ];
}

function gatesOf(row: ConnectRow): Gate[] {
  if (row.row === 'trouble') {
    const [gate, aim] = troubleBounds[row.network] ?? ['<= 0', '<= 0'];
    return [judge(`${row.network}, median`, row.tookMs.p50, 'ms', gate, aim)];
  }
  if (row.row === 'events') {
    const at = `over ${row.reconnects} forced reconnects`;
    return (['lost', 'doubled', 'reordered'] as const).map((how) => judge(`reliable events ${how} ${at}`, row[how], 'events', '= 0'));
  }
  if (row.row !== 'visit' || row.of !== 'tickwire') return [];
  const [gate, aim] = visitBounds[row.network] ?? ['<= 0', '<= 0'];
  return [
    judge(`page to first snapshot, ${row.network}, median`, row.firstSnapshotMs.p50, 'ms', gate, aim),
    judge(`connect() to first snapshot, ${row.network}, median`, row.fromConnectMs.p50, 'ms', gate, aim),
  ];
}
