// The rows of the connect suite: visits of a page on a network, and what happens to a player whose network changes.
//
// Invariant: a row has the median of its runs with the least and the most; nothing is left out. Units: milliseconds.

import { type Column, rounded } from '../report.ts';
import type { Marks } from './page-marks.ts';
import { phases, phasesOf, type Spread, spreadOf } from './phases.ts';

/** Visits of one page on one network. */
export interface VisitRow {
  readonly row: 'visit';
  readonly network: string;
  readonly of: 'tickwire' | 'geckos.io';
  readonly runs: number;
  /** From the start of the navigation: HTTP, the page and its script are in it. */
  readonly firstSnapshotMs: Spread;
  /** From the page's call of connect to the first snapshot: all of HTTP that is not the page itself. */
  readonly fromConnectMs: Spread;
  /** Until the link is open: geckos' onConnect, our welcome. */
  readonly connectedMs: Spread;
  /** Until the own square is drawn. */
  readonly drawnMs: Spread | null;
  /** Medians of the phases, by name. Their sum is not exactly the median of the whole. */
  readonly phasesMs: { readonly [phase: string]: number };
}

/** What a change of the network costs a player: from the change (or from its end) to the next state shown. */
export interface TroubleRow {
  readonly row: 'trouble';
  readonly network: string;
  readonly runs: number;
  readonly tookMs: Spread;
  /** Transports at the end of the runs. */
  readonly transports: readonly string[];
}

/** Reliable events while links are taken away again and again. */
export interface EventsRow {
  readonly row: 'events';
  readonly reconnects: number;
  readonly sent: number;
  readonly lost: number;
  readonly doubled: number;
  readonly reordered: number;
  readonly awayMs: Spread;
}

export type ConnectRow = VisitRow | TroubleRow | EventsRow;

export function makeVisitRow(network: string, of: VisitRow['of'], visits: readonly Marks[]): VisitRow {
  const spread = (mark: string): Spread => spreadOf(visits.map((marks) => marks[mark] ?? Number.NaN));
  const each = visits.map(phasesOf);
  return {
    row: 'visit',
    network,
    of,
    runs: visits.length,
    firstSnapshotMs: spread('snapshot'),
    fromConnectMs: spreadOf(visits.map(({ snapshot = Number.NaN, begin = Number.NaN }) => snapshot - begin)),
    connectedMs: spread('welcome'),
    drawnMs: of === 'tickwire' ? spread('drawn') : null,
    phasesMs: Object.fromEntries(phases.map(({ name }, phase) => [name, spreadOf(each.map((times) => times[phase] ?? Number.NaN)).p50])),
  };
}

/** For people: who is how fast where. */
export const visitColumns: readonly Column<VisitRow>[] = [
  { heading: 'network', text: ({ network }) => network },
  { heading: 'of', text: (row) => row.of },
  { heading: 'runs', text: ({ runs }) => `${runs}` },
  { heading: 'page to link ms p50', text: ({ connectedMs }) => rounded(connectedMs.p50) },
  { heading: 'connect() to snapshot p50', text: ({ fromConnectMs }) => rounded(fromConnectMs.p50) },
  { heading: 'page to snapshot p50', text: ({ firstSnapshotMs }) => rounded(firstSnapshotMs.p50) },
  { heading: 'min', text: ({ firstSnapshotMs }) => rounded(firstSnapshotMs.min) },
  { heading: 'max', text: ({ firstSnapshotMs }) => rounded(firstSnapshotMs.max) },
  { heading: 'drawn p50', text: ({ drawnMs }) => (drawnMs ? rounded(drawnMs.p50) : '') },
];

/** For people: where the time goes. */
export const phaseColumns: readonly Column<VisitRow>[] = [
  { heading: 'network', text: ({ network }) => network },
  { heading: 'of', text: (row) => row.of },
  ...phases.map(({ name }) => ({ heading: name, text: ({ phasesMs }: VisitRow) => rounded(phasesMs[name] ?? Number.NaN) })),
];

export const troubleColumns: readonly Column<TroubleRow>[] = [
  { heading: 'what happens, 100 ms RTT', text: ({ network }) => network },
  { heading: 'runs', text: ({ runs }) => `${runs}` },
  { heading: 'ms p50', text: ({ tookMs }) => rounded(tookMs.p50) },
  { heading: 'min', text: ({ tookMs }) => rounded(tookMs.min) },
  { heading: 'max', text: ({ tookMs }) => rounded(tookMs.max) },
  { heading: 'then over', text: ({ transports }) => [...new Set(transports)].join(', ') },
];

export const eventsColumns: readonly Column<EventsRow>[] = [
  { heading: 'forced reconnects', text: ({ reconnects }) => `${reconnects}` },
  { heading: 'events', text: ({ sent }) => `${sent}` },
  { heading: 'lost', text: ({ lost }) => `${lost}` },
  { heading: 'doubled', text: ({ doubled }) => `${doubled}` },
  { heading: 'reordered', text: ({ reordered }) => `${reordered}` },
  { heading: 'away ms p50', text: ({ awayMs }) => rounded(awayMs.p50) },
  { heading: 'max', text: ({ awayMs }) => rounded(awayMs.max) },
];
