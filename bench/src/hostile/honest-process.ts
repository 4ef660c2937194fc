// The honest bots of the hostile suite: whole clients over real WebRTC that walk and shoot, and note at each frame how old the newest state is.
//
// Invariant: they do the same with hostile clients beside them as without. Units: milliseconds of the clock that all processes of a machine share.

import { setTimeout as pause } from 'node:timers/promises';
import { type ClientRoom, connect } from '@tickwire/client/node';
import { botInput } from '../../../examples/arena/src/bots/scripted-bot.ts';
import { answerParent } from '../answering.ts';
import { percentile } from '../percentile.ts';
import { type BenchGame, gameAt, type Rates, roomName } from '../tick/bench-game.ts';
import { FrameDriver } from '../tick/frame-driver.ts';

export interface HonestSettings extends Rates {
  readonly url: string;
  readonly players: number;
  readonly seed: number;
}

export interface HonestMeasure {
  /** From the tick of the newest state that a bot has to the frame that could draw it. */
  readonly stateAgeP50Ms: number;
  readonly stateAgeP99Ms: number;
  /** Lateness of this process's own frames: what of the age may be the machine's. */
  readonly frameLateP99Ms: number;
  readonly frames: number;
  /** Bots that are out of the room, with the reasons. */
  readonly ended: readonly string[];
  readonly packetsWrong: number;
  readonly resyncs: number;
}

const framesPerSecond = 60;
const joinsAtOnce = 2;

const rooms: ClientRoom<BenchGame>[] = [];
const driver = new FrameDriver(framesPerSecond);
let ages: number[] = [];
let tickZeroAt = Number.NaN;
let tickMs = 0;
let before = { packetsWrong: 0, resyncs: 0 };

answerParent({
  start: joinAll,
  tickZero(at: number) {
    tickZeroAt = at;
  },
  begin() {
    ages = [];
    driver.takeLateness();
    before = counted();
  },
  end(): HonestMeasure {
    const sorted = Float64Array.from(ages).sort();
    const late = Float64Array.from(driver.takeLateness()).sort();
    const now = counted();
    return {
      stateAgeP50Ms: percentile(sorted, 50),
      stateAgeP99Ms: percentile(sorted, 99),
      frameLateP99Ms: percentile(late, 99),
      frames: sorted.length,
      ended: rooms.flatMap(({ ended }) => ended ?? []),
      packetsWrong: now.packetsWrong - before.packetsWrong,
      resyncs: now.resyncs - before.resyncs,
    };
  },
  async stop() {
    for (const room of rooms) if (room.ended === undefined) room.leave();
    driver.stop();
    // The close codes leave on the native library's own threads.
    await pause(100);
  },
});

async function joinAll({ url, players, seed, ...rates }: HonestSettings): Promise<number> {
  const connection = connect(url, { loop: 'manual', bindAddress: '127.0.0.1', timeoutMs: 15_000, development: false });
  const game = gameAt(rates);
  tickMs = 1000 / rates.tickHz;
  let number = 0;
  const joinNext = async (): Promise<void> => {
    for (let mine = number++; mine < players; mine = number++) {
      const room = await connection.joinOrCreate(roomName, game, { name: `Bot ${mine + 1}` });
      add(room, seed * 10_007 + mine, mine / players);
    }
  };
  await Promise.all(Array.from({ length: joinsAtOnce }, joinNext));
  return rooms.length;
}

function add(room: ClientRoom<BenchGame>, seed: number, phase: number): void {
  let tick = 0;
  room.onInput(() => botInput(tick++, seed));
  room.onRender(() => {
    const now = Number(process.hrtime.bigint() / 1000n) / 1000;
    ages.push(now - (tickZeroAt + room.received.newestTick * tickMs));
  });
  rooms.push(room);
  driver.add(room, phase);
}

function counted(): { packetsWrong: number; resyncs: number } {
  let [packetsWrong, resyncs] = [0, 0];
  for (const { stats } of rooms) {
    packetsWrong += stats.packetsWrong;
    resyncs += stats.resyncs;
  }
  return { packetsWrong, resyncs };
}
