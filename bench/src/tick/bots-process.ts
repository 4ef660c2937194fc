// Some of a cell's bots, in a process of their own: whole clients over real WebRTC, with prediction and interpolation, that walk, aim and shoot.
//
// One thread, because node-datachannel crashes in two. Invariant: a bot does what its seed says, tick for tick; a bot that is refused, that does not
// see everyone or whose player does not move is an error with its name. Units: milliseconds; frames and inputs in Hz; CPU in per cent of one core.

import { setTimeout as pause } from 'node:timers/promises';
import { type ClientRoom, connect } from '@tickwire/client/node';
import { botInput } from '../../../examples/arena/src/bots/scripted-bot.ts';
import { answerParent } from '../answering.ts';
import { percentile } from '../percentile.ts';
import { type BenchGame, gameAt, type Rates, roomName } from './bench-game.ts';
import { FrameDriver } from './frame-driver.ts';

export interface BotSettings extends Rates {
  readonly url: string;
  /** Numbers of the bots of this process, of all bots of the cell. */
  readonly numbers: readonly number[];
  readonly players: number;
  readonly seed: number;
}

export interface BotMeasure {
  readonly cpuPercent: number;
  /** Lateness of frames, which is the lag of the event loop as bots feel it. */
  readonly lagP99Ms: number;
  readonly framesPerBotSecond: number;
  readonly packetsReceived: number;
  /** Packets that a bot could not read, and fresh starts that it asked for. */
  readonly packetsWrong: number;
  readonly resyncs: number;
  readonly corrections: number;
  /** As the bots knew it when the window ended, the median over them. */
  readonly rttMs: number;
  /** Margin of the latest inputs at the server; below 0 they came too late. */
  readonly inputMarginTicks: number;
  /** How far others are shown behind the newest state that could be there. */
  readonly viewDelayMs: number;
}

interface Bot {
  readonly name: string;
  readonly room: ClientRoom<BenchGame>;
  /** Where its player was first seen. */
  from: { readonly x: number; readonly y: number } | undefined;
  hasMoved: boolean;
  seen: number;
}

/** As a page on a common display. */
const framesPerSecond = 60;
/** Joins under way at once. */
const joinsAtOnce = 4;
/** A player that has come this far from where it was first seen has moved. Arena units. */
const movedUnits = 5;

const bots: Bot[] = [];
const driver = new FrameDriver(framesPerSecond);
let before: { readonly at: number; readonly cpu: NodeJS.CpuUsage; readonly counted: Counted } | undefined;

answerParent({
  start: joinAll,
  check: checkAll,
  begin() {
    driver.takeLateness();
    before = { at: performance.now(), cpu: process.cpuUsage(), counted: count() };
  },
  end: measure,
  async stop() {
    for (const { room } of bots) if (room.ended === undefined) room.leave();
    driver.stop();
    // The close codes leave on the native library's own threads.
    await pause(100);
  },
});

async function joinAll(settings: BotSettings): Promise<number> {
  const connection = connect(settings.url, { loop: 'manual', bindAddress: '127.0.0.1', timeoutMs: 15_000, development: false });
  const game = gameAt(settings);
  const waiting = [...settings.numbers];
  const joinNext = async (): Promise<void> => {
    for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
      const name = `Bot ${number + 1}`;
      const room = await connection.joinOrCreate(roomName, game, { name }).catch((error: unknown) => {
        throw new Error(`${name} could not join: ${error instanceof Error ? error.message : String(error)}`);
      });
      addBot(name, room, settings.seed * 10_007 + number, number / settings.players);
    }
  };
  await Promise.all(Array.from({ length: joinsAtOnce }, joinNext));
  return bots.length;
}

function addBot(name: string, room: ClientRoom<BenchGame>, seed: number, phase: number): void {
  const bot: Bot = { name, room, from: undefined, hasMoved: false, seen: 0 };
  let tick = 0;
  room.onInput(() => botInput(tick++, seed));
  room.onRender((view) => {
    bot.seen = view.all('player').length;
    const own = bot.hasMoved ? undefined : view.mine('player');
    if (!own) return;
    bot.from ??= { ...own.pos };
    bot.hasMoved = Math.hypot(own.pos.x - bot.from.x, own.pos.y - bot.from.y) >= movedUnits;
  });
  bots.push(bot);
  driver.add(room, phase);
}

/** Waits until every bot sees every player and its own has moved. @throws Error that names the first that does not in time. */
async function checkAll({ players, limitMs }: { players: number; limitMs: number }): Promise<void> {
  const until = performance.now() + limitMs;
  for (const bot of bots) {
    let wrong = wrongWith(bot, players);
    while (wrong !== undefined) {
      if (performance.now() > until) throw new Error(`${bot.name} ${wrong}`);
      await pause(20);
      wrong = wrongWith(bot, players);
    }
  }
}

function wrongWith({ room, seen, hasMoved }: Bot, players: number): string | undefined {
  if (room.ended !== undefined) return `is out of the room: ${room.ended}`;
  if (seen !== players) return `sees ${seen} of ${players} players`;
  return hasMoved ? undefined : 'does not see its own player move';
}

function measure(): BotMeasure {
  if (!before) throw new Error('`end` was asked before `begin`');
  const windowMs = performance.now() - before.at;
  const { user, system } = process.cpuUsage(before.cpu);
  const lateness = Float64Array.from(driver.takeLateness()).sort();
  const counted = count();
  for (const name of Object.keys(counted) as (keyof Counted)[]) counted[name] -= before.counted[name];
  return {
    ...counted,
    cpuPercent: (user + system) / 10 / windowMs,
    lagP99Ms: percentile(lateness, 99),
    framesPerBotSecond: (lateness.length / bots.length / windowMs) * 1000,
    rttMs: median('rttMs'),
    inputMarginTicks: median('inputMarginTicks'),
    viewDelayMs: median('viewDelayMs'),
  };
}

function median(name: 'rttMs' | 'inputMarginTicks' | 'viewDelayMs'): number {
  return percentile(
    bots.map(({ room }) => room.stats[name]).sort((a, b) => a - b),
    50,
  );
}

type Counted = Record<'packetsReceived' | 'packetsWrong' | 'resyncs' | 'corrections', number>;

function count(): Counted {
  const counted: Counted = { packetsReceived: 0, packetsWrong: 0, resyncs: 0, corrections: 0 };
  for (const { room } of bots) for (const name of Object.keys(counted) as (keyof Counted)[]) counted[name] += room.stats[name];
  return counted;
}
