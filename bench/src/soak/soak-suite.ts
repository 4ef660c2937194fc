// The soak suite: does a server that people come to and leave for hours hold more and more?
//
// Gates: memory does not grow beyond what warming up explains, with certainty; when all have gone, descriptors, threads and resources are what they were;
// nobody was thrown out. Units: kilobytes a minute; counts.

import { watchEnvironment } from '../environment.ts';
import { choosePinning } from '../pinning.ts';
import { ProcessGroup } from '../process-group.ts';
import { type Column, type Gate, gateLines, judge, type Report, rounded, tableLines } from '../report.ts';
import type { Lived } from './soak-bots.ts';
import type { SoakPlan } from './soak-options.ts';
import { longestMs, runSoak, type SoakResult } from './soak-run.ts';
import type { Held } from './soak-server.ts';
import { type Trend, trendOf } from './trend.ts';

/** The server through the run, and what the clients did in all of it. */
export interface SoakReport extends Report {
  readonly suite: 'soak';
  readonly rows: readonly Held[];
  readonly lived: Lived;
  /** After the warm-up, in kB a minute. */
  readonly heap: Trend;
  readonly rss: Trend;
}

/** Lines of the table for people. */
const linesMax = 24;

export async function runSoakSuite(plan: SoakPlan, signal: AbortSignal, tell: (progress: string) => void): Promise<SoakReport> {
  const processes = new ProcessGroup();
  const pinning = choosePinning();
  const environment = watchEnvironment(pinning);
  const kill = (): void => processes.kill();
  signal.addEventListener('abort', kill, { once: true });
  const overdue = setTimeout(kill, longestMs(plan));
  try {
    const result = await runSoak(plan, { processes, pinning, signal }, tell);
    const heap = growth(plan, result, 'heapBytes');
    const rss = growth(plan, result, 'rssBytes');
    const gates = gatesOf(plan, result, heap, rss);
    return { suite: 'soak', seed: plan.seed, environment: environment(), rows: result.samples, gates, lived: result.lived, heap, rss };
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    clearTimeout(overdue);
    kill();
  }
}

/** Lines for a terminal. */
export function soakLines({ rows, gates, lived, heap, rss }: SoakReport): string[] {
  const step = Math.max(1, Math.ceil(rows.length / linesMax));
  const shown = rows.filter((_, index) => index % step === 0 || index === rows.length - 1);
  const text = ({ slope, low, high }: Trend): string => `${rounded(slope)} kB a minute (${rounded(low)} to ${rounded(high)})`;
  const done = Object.entries(lived)
    .map(([what, count]) => `${what} ${typeof count === 'number' ? count : JSON.stringify(count)}`)
    .join(', ');
  return [
    ...tableLines(columns, shown),
    '',
    `Clients: ${done}.`,
    `Heap grows by ${text(heap)}, resident memory by ${text(rss)}.`,
    '',
    ...gateLines(gates),
  ];
}

function growth({ warmUpSeconds }: SoakPlan, { base, samples }: SoakResult, of: 'heapBytes' | 'rssBytes'): Trend {
  const from = base.atSeconds + warmUpSeconds;
  return trendOf(samples.filter(({ atSeconds }) => atSeconds >= from).map((held) => ({ x: held.atSeconds / 60, y: held[of] / 1000 })));
}

function gatesOf(plan: SoakPlan, { base, after, lived }: SoakResult, heap: Trend, rss: Trend): Gate[] {
  const most = memoryGates(plan.seconds);
  const failures = Object.values(lived.failures).reduce((sum, count) => sum + count, 0);
  return [
    // A stay takes about ten seconds; every fourth ends in a reload, and in every fourth the link is lost.
    judge('stays of clients', lived.joins + lived.reloads, 'stays', `>= ${Math.round((plan.clients * plan.seconds) / 20)}`),
    judge(
      'links lost, pages loaded again: the fewer of both',
      Math.min(lived.cuts, lived.reloads),
      'times',
      `>= ${Math.round((plan.clients * plan.seconds) / 100)}`,
    ),
    judge('clients that were refused or thrown out', failures, 'clients', '= 0'),
    judge('heap grows for certain by', heap.low, 'kB a minute', `<= ${most.heap}`, '<= 0'),
    judge('resident memory grows for certain by', rss.low, 'kB a minute', `<= ${most.rss}`, '<= 0'),
    judge('rooms, sessions, links and handshakes left', after.rooms + after.sessions + after.links + after.handshakes, 'left', '= 0'),
    judge('descriptors beyond those of the idle server', after.descriptors - base.descriptors, 'descriptors', '<= 0'),
    judge('resources beyond those of the idle server', after.resources - base.resources, 'resources', '<= 0'),
    judge('threads beyond those of the idle server', after.threads - base.threads, 'threads', '<= 0'),
  ];
}

/** In minutes the engine still learns and pools still fill; in hours nothing may be left of that. */
function memoryGates(seconds: number): { heap: number; rss: number } {
  return seconds < 1800 ? { heap: 600, rss: 4000 } : { heap: 10, rss: 50 };
}

const columns: readonly Column<Held>[] = [
  { heading: 's', text: (held) => held.atSeconds.toFixed(0) },
  { heading: 'rss MB', text: (held) => rounded(held.rssBytes / 1e6) },
  { heading: 'heap MB', text: (held) => rounded(held.heapBytes / 1e6) },
  { heading: 'external MB', text: (held) => rounded(held.externalBytes / 1e6) },
  { heading: 'rooms', text: (held) => `${held.rooms}` },
  { heading: 'sessions', text: (held) => `${held.sessions}` },
  { heading: 'links', text: (held) => `${held.links}` },
  { heading: 'handshakes', text: (held) => `${held.handshakes}` },
  { heading: 'descriptors', text: (held) => `${held.descriptors}` },
  { heading: 'resources', text: (held) => `${held.resources}` },
  { heading: 'threads', text: (held) => `${held.threads}` },
];
