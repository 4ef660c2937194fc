// The rows' CPU and heap figures, and the contests that the gates read: which codecs run on what, with how many clients, at which distances.
//
// Contenders of one trace run in the same rounds, so that a ratio compares what the machine was like at the time. Invariant: a ratio is the median of the
// rounds' ratios. Units: microseconds of CPU per client per snapshot; round trips in milliseconds.

import { ackAgesOf, emptyRow } from './byte-rows.ts';
import { runBytes } from './byte-run.ts';
import { colyseus } from './colyseus-codec.ts';
import { runCpuApart } from './cpu-process.ts';
import { type Contender, type CpuResult, median, runCpu, type Side } from './cpu-run.ts';
import { geckos, json, msgpackr, msgpackrRecords } from './full-state-codecs.ts';
import { tickwire } from './tickwire-codec.ts';
import { shortened, snapshotCount, type Trace, withOwnViews } from './trace.ts';
import type { WirePlan } from './wire-options.ts';
import type { WireRow } from './wire-row.ts';

/** Ratios of Tickwire to Colyseus on one trace; NaN where not measured. */
export interface Contest {
  readonly trace: Trace['name'];
  /** Clients at all distances, against Colyseus' own way on this trace: shared broadcast or StateView. */
  readonly server: number;
  readonly serverEncodeOnly: number;
  /** Every client with a view of its own, against the shared broadcast. */
  readonly serverOwnViews: number;
  readonly decode: number;
  /** The codec's CPU for 200 clients with one view over that for one. */
  readonly manyOverOne: number;
}

interface Entry extends Contender {
  readonly label: string;
  readonly views: WireRow['views'];
  /** Ack ages of the rows that this entry's figures belong to. */
  readonly rowAges: readonly string[];
}

const manyClients = 200;
const nearMs = 20;
const farMs = 150;

/** Fills the rows of a trace with what was measured, and adds those of the clients at all distances. */
export function cpuRows(trace: Trace, rows: readonly WireRow[], plan: WirePlan, tell: (what: string) => void): { rows: WireRow[]; contest: Contest } {
  const entries = entriesOf(trace, plan);
  const [served, read] = (['server', 'client'] as const).map((side) => runCpuApart(trace.name, plan, side, tell));
  const results = entries.map((_, index) => joined(served?.[index] as CpuResult, read?.[index] as CpuResult));
  const filled = [...rows];
  for (const [index, { codec, views, rowAges, label }] of entries.entries()) {
    for (const age of label.startsWith('many') ? [] : rowAges) {
      const place = filled.findIndex((row) => row.codec === codec.name && row.views === views && row.ackAge === age);
      const row = place < 0 ? ownRow(trace, entries[index] as Entry, age, plan) : (filled[place] as WireRow);
      const { serverUs, encodeUs, decodeUs, heapBytes } = results[index] as CpuResult;
      filled[place < 0 ? filled.length : place] = { ...row, serverUs, encodeUs, decodeUs, heapBytes };
    }
  }
  return { rows: filled, contest: contestOf(trace, entries, results) };
}

/** What one side of all entries of a trace costs. Runs in a process of its own. */
export function sideOf(trace: Trace, plan: WirePlan, side: Side, tell: (what: string) => void): CpuResult[] {
  return runCpu(entriesOf(trace, plan), plan.quick ? 3 : 7, side, (what) => tell(`${trace.name}: ${what}`));
}

/** The two sides of one entry as one result. */
function joined(served: CpuResult, read: CpuResult): CpuResult {
  const rounds = served.rounds.map((round, index) => ({ ...round, decodeUs: read.rounds[index]?.decodeUs ?? Number.NaN }));
  return { ...served, decodeUs: read.decodeUs, rounds };
}

