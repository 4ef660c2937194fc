// One cell of the tick suite: so many players at such rates, against a fresh server, measured once.
//
// Order: server, bots, everyone sees everyone, warm-up, window, a second check, end. Invariant: a cell that returns was correct before and after its
// window; whatever it started has ended, also when it fails. Units: milliseconds, seconds where said; bytes a client and second.

import { setTimeout as pause } from 'node:timers/promises';
import { generatorCores, type Pinning } from '../pinning.ts';
import type { Child, ProcessGroup } from '../process-group.ts';
import type { Rates } from './bench-game.ts';
import type { BotMeasure, BotSettings } from './bots-process.ts';
import type { ServerMeasure, ServerSettings } from './server-process.ts';
import { makeTickRow, type TickRow } from './tick-row.ts';

export interface TickCell extends Rates {
  readonly players: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly seed: number;
  /** Folder for a CPU profile of the server. */
  readonly profileFolder?: string;
}

/** One process takes this many bots; more in one would make long pauses of its garbage collection. */
const botsPerProcess = 25;
/** For a process to load its sources and answer. */
const startMs = 20_000;
/** For each bot, over that: on two busy cores a join takes 30 to 100 ms. */
const joinMsPerBot = 400;
const checkMs = 10_000;
const answerMs = 10_000;

/** What a run lends to its cells. */
export interface Run {
  readonly processes: ProcessGroup;
  readonly pinning: Pinning;
  /** Ends the waiting; whoever aborts kills the processes. */
  readonly signal: AbortSignal;
}

/** @param tell told what is going on, for a person who waits. */
export async function runTickCell(cell: TickCell, run: Run, tell: (progress: string) => void): Promise<TickRow> {
  const { processes, pinning, signal } = run;
  const { players, tickHz, snapshotHz, seconds, seed } = cell;
  try {
    tell('starting the server');
    const profile = cell.profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${cell.profileFolder}`];
    const server = processes.start('the server', new URL('./server-process.ts', import.meta.url), pinning.server, ['--expose-gc', ...profile]);
    const url = await server.ask<string>('start', { players, tickHz, snapshotHz, seed } satisfies ServerSettings, startMs);
    tell(`joining ${players} bots`);
    const bots = await joinBots(cell, url, run);
    await askAll(bots, 'check', { players, limitMs: checkMs }, checkMs + answerMs);
    tell('all bots see each other; warming up');
    await pause(cell.warmUpSeconds * 1000, undefined, { signal });
    tell(`measuring for ${seconds} s`);
    await Promise.all([server.ask('begin', seconds, answerMs), askAll(bots, 'begin', undefined, answerMs)]);
    await pause(seconds * 1000, undefined, { signal });
    const [measured, ...botMeasures] = await Promise.all([
      server.ask<ServerMeasure>('end', undefined, answerMs),
      ...bots.map((child) => child.ask<BotMeasure>('end', undefined, answerMs)),
    ]);
    await askAll(bots, 'check', { players, limitMs: checkMs }, checkMs + answerMs);
    return makeTickRow(cell, measured, botMeasures, generatorCores(pinning));
  } finally {
    tell('ending the processes');
    await processes.end();
  }
}

/** An upper bound for the time that a cell takes, so that a whole run can have one. */
export function longestMs({ players, seconds, warmUpSeconds }: TickCell): number {
  return 2 * startMs + players * joinMsPerBot + 2 * (checkMs + answerMs) + 3 * answerMs + (seconds + warmUpSeconds) * 1000;
}

async function joinBots(cell: TickCell, url: string, { processes, pinning }: Run): Promise<Child[]> {
  const { players, tickHz, snapshotHz, seed } = cell;
  const count = Math.ceil(players / botsPerProcess);
  const joining = Array.from({ length: count }, async (_, index) => {
    const title = count === 1 ? 'the bots' : `bot process ${index + 1} of ${count}`;
    const child = processes.start(title, new URL('./bots-process.ts', import.meta.url), pinning.generators);
    const numbers = Array.from({ length: players }, (_, number) => number).filter((number) => number % count === index);
    const settings: BotSettings = { url, numbers, players, tickHz, snapshotHz, seed };
    const joined = await child.ask<number>('start', settings, startMs + players * joinMsPerBot);
    if (joined !== numbers.length) throw new Error(`${title}: ${joined} of ${numbers.length} bots joined`);
    return child;
  });
  return Promise.all(joining);
}

async function askAll(children: readonly Child[], question: string, about: unknown, limitMs: number): Promise<void> {
  await Promise.all(children.map((child) => child.ask(question, about, limitMs)));
}
