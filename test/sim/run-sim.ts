// One simulation: faults first, then the network heals and the world stands still; within a few round trips every replica must be the server's world.
//
// Invariant: a run is decided by its seed and profile; its result says what was done and everything that was wrong, and carries a hash of it all.
// Units: milliseconds of virtual time; ticks; bytes a second with headers.

import { hashWord } from '@tickwire/shared/internal';
import { type Peer, Stepper } from '../stepper.ts';
import { boundsBroken, differences, falseStates } from './compare.ts';
import { healed, networkOf, type SimProfile } from './profiles.ts';
import { SightedRoom, type SimGame, SimRoom, simGame } from './sim-game.ts';

export interface SimResult {
  readonly seed: number;
  readonly profile: SimProfile;
  readonly ticks: number;
  /** What was wrong; empty when all is well. */
  readonly faults: string[];
  /** Of the server's world, the replicas and the traffic. */
  readonly hash: number;
  readonly statesCompared: number;
  readonly eventsDelivered: number;
  readonly packetsLost: number;
  readonly corrections: number;
  /** Acknowledged round trips after healing that the slowest client needed to be exact. */
  readonly roundTrips: number;
  /** The most that any client was sent in any second, in snapshots. */
  readonly largestSecondBytes: number;
}

export interface SimOptions {
  readonly faultMs?: number;
  readonly clients?: number;
  readonly movers?: number;
  readonly roundTripsMax?: number;
}

/** Rule SM8. Most runs need one, since each snapshot names all that is not known yet; a queue or a silence before leaves it one packet, which may not hold all. */
const roundTripsMax = 4;
/** Reliable messages may have lost their way several times, and each time wait twice as long: 3 s at most. */
const eventsMs = 10_000;
/** The longest round trip three times. */
const settleMs = 2000;

/** What the test notes about one client. */
interface Script {
  received: number;
  asked: number;
  readonly flashes: Set<number>;
  moveX: number;
  hasLeft: boolean;
}

type SimPeer = Peer<SimGame>;

export function runSim(seed: number, profile: SimProfile, options: SimOptions = {}): SimResult {
  const { clients = 3, faultMs = 6000, movers = seed % 5 === 0 ? 150 : 40 } = options;
  const network = networkOf(profile);
  const room = seed % 3 === 0 ? new SightedRoom() : new SimRoom();
  const stepper = new Stepper<SimGame>({ game: simGame, room, seed, profile: network, options: { movers } });
  const faults: string[] = [];
  const counts = { compared: 0, delivered: 0 };
  const script = new Map<SimPeer, Script>();
  const join = (): void => void script.set(...scripted(stepper.join(), faults, counts));
  const present = (): SimPeer[] => stepper.peers.filter((peer) => script.get(peer)?.hasLeft === false);
  const inspect = (peer: SimPeer): void => {
    const own = script.get(peer);
    if (!own || own.hasLeft) return;
    if (peer.room.predictor && !peer.room.ended && peer.random.chance(0.1)) peer.room.emit('asked', { number: ++own.asked });
    if (faults.length > 5) return;
    counts.compared += falseStates(stepper, peer, faults);
    if (peer.random.chance(0.05)) faults.push(...boundsBroken(stepper, peer));
  };

  for (let number = 0; number < clients; number++) {
    join();
    stepper.run((stepper.peers[number] as SimPeer).random.range(0, 200));
  }
  stepper.run(faultMs * 0.4, inspect);
  const [first] = stepper.peers as [SimPeer];
  if (profile === 'blackout')
    for (const { pair, random } of stepper.peers) pair.blackout(stepper.now + random.range(1000, 2000), random.pick(['aToB', 'bToA'] as const));
  if (seed % 4 === 0) {
    first.room.leave();
    (script.get(first) as Script).hasLeft = true;
    join();
  }
  stepper.run(faultMs * 0.6, inspect);

  stepper.setProfile(healed(network));
  room.freeze();
  const roundTrips = Math.max(0, ...heal(stepper, present(), options.roundTripsMax ?? roundTripsMax, faults));
  const isQuiet = (): boolean =>
    present().every((peer) => {
      const member = stepper.core.members.get(peer.room.sessionId);
      const own = script.get(peer) as Script;
      return member?.session.outbox.isEmpty && own.asked === room.notes.get(peer.room.sessionId)?.asked && member.effects.waiting.length === 0;
    });
  stepper.run(eventsMs, undefined, isQuiet);
  // Somebody whose leaving was lost may have been given up just now: that is news as any other.
  stepper.run(settleMs, undefined, () => present().every((peer) => differences(stepper, peer).length === 0));

  faults.push(...stepper.errors.map(String));
  let hash = stepper.core.hash();
  for (const peer of present()) {
    faults.push(...differences(stepper, peer), ...endFaults(peer, script.get(peer) as Script, room));
    const { bytesReceived, bytesSent, packetsLost } = peer.room.stats;
    const { received, flashes } = script.get(peer) as Script;
    for (const word of [bytesReceived, bytesSent, packetsLost, received, flashes.size]) hash = hashWord(hash, word);
  }
  const largestSecondBytes = Math.max(...stepper.peers.map(({ down }) => down.largestSecondBytes));
  const { budgetBytes = Number.POSITIVE_INFINITY } = room as { budgetBytes?: number };
  if (largestSecondBytes > budgetBytes) faults.push(`${largestSecondBytes} bytes in a second, and the budget is ${budgetBytes}`);
  return {
    seed,
    profile,
    ticks: stepper.core.world.tick,
    faults,
    hash: hash >>> 0,
    statesCompared: counts.compared,
    eventsDelivered: counts.delivered,
    packetsLost: stepper.peers.reduce((sum, { room: client }) => sum + client.stats.packetsLost, 0),
    corrections: stepper.peers.reduce((sum, { room: client }) => sum + client.stats.corrections, 0),
    roundTrips,
    largestSecondBytes,
  };
}