function entriesOf(trace: Trace, plan: WirePlan): Entry[] {
  const short = shortened(trace, Math.min(snapshotCount(trace), plan.quick ? 60 : 120));
  const clients = plan.quick && trace.name === 'bodies' ? 8 : trace.clients;
  const views = trace.views ? ('near' as const) : ('all' as const);
  const [near, far] = ackAgesOf(trace);
  const base = { trace: short, clients, loss: 0, isWhole: true, views };
  const spread = spreadAges(trace, clients);
  const spreadName = `${spread[0]}-${spread.at(-1)}`;
  const both = [String(near), String(far)];
  const entries: Entry[] = [];
  const others = plan.quick ? [] : [json, msgpackr, msgpackrRecords, geckos];
  for (const codec of [...others, colyseus]) entries.push({ ...base, codec, ackAges: [near], rowAges: both, label: codec.name });
  if (!plan.quick) entries.push({ ...base, codec: tickwire, ackAges: [near], rowAges: [String(near)], label: 'near' });
  entries.push({ ...base, codec: tickwire, ackAges: [far], rowAges: [String(far)], label: 'far' });
  // The quick run leaves out what no gate reads.
  if (!plan.quick || trace.name !== 'bodies')
    entries.push({ ...base, codec: tickwire, ackAges: spread, isWhole: !plan.quick, rowAges: [spreadName], label: 'spread' });
  if (trace.name === 'arena') {
    const own = { ...base, trace: withOwnViews(short), views: 'own' as const, ackAges: spread, isWhole: !plan.quick, rowAges: [spreadName] };
    entries.push({ ...own, codec: tickwire, label: 'own' });
    if (!plan.quick) entries.push({ ...own, codec: colyseus, label: 'own colyseus' });
    const many = { ...base, codec: tickwire, loss: 0.02, isWhole: false, rowAges: [] };
    entries.push({ ...many, clients: manyClients, ackAges: spreadAges(trace, manyClients), label: 'many' });
    for (const age of new Set(spread)) entries.push({ ...many, clients: 1, ackAges: [age], label: `many: one at ${age}` });
  }
  return entries.filter(({ codec }) => !plan.only || plan.only.includes(codec.name));
}

/** Ack ages of clients from 20 to 150 ms away: a round trip, rounded up to the next snapshot. */
function spreadAges({ snapshotHz }: Trace, clients: number): number[] {
  return Array.from({ length: clients }, (_, client) => {
    const rttMs = nearMs + ((farMs - nearMs) * client) / Math.max(1, clients - 1);
    return Math.ceil((rttMs * snapshotHz) / 1000);
  });
}

/** A row that the byte runs do not have: clients at all distances, or each with a view of its own. */
function ownRow(trace: Trace, { codec, trace: seen, views, ackAges }: Entry, ackAge: string, { seed }: WirePlan): WireRow {
  const ages = [...new Set(ackAges)];
  const { mean, p95, max, packets, join, fault, checks } = runBytes(codec, seen, {
    clients: Math.min(6, ackAges.length),
    ackAges: ages,
    loss: 0,
    seed,
    isVerified: true,
  });
  const bytes = { bytesMean: mean, bytesP95: p95, bytesMax: max, packets, joinBytes: join, check: fault ? `FAIL: ${fault}` : `${checks} ok` };
  return { ...emptyRow(trace, codec.name, views, ackAge), ...bytes };
}

function contestOf(trace: Trace, entries: readonly Entry[], results: readonly CpuResult[]): Contest {
  const roundsOf = (label: string): CpuResult['rounds'] => results[entries.findIndex((entry) => entry.label === label)]?.rounds ?? [];
  const rival = roundsOf(colyseus.name);
  const ratio = (label: string, figure: (round: CpuResult['rounds'][number]) => number, against = figure): number =>
    median(roundsOf(label).flatMap((round, index) => (rival[index] ? [figure(round) / against(rival[index])] : [])));
  const ones = entries.flatMap(({ label }) => (label.startsWith('many:') ? [roundsOf(label)] : []));
  const many = roundsOf('many').map((round, index) => {
    const one = ones.reduce((sum, rounds) => sum + (rounds[index]?.encodeUs ?? Number.NaN), 0) / ones.length;
    return (round.encodeUs * manyClients) / one;
  });
  return {
    trace: trace.name,
    server: ratio('spread', ({ serverUs }) => serverUs),
    serverEncodeOnly: ratio(
      'spread',
      ({ encodeUs }) => encodeUs,
      ({ serverUs }) => serverUs,
    ),
    serverOwnViews: ratio('own', ({ serverUs }) => serverUs),
    decode: ratio('far', ({ decodeUs }) => decodeUs),
    manyOverOne: median(many),
  };
}
