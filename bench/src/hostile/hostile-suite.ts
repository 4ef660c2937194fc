// The hostile suite: honest bots without and beside hostile clients, in turns; and thousands of offers that nobody answers, with and without the rates that
// would refuse most of them.
//
// Invariant: a figure of harm is the median over pairs of neighbouring windows of one server, so that what the machine does besides is in both.
// Units: milliseconds, per cent, bytes.

import type { ServerLimits } from '@tickwire/server';
import { watchEnvironment } from '../environment.ts';
import { percentile } from '../percentile.ts';
import { choosePinning, type Pinning } from '../pinning.ts';
import { type Column, type Gate, gateLines, judge, type Report, rounded, tableLines } from '../report.ts';
import type { HostilePlan } from './hostile-options.ts';
import type { AttackCounts } from './hostile-process.ts';
import { HostileStage, type Window } from './hostile-stage.ts';

export interface HostileRow {
  readonly phase: 'honest only' | 'beside hostile' | 'unanswered offers';
  readonly seconds: number;
  readonly lateTicksPercent: number;
  readonly ticksSkipped: number;
  readonly tickP99Ms: number;
  readonly serverCpuPercent: number;
  /** Of it, the thread of the game's code. */
  readonly serverMainThreadPercent: number;
  /** Other processes had that thread's core: what is late then is the machine's doing. */
  readonly serverCoreWaitPercent: number;
  readonly stateAgeP50Ms: number;
  readonly stateAgeP99Ms: number;
  readonly frameLateP99Ms: number;
  readonly honestEnded: number;
  readonly honestWrong: number;
  /** Of offers: whether the rates and caps were lifted, how many were asked for and made, memory before and after. */
  readonly lifted?: boolean;
  readonly asked?: number;
  readonly offered?: number;
  readonly rssBeforeBytes?: number;
  readonly rssPeakBytes?: number;
  readonly rssAfterBytes?: number;
  readonly handshakesAfter?: number;
}

export interface HostileReport extends Report {
  readonly suite: 'hostile';
  readonly rows: readonly HostileRow[];
  /** What each attack did, and what came of it. */
  readonly attacks: AttackCounts;
  /** What the server counted, by name. */
  readonly counters: { readonly [name: string]: number };
}

/** Handshakes may be as many as are asked for. Nothing else is changed. */
const liftedLimits = ({ offers, deadlineSeconds }: HostilePlan): Partial<ServerLimits> => ({
  handshakeMs: deadlineSeconds * 1000,
  handshakesOpen: offers,
  handshakesPerAddress: offers,
  offersPerSecond: offers,
  requestsPerSecond: 10 * offers,
});

