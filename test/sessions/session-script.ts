// Players over links that come and go: each notes what it hears and counts what it says, and whatever is lost, doubled or out of order is a fault.
//
// Invariant: a page that was loaded anew goes on with what the one before it has not acknowledged, and says what the server has not had. Units: milliseconds of
// virtual time.

import type { SimGame, SimRoom } from '../sim/sim-game.ts';
import type { Peer, Stepper } from '../stepper.ts';

export type SimPeer = Peer<SimGame>;

/** One player, over all its pages. */
export interface Player {
  readonly peer: SimPeer;
  readonly name: string;
  /** Newest event of the server that any page of this player has had. */
  received: number;
  /** Newest event that this player has sent. */
  asked: number;
  /** Pages, reconnections and drops. */
  pages: number;
  drops: number;
  returns: number;
  delivered: number;
  /** Effects that were played. */
  flashes: number;
  /** The page at hand has begun to say something. */
  speaks: boolean;
  moveX: number;
}

export function play(peer: SimPeer, faults: string[]): Player {
  const player: Player = {
    peer,
    name: peer.room.sessionId,
    received: 0,
    asked: 0,
    pages: 0,
    drops: 0,
    returns: 0,
    delivered: 0,
    flashes: 0,
    speaks: false,
    moveX: 0,
  };
  takePage(player, faults);
  return player;
}

/** The page of a player is new: it has its handlers to set. */
export function takePage(player: Player, faults: string[]): void {
  const { peer } = player;
  const { room, random } = peer;
  let newest = -1;
  player.pages++;
  player.speaks = false;
  room.onDrop(() => player.drops++);
  room.onReconnect(() => player.returns++);
  room.onInput(() => {
    if (random.chance(0.05)) player.moveX = random.range(-1, 1);
    return { move: { x: player.moveX, y: random.range(-1, 1) }, aim: random.range(-3, 3), fire: random.chance(0.1), run: random.chance(0.5) };
  });
  room.on('flash', () => player.flashes++);
  room.on('numbered', ({ number, text }) => {
    // The first one of a page may be one that the page before had, and had not acknowledged.
    const isNext = newest < 0 ? number <= player.received + 1 : number === newest + 1;
    if (!isNext || text !== `event ${number}`) faults.push(`${player.name}: event ${number} after ${newest < 0 ? player.received : newest}`);
    newest = number;
    player.received = Math.max(player.received, number);
    player.delivered++;
  });
}

/** Says something now and then. Call it after each frame. */
export function speak(player: Player, notes: SimRoom['notes']): void {
  const { room, random } = player.peer;
  if (room.ended || !room.predictor) return;
  if (!player.speaks) {
    // What the page before said and the server has not had is gone with it.
    player.asked = notes.get(player.name)?.asked ?? 0;
    player.speaks = true;
  }
  if (random.chance(0.15)) room.emit('asked', { number: ++player.asked });
}

/** Whether everything that was said is there, at both ends. */
export function isQuiet({ core }: Stepper<SimGame>, { peer, name, asked, received }: Player, notes: SimRoom['notes']): boolean {
  const member = core.members.get(name);
  const own = notes.get(name);
  return (
    member?.isConnected === true &&
    member.session.outbox.isEmpty &&
    peer.room.connection === 'connected' &&
    asked === (own?.asked ?? 0) &&
    received === (own?.sent ?? 0)
  );
}

/** What must hold for a player in the end, besides its replica. */
export function playerFaults({ peer, name, asked, received }: Player, notes: SimRoom['notes']): string[] {
  const faults: string[] = [];
  const own = notes.get(name);
  if (peer.room.ended) faults.push(`${name} ended: ${peer.room.ended}`);
  if (received !== (own?.sent ?? 0)) faults.push(`${name} got ${received} of ${own?.sent} events`);
  if (asked !== (own?.asked ?? 0)) faults.push(`the room got ${own?.asked} of ${asked} events of ${name}`);
  if ((own?.outOfOrder ?? 0) > 0) faults.push(`${own?.outOfOrder} events of ${name} came out of order`);
  const { resyncs, codecFaults, packetsWrong } = peer.room.stats;
  if (resyncs + codecFaults + packetsWrong > 0)
    faults.push(`${name}: ${resyncs} bases were missing, ${codecFaults} values false, ${packetsWrong} packets unreadable`);
  return faults;
}
