// Some of a soak's clients, in a process of their own: each joins, plays, goes away in one of several ways, and comes again.
//
// One thread, because node-datachannel crashes in two. Invariant: what a client does next is decided by its seed; an end that neither it nor a room brought
// about is counted by its code. Units: seconds; frames a second.

import { setTimeout as pause } from 'node:timers/promises';
import type { ClientRoom } from '@tickwire/client/node';
import { Random, TickwireError } from '@tickwire/shared';
import { botInput } from '../../../examples/arena/src/bots/scripted-bot.ts';
import { game } from '../../../examples/arena/src/game.ts';
import { answerParent } from '../answering.ts';
import { CutLinks } from './cut-links.ts';
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
  /** Links that were lost in the middle of a stay. */
  cuts: number;
  /** Pages that were loaded again. */
  reloads: number;
  roomEnds: number;
  /** By code and place: what should not have happened. */
  failures: { [code: string]: number };
}

type Room = ClientRoom<typeof game>;

/** Frames cost the bots most, and the server nothing. */
const framesPerSecond = 20;
/** Of stays. */
const cutShare = 0.25;
const reloadShare = 0.25;
const playSeconds: readonly [number, number] = [3, 15];
/** Between two stays of a client. */
const awaySeconds: readonly [number, number] = [0, 1];

/** What a client sees of a room's end: within its stay, and between its seat and its link. */
const roomEnded: readonly string[] = ['room-closed', 'ticket-invalid'];

const lived: Lived = { joins: 0, leaves: 0, cuts: 0, reloads: 0, roomEnds: 0, failures: {} };
const playing = new Set<Room>();
let lives: Promise<unknown> = Promise.resolve();
let isOver = false;

answerParent({
  start({ url, numbers, seed, once }: BotsSettings): void {
    const links = new CutLinks(url);
    setInterval(() => {
      for (const room of playing) room.frame(performance.now());
    }, 1000 / framesPerSecond);
    lives = Promise.all(numbers.map((number) => live(links, new Random(seed * 10_007 + number), once)));
  },
  lived: () => lived,
  /** Everyone leaves. */
  async end(): Promise<Lived> {
    isOver = true;
    await lives;
    return lived;
  },
});

async function live(links: CutLinks, dice: Random, once: boolean): Promise<void> {
  do {
    await pause(dice.range(...awaySeconds) * 1000);
    try {
      let room: Room | undefined = await links.connection.joinOrCreate(roomName, game, { name: `Bot ${dice.int(1000)}` });
      lived.joins++;
      while (room) room = await stay(room, links, dice);
    } catch (error) {
      ended(error instanceof TickwireError ? error.code : String(error), 'joining');
    }
  } while (!once && !isOver);
}

/** @returns the room as the page has it that was loaded in place of this one. */
async function stay(room: Room, links: CutLinks, dice: Random): Promise<Room | undefined> {
  playing.add(room);
  const seed = dice.int(2 ** 31);
  let tick = 0;
  room.onInput(() => botInput(tick++, seed));
  const plays = dice.range(...playSeconds) * 1000;
  let cutsIn = dice.chance(cutShare) ? plays * dice.range(0.2, 0.8) : Number.POSITIVE_INFINITY;
  for (const from = performance.now(); performance.now() < from + plays && room.ended === undefined && !isOver; await pause(50)) {
    if (performance.now() < from + cutsIn) continue;
    cutsIn = Number.POSITIVE_INFINITY;
    lived.cuts++;
    links.cut(room.sessionId);
  }
  playing.delete(room);
  if (room.ended !== undefined) ended(room.ended, 'playing');
  else if (!isOver && dice.chance(reloadShare)) return reload(room, links);
  else {
    room.leave();
    lived.leaves++;
  }
  links.leave(room.sessionId);
  return undefined;
}

/** The page is gone without a word, and another is there in its place. */
function reload(room: Room, links: CutLinks): Promise<Room> {
  const token = room.reconnectionToken;
  // Nobody looks after its links any more.
  room.keeper = undefined;
  links.leave(room.sessionId);
  lived.reloads++;
  return links.connection.reconnect(token, game);
}

function ended(code: string, where: 'joining' | 'playing'): void {
  const failure = `${code} while ${where}`;
  if (roomEnded.includes(code)) lived.roomEnds++;
  else lived.failures[failure] = (lived.failures[failure] ?? 0) + 1;
}