/** @param signal ends the run: its processes are killed and it rejects. @param tell told of progress. */
export async function runHostileSuite(plan: HostilePlan, signal: AbortSignal, tell: (progress: string) => void): Promise<HostileReport> {
  const pinning = choosePinning();
  const environment = watchEnvironment(pinning);
  const run: Run = { plan, pinning, signal, tell };
  try {
    const parts = [
      (): Promise<Partial<Rounds>> => (plan.phases.includes('rounds') ? hostileRounds(run) : Promise.resolve({})),
      async (): Promise<Partial<Rounds>> => (plan.phases.includes('offers') ? { rows: await offerRounds(run) } : {}),
    ] as const;
    // Side by side they are quick, and say nothing of time.
    const [first, second] = plan.quick ? await Promise.all(parts.map((part) => part())) : [await parts[0](), await parts[1]()];
    const { rows = [], attacks = {}, counters = {} } = first ?? {};
    const offers = second?.rows ?? [];
    const gates = [...(rows.length > 0 ? roundGates(rows) : []), ...offerGates(offers)];
    return { suite: 'hostile', seed: plan.seed, environment: environment(), rows: [...rows, ...offers], attacks, counters, gates };
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

interface Run {
  readonly plan: HostilePlan;
  readonly pinning: Pinning;
  readonly signal: AbortSignal;
  tell(progress: string): void;
}

interface Rounds {
  readonly rows: HostileRow[];
  readonly attacks: AttackCounts;
  readonly counters: { [name: string]: number };
}

async function hostileRounds({ plan, pinning, signal, tell }: Run): Promise<Rounds> {
  tell(`starting a server, ${plan.honest} honest bots and ${plan.hostile} hostile clients`);
  const stage = await HostileStage.start(plan, pinning, signal, undefined);
  try {
    const rows: HostileRow[] = [];
    let attacks: AttackCounts = {};
    for (let round = 1; round <= plan.rounds; round++) {
      tell(`round ${round} of ${plan.rounds}: honest only, ${plan.seconds} s`);
      rows.push(rowOf('honest only', plan.seconds, await stage.measure(plan.seconds)));
      tell(`round ${round} of ${plan.rounds}: beside ${plan.hostile} hostile clients, ${plan.seconds} s`);
      await stage.attack();
      // Their first links take a second.
      await stage.pause(Math.min(1, plan.warmUpSeconds));
      rows.push(rowOf('beside hostile', plan.seconds, await stage.measure(plan.seconds)));
      attacks = await stage.ceaseFire();
      tell(`round ${round} of ${plan.rounds}: ${rows.slice(-2).map(inShort).join('; ')}`);
      if (round < plan.rounds) await stage.pause(plan.warmUpSeconds);
    }
    const { counters, rooms, members } = await stage.state();
    return { rows, attacks, counters: { ...flat(counters), rooms, members } };
  } finally {
    await stage.end();
  }
}

async function offerRounds(run: Run): Promise<HostileRow[]> {
  const rows: HostileRow[] = [];
  for (const lifted of run.plan.quick ? [true] : [false, true]) rows.push(...(await unansweredOffers(run, lifted)));
  return rows;
}

async function unansweredOffers({ plan, pinning, signal, tell }: Run, lifted: boolean): Promise<HostileRow[]> {
  const { offers, offerSeconds, deadlineSeconds } = plan;
  const stage = await HostileStage.start(plan, pinning, signal, lifted ? liftedLimits(plan) : undefined);
  try {
    // As many as will be open at one time: what a C library has taken from the system once it keeps in part, so only a second time shows what is lost.
    const warmUpSeconds = Math.min(offerSeconds, deadlineSeconds);
    const warmUp = Math.ceil((offers * warmUpSeconds) / offerSeconds);
    tell(`offers, ${lifted ? 'limits lifted' : 'limits as they come'}: ${warmUp} to warm up`);
    await stage.offers({ offers: warmUp, seconds: warmUpSeconds });
    await stage.handshakesOver();
    const calm = plan.quick ? [] : [rowOf('honest only', offerSeconds, await stage.measure(offerSeconds))];
    const before = await stage.state();
    tell(`${offers} offers in ${offerSeconds} s that nobody answers`);
    let counts = { asked: 0, offered: 0 };
    const window = await stage.measure(offerSeconds, async () => {
      counts = await stage.offers({ offers, seconds: offerSeconds });
    });
    const peak = await stage.state();
    tell('waiting for their deadline');
    await stage.handshakesOver();
    // The close codes linger 1.5 s, seats without a link 15 s.
    await stage.pause(plan.quick ? 2 : 18);
    const after = await stage.state();
    const memory = { rssBeforeBytes: before.rssBytes, rssPeakBytes: peak.rssBytes, rssAfterBytes: after.rssBytes };
    const { handshakesNow } = after.counters.webrtc;
    const row = { ...rowOf('unanswered offers', offerSeconds, window), lifted, ...counts, ...memory, handshakesAfter: handshakesNow };
    return [...calm, row];
  } finally {
    await stage.end();
  }
}

/** For a person who waits. */
function inShort({ phase, lateTicksPercent, stateAgeP99Ms, serverCoreWaitPercent }: HostileRow): string {
  return `${phase}: ${rounded(lateTicksPercent)} % late, age p99 ${rounded(stateAgeP99Ms)} ms, waited for core ${rounded(serverCoreWaitPercent)} %`;
}

function rowOf(phase: HostileRow['phase'], seconds: number, { server, honest }: Window): HostileRow {
  const { lateTicksPercent, ticksSkipped, tickP99Ms, cpuPercent, mainThreadPercent, coreWaitPercent } = server;
  const { stateAgeP50Ms, stateAgeP99Ms, frameLateP99Ms, ended, packetsWrong, resyncs } = honest;
  const load = { serverCpuPercent: cpuPercent, serverMainThreadPercent: mainThreadPercent, serverCoreWaitPercent: coreWaitPercent };
  const figures = { lateTicksPercent, ticksSkipped, tickP99Ms, ...load, stateAgeP50Ms, stateAgeP99Ms, frameLateP99Ms };
  return { phase, seconds, ...figures, honestEnded: ended.length, honestWrong: packetsWrong + resyncs };
}

function roundGates(rows: readonly HostileRow[]): Gate[] {
  return [...harmGates('that hostile clients add (median of pairs)', rows), endedGate('beside hostile ones', rows)];
}

/** @param rows in pairs: without and with what may harm. */
function harmGates(how: string, rows: readonly HostileRow[]): Gate[] {
  const harm = (of: 'lateTicksPercent' | 'stateAgeP99Ms'): number => {
    const differences: number[] = [];
    for (let index = 0; index + 1 < rows.length; index += 2)
      differences.push((rows[index + 1]?.[of] ?? Number.NaN) - (rows[index]?.[of] ?? Number.NaN));
    return percentile(
      differences.sort((a, b) => a - b),
      50,
    );
  };
  return [judge(`late ticks ${how}`, harm('lateTicksPercent'), '%', '<= 0.1'), judge(`p99 state age ${how}`, harm('stateAgeP99Ms'), 'ms', '<= 5')];
}

function endedGate(how: string, rows: readonly HostileRow[]): Gate {
  return judge(`honest clients that were ended ${how}`, Math.max(...rows.map(({ honestEnded }) => honestEnded)), 'clients', '= 0');
}

/** Of each run of offers, with the calm window before it where there is one. */
function offerGates(rows: readonly HostileRow[]): Gate[] {
  return rows.flatMap((row, index) => {
    const { lifted, asked, rssBeforeBytes = Number.NaN, rssAfterBytes = Number.NaN, handshakesAfter = Number.NaN } = row;
    if (lifted === undefined) return [];
    const how = `${asked} unanswered offers, ${lifted ? 'limits lifted' : 'limits as they come'}`;
    const calm = rows[index - 1];
    return [
      judge(`memory after ${how}, of that before`, (rssAfterBytes / rssBeforeBytes) * 100, '%', '<= 110'),
      judge(`handshakes open after ${how}`, handshakesAfter, 'handshakes', '= 0'),
      endedGate(`by ${how}`, [row]),
      // Without its limits a server may be late; it must not lose anybody or anything.
      ...(calm && !lifted ? harmGates(`added by ${how}`, [calm, row]) : []),
    ];
  });
}

/** Every number in it, by its path. */
function flat(counters: object, before = ''): { [name: string]: number } {
  const found: { [name: string]: number } = {};
  for (const [name, value] of Object.entries(counters)) {
    if (typeof value === 'number') found[`${before}${name}`] = value;
    else Object.assign(found, flat(value as object, `${before}${name}.`));
  }
  return found;
}

const columns: readonly Column<HostileRow>[] = [
  { heading: 'phase', text: ({ phase, lifted }) => (lifted === undefined ? phase : `${phase}${lifted ? ', lifted' : ''}`) },
  { heading: 's', text: ({ seconds }) => `${seconds}` },
  { heading: 'late ticks %', text: (row) => rounded(row.lateTicksPercent) },
  { heading: 'skipped', text: (row) => `${row.ticksSkipped}` },
  { heading: 'tick ms p99', text: (row) => rounded(row.tickP99Ms) },
  { heading: 'server CPU %', text: (row) => rounded(row.serverCpuPercent) },
  { heading: 'game thread %', text: (row) => rounded(row.serverMainThreadPercent) },
  { heading: 'waited for core %', text: (row) => rounded(row.serverCoreWaitPercent) },
  { heading: 'state age ms p50', text: (row) => rounded(row.stateAgeP50Ms) },
  { heading: 'p99', text: (row) => rounded(row.stateAgeP99Ms) },
  { heading: 'bots late ms p99', text: (row) => rounded(row.frameLateP99Ms) },
  { heading: 'ended', text: (row) => `${row.honestEnded}` },
  { heading: 'asked', text: ({ asked = Number.NaN }) => rounded(asked) },
  { heading: 'offered', text: ({ offered = Number.NaN }) => rounded(offered) },
  { heading: 'RSS before MB', text: ({ rssBeforeBytes = Number.NaN }) => rounded(rssBeforeBytes / 1e6) },
  { heading: 'peak', text: ({ rssPeakBytes = Number.NaN }) => rounded(rssPeakBytes / 1e6) },
  { heading: 'after', text: ({ rssAfterBytes = Number.NaN }) => rounded(rssAfterBytes / 1e6) },
];

/** Lines for a terminal. */
export function hostileLines({ rows, gates, attacks, counters }: HostileReport): string[] {
  const named = (counts: { readonly [name: string]: number }): string =>
    Object.entries(counts)
      .filter(([, count]) => count !== 0)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  const told = Object.entries(attacks).map(([attack, counts]) => `  ${attack}: ${named(counts)}`);
  return [...tableLines(columns, rows), '', 'What was done:', ...told, '', `What the server counted: ${named(counters)}`, '', ...gateLines(gates)];
}