/** A client that plays at random, and notes what it hears. */
function scripted(peer: SimPeer, faults: string[], counts: { delivered: number }): [SimPeer, Script] {
  const own: Script = { received: 0, asked: 0, flashes: new Set(), moveX: 0, hasLeft: false };
  peer.room.onInput(() => {
    if (peer.random.chance(0.05)) own.moveX = peer.random.range(-1, 1);
    return {
      move: { x: own.moveX, y: peer.random.range(-1, 1) },
      aim: peer.random.range(-3, 3),
      fire: peer.random.chance(0.1),
      run: peer.random.chance(0.5),
    };
  });
  peer.room.on('numbered', ({ number, text }) => {
    counts.delivered++;
    if (number !== own.received + 1 || text !== `event ${number}`) faults.push(`event ${number} after ${own.received}`);
    own.received = number;
  });
  peer.room.on('flash', ({ number }) => {
    if (own.flashes.has(number)) faults.push(`effect ${number} was played twice`);
    own.flashes.add(number);
  });
  return [peer, own];
}

/** Runs until each client is exact. A round trip is over when a packet that was sent after the last one is acknowledged. @returns how many each needed. */
function heal(stepper: Stepper<SimGame>, peers: readonly SimPeer[], most: number, faults: string[]): number[] {
  const { tickHz } = stepper.core.game;
  const states = peers.map((peer) => ({
    peer,
    sent: stepper.core.members.get(peer.room.sessionId)?.sent,
    since: stepper.now + 1000 / tickHz,
    trips: 0,
    isExact: false,
  }));
  const limitMs = most * 2000;
  stepper.run(limitMs, undefined, () => {
    for (const state of states) {
      if (state.isExact || !state.sent || state.sent.ackedSentAt < state.since) continue;
      state.since = stepper.now;
      state.trips++;
      state.isExact = differences(stepper, state.peer).length === 0;
      if (!state.isExact && state.trips === most) faults.push(`${state.peer.room.sessionId} is not exact after ${most} round trips`);
    }
    return states.every(({ isExact, trips }) => isExact || trips >= most);
  });
  for (const { peer, isExact, trips } of states)
    if (!isExact && trips < most) faults.push(`${peer.room.sessionId} had ${trips} round trips in ${limitMs} ms`);
  return states.map(({ trips }) => trips);
}

/** What must hold for a client in the end, besides its replica. */
function endFaults({ room: client, down, up }: SimPeer, own: Script, room: SimRoom): string[] {
  const faults: string[] = [];
  const notes = room.notes.get(client.sessionId);
  if (client.ended) faults.push(`${client.sessionId} ended: ${client.ended}`);
  if (notes && notes.sent !== own.received) faults.push(`${client.sessionId} got ${own.received} of ${notes.sent} events`);
  if (own.asked !== (notes?.asked ?? 0) || (notes?.outOfOrder ?? 0) > 0)
    faults.push(`the room got ${notes?.asked} of ${own.asked} events, ${notes?.outOfOrder} out of order`);
  const { resyncs, codecFaults, packetsWrong } = client.stats;
  if (resyncs + codecFaults + packetsWrong > 0)
    faults.push(`${resyncs} bases were missing, ${codecFaults} values false, ${packetsWrong} packets unreadable`);
  for (const { largestPacket } of [down, up]) if (largestPacket > 1100) faults.push(`a packet of ${largestPacket} bytes`);
  return faults;
}
