// A soak from its start to its end: a server, processes of clients that come and go, samples of what the server holds, and what it holds when all have gone.
//
// Invariant: whatever it started has ended, also when it fails. Units: milliseconds; seconds where said.

import { setTimeout as pause } from 'node:timers/promises';
import type { Pinning } from '../pinning.ts';
import type { Child, ProcessGroup } from '../process-group.ts';
import type { BotsSettings, Lived } from './soak-bots.ts';
import type { SoakPlan } from './soak-options.ts';
import type { Held, SoakSettings } from './soak-server.ts';

export interface SoakResult {
  /** Idle, after a first few clients had come and gone: what is made once is there. */
  readonly base: Held;
  readonly samples: readonly Held[];
  /** When all have gone. */
  readonly after: Held;
  readonly lived: Lived;
}

/** What a run is lent. */
export interface SoakRun {
  readonly processes: ProcessGroup;
  readonly pinning: Pinning;
  readonly signal: AbortSignal;
}

const clientsPerProcess = 25;
const startMs = 20_000;
const answerMs = 10_000;
/** A client that is told to end has this long: it may be within a join. */
const endMs = 30_000;
/** What closes after everyone has left: connections linger 1.5 s, seats wait 15 s. */
const settleMs = 30_000;
const idleMs = 4000;
const firstClients = 8;

export async function runSoak(plan: SoakPlan, run: SoakRun, tell: (progress: string) => void): Promise<SoakResult> {
  const { processes, pinning, signal } = run;
  try {
    const server = processes.start('the server', new URL('./soak-server.ts', import.meta.url), pinning.server, ['--expose-gc']);
    const url = await server.ask<string>('start', { clients: plan.clients, leak: plan.leak } satisfies SoakSettings, startMs);
    const [first] = await startBots({ ...plan, clients: firstClients }, url, run, true);
    await first?.ask('end', undefined, startMs + endMs);
    await first?.stop();
    await settled(server, undefined, signal);
    // Timers of what has just ended are resources too.
    await pause(idleMs, undefined, { signal });
    const base = await settled(server, undefined, signal);
    tell(`idle: ${heldText(base)}`);
    const bots = await startBots(plan, url, run, false);
    const samples: Held[] = [];
    for (const until = performance.now() + plan.seconds * 1000; performance.now() < until; ) {
      await pause(plan.sampleSeconds * 1000, undefined, { signal });
      const sample = await server.ask<Held>('held', undefined, answerMs);
      samples.push(sample);
      if (samples.length % 10 === 0) tell(heldText(sample));
    }
    const all = await Promise.all(bots.map((child) => child.ask<Lived>('end', undefined, endMs)));
    await Promise.all(bots.map((child) => child.stop()));
    const after = await settled(server, base, signal);
    tell(`all have gone: ${heldText(after)}`);
    return { base, samples, after, lived: all.reduce(together) };
  } finally {
    await processes.end();
  }
}

/** An upper bound for the time that a run takes. */
export function longestMs({ seconds }: SoakPlan): number {
  return seconds * 1000 + 2 * startMs + 2 * endMs + 2 * settleMs + 4 * answerMs;
}

async function startBots({ clients, seed }: SoakPlan, url: string, { processes, pinning }: SoakRun, once: boolean): Promise<Child[]> {
  const count = Math.ceil(clients / clientsPerProcess);
  const starting = Array.from({ length: count }, async (_, index) => {
    const child = processes.start(`client process ${index + 1} of ${count}`, new URL('./soak-bots.ts', import.meta.url), pinning.generators);
    const numbers = Array.from({ length: clients }, (_, number) => number).filter((number) => number % count === index);
    await child.ask('start', { url, numbers, seed, once } satisfies BotsSettings, startMs);
    return child;
  });
  return Promise.all(starting);
}

/** Waits until the server holds nothing of clients, and no more than `base`, or for so long that it will not come. */
async function settled(server: Child, base: Held | undefined, signal: AbortSignal): Promise<Held> {
  for (const until = performance.now() + settleMs; ; await pause(500, undefined, { signal })) {
    const held = await server.ask<Held>('held', undefined, answerMs);
    const isIdle = held.rooms + held.sessions + held.links + held.handshakes === 0;
    const isBase = base === undefined || (held.descriptors <= base.descriptors && held.resources <= base.resources && held.threads <= base.threads);
    if ((isIdle && isBase) || performance.now() > until) return held;
  }
}

function together(a: Lived, b: Lived): Lived {
  const failures = { ...a.failures };
  for (const [code, count] of Object.entries(b.failures)) failures[code] = (failures[code] ?? 0) + count;
  return {
    joins: a.joins + b.joins,
    leaves: a.leaves + b.leaves,
    cuts: a.cuts + b.cuts,
    reloads: a.reloads + b.reloads,
    roomEnds: a.roomEnds + b.roomEnds,
    failures,
  };
}

function heldText(held: Held): string {
  const mb = (bytes: number): string => (bytes / 1e6).toFixed(1);
  const { atSeconds, rooms, sessions, links, handshakes, descriptors, resources, threads } = held;
  const memory = `rss ${mb(held.rssBytes)} MB, heap ${mb(held.heapBytes)} MB`;
  return `${atSeconds.toFixed(0)} s: ${memory}, ${rooms} rooms, ${sessions} sessions, ${links} + ${handshakes} links, ${descriptors} fds, ${resources} resources, ${threads} threads`;
}
