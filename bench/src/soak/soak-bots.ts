// Some of a soak's clients, in a process of their own: each joins, plays, goes away in one of several ways, and comes again.
//
// One thread, because node-datachannel crashes in two. Invariant: what a client does next is decided by its seed; an end that neither it nor a room brought
// about is counted by its code. Units: seconds; frames a second.

import { setTimeout as pause } from 'node:timers/promises';
import { type ClientRoom, type Connection, connect } from '@tickwire/client/node';
import { Random, TickwireError } from '@tickwire/shared';
import { botInput } from '../../../examples/arena/src/bots.ts';
import { game } from '../../../examples/arena/src/game.ts';
import { answerParent } from '../answering.ts';
import { roomName } from './soak-room.ts';

export interface BotsSettings {
  readonly url: string;
  /** Numbers of the clients of this process, of all clients. */
  readonly numbers: readonly number[];
  readonly seed: number;
  /** Each client comes once, plays a moment and leaves. */
  readonly once: boolean;
}

/** What the clients of a process did so far. */
export interface Lived {
  joins: number;
  leaves: number;
  roomEnds: number;
  /** By code: what should not have happened. */
  failures: { [code: string]: number };
}

type Room = ClientRoom<typeof game>;

/** Frames cost the bots most, and the server nothing. */
const framesPerSecond = 20;
const playSeconds: readonly [number, number] = [3, 15];
/** Between two stays of a client. */
const awaySeconds: readonly [number, number] = [0, 1];

/** What a client sees of a room's end: within its stay, and between its seat and its link. */
const roomEnded: readonly string[] = ['room-closed', 'ticket-invalid'];

const lived: Lived = { joins: 0, leaves: 0, roomEnds: 0, failures: {} };
const playing = new Set<Room>();
let lives: Promise<unknown> = Promise.resolve();
let isOver = false;

answerParent({
  start({ url, numbers, seed, once }: BotsSettings): void {
    const connection = connect(url, { loop: 'manual', bindAddress: '127.0.0.1', timeoutMs: 15_000, development: false });
    setInterval(() => {
      for (const room of playing) room.frame(performance.now());
    }, 1000 / framesPerSecond);
    lives = Promise.all(numbers.map((number) => live(connection, new Random(seed * 10_007 + number), once)));
  },
  lived: () => lived,
  /** Everyone leaves. */
  async end(): Promise<Lived> {
    isOver = true;
    await lives;
    return lived;
  },
});

async function live(connection: Connection, dice: Random, once: boolean): Promise<void> {
  do {
    await pause(dice.range(...awaySeconds) * 1000);
    try {
      await stay(await connection.joinOrCreate(roomName, game, { name: `Bot ${dice.int(1000)}` }), dice);
    } catch (error) {
      ended(error instanceof TickwireError ? error.code : String(error));
    }
  } while (!once && !isOver);
}

async function stay(room: Room, dice: Random): Promise<void> {
  lived.joins++;
  playing.add(room);
  const seed = dice.int(2 ** 31);
  let tick = 0;
  room.onInput(() => botInput(tick++, seed));
  for (const end = performance.now() + dice.range(...playSeconds) * 1000; performance.now() < end && room.ended === undefined && !isOver; )
    await pause(50);
  playing.delete(room);
  if (room.ended === undefined) {
    room.leave();
    lived.leaves++;
  } else ended(room.ended);
}

function ended(code: string): void {
  if (roomEnded.includes(code)) lived.roomEnds++;
  else lived.failures[code] = (lived.failures[code] ?? 0) + 1;
}
