// One simulation: faults first, then a healed network and a world that stands still; then every replica must be the server's world, word for word.
//
// Invariant: a run is decided by its seed and profile; its result says what was done and everything that was wrong, and carries a hash of it all.
// Units: milliseconds of virtual time; ticks.

import { type NetworkProfile, type NetworkProfileName, networkProfiles } from '@tickwire/shared';
import { form, hashWord, slotOf, versionOf } from '@tickwire/shared/internal';
import { type Peer, Stepper } from '../stepper.ts';
import { type SimGame, SimRoom, simGame } from './sim-game.ts';

export interface SimResult {
  readonly seed: number;
  readonly profile: string;
  readonly ticks: number;
  /** What was wrong; empty when all is well. */
  readonly faults: string[];
  /** Of the server's world, the replicas and the traffic. */
  readonly hash: number;
  readonly statesCompared: number;
  readonly eventsDelivered: number;
  readonly packetsLost: number;
  readonly corrections: number;
}

export interface SimOptions {
  readonly faultMs?: number;
  readonly clients?: number;
  readonly movers?: number;
}

/** Time after the faults within which every replica must have converged: 20 round trips of the healed network and a few snapshots. */
const healMs = 3000;

export function runSim(seed: number, profile: NetworkProfileName | NetworkProfile, options: SimOptions = {}): SimResult {
  const name = typeof profile === 'string' ? profile : 'custom';
  const room = new SimRoom();
  const network = typeof profile === 'string' ? networkProfiles[profile] : profile;
  const stepper = new Stepper<SimGame>({ game: simGame, room, seed, profile: network, options: { movers: options.movers ?? 40 } });
  const faults: string[] = [];
  const counts = { compared: 0, delivered: 0 };
  const { clients = 3, faultMs = 4000 } = options;
  const script = new Map<Peer<SimGame>, { received: number; asked: number; flashes: Set<number>; moveX: number }>();

  for (let number = 0; number < clients; number++) {
    const peer = stepper.join();
    const own = { received: 0, asked: 0, flashes: new Set<number>(), moveX: 0 };
    script.set(peer, own);
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
    stepper.run(peer.random.range(0, 200));
  }
  const inspect = (peer: Peer<SimGame>): void => {
    const own = script.get(peer);
    if (own && peer.room.predictor && !peer.room.ended && peer.random.chance(0.1)) peer.room.emit('asked', { number: ++own.asked });
    counts.compared += compareNewest(stepper, peer, faults);
  };
  stepper.run(faultMs, inspect);
  stepper.setProfile(networkProfiles.clean);
  stepper.run(healMs, inspect);
  room.freeze();
  stepper.run(healMs);

  faults.push(...stepper.errors.map(String));
  let hash = stepper.core.hash();
  for (const [peer, own] of script) {
    faults.push(...compareReplica(stepper, peer));
    const notes = room.notes.get(peer.room.sessionId);
    if (peer.room.ended) faults.push(`${peer.room.sessionId} ended: ${peer.room.ended}`);
    if (notes && notes.sent !== own.received) faults.push(`${peer.room.sessionId} got ${own.received} of ${notes.sent} events`);
    if (own.asked !== (notes?.asked ?? 0) || (notes?.outOfOrder ?? 0) > 0)
      faults.push(`the room got ${notes?.asked} of ${own.asked} events, ${notes?.outOfOrder} out of order`);
    if (peer.room.stats.resyncs > 0) faults.push(`${peer.room.stats.resyncs} bases were missing`);
    if (peer.room.stats.packetsWrong > 0) faults.push(`${peer.room.stats.packetsWrong} packets were unreadable`);
    for (const word of [peer.room.stats.bytesReceived, peer.room.stats.bytesSent, peer.room.stats.packetsLost, own.received, own.flashes.size])
      hash = hashWord(hash, word);
  }
  const total = (of: (peer: Peer<SimGame>) => number): number => stepper.peers.reduce((sum, peer) => sum + of(peer), 0);
  return {
    seed,
    profile: name,
    ticks: stepper.core.world.tick,
    faults,
    hash: hash >>> 0,
    statesCompared: counts.compared,
    eventsDelivered: counts.delivered,
    packetsLost: total((peer) => peer.room.stats.packetsLost),
    corrections: total((peer) => peer.room.stats.corrections),
  };
}

/** Compares the newest state of each entity, where the server still remembers that tick. @returns states compared. */
function compareNewest(stepper: Stepper<SimGame>, peer: Peer<SimGame>, faults: string[]): number {
  let compared = 0;
  for (const entity of peer.room.received.entities) {
    if (!entity || faults.length > 5) continue;
    const tick = entity.newestTick;
    const slot = slotOf(entity.id);
    const at = stepper.core.history.rowAt(slot, versionOf(entity.id), tick);
    if (at < 0) continue;
    compared++;
    const { layout } = entity.type;
    const mine = entity.rowAt(entity.count - 1);
    const precision = entity.form === form.seen ? 'wire' : 'step';
    if (!layout.same(entity.rows, mine, stepper.core.history.rows(slot), at, precision, entity.form === form.owned)) {
      faults.push(
        `${entity.type.name} ${entity.id} at tick ${tick} differs in ${layout.firstDifference(entity.rows, mine, stepper.core.history.rows(slot), at)}`,
      );
    }
  }
  return compared;
}

/** Everything in which a replica differs from the world that stands still. */
function compareReplica(stepper: Stepper<SimGame>, peer: Peer<SimGame>): string[] {
  const faults: string[] = [];
  const { world, history } = stepper.core;
  const { entities } = peer.room.received;
  for (let slot = 0; slot < Math.max(world.slotCount, entities.length); slot++) {
    const there = world.at(slot);
    const here = entities[slot];
    if (!there && !here) continue;
    const who = `${peer.room.sessionId}, slot ${slot}`;
    if (!there || !here || there.id !== here.id) {
      faults.push(
        `${who}: the server has ${there ? `${there.type} ${there.id}` : 'nothing'}, the client ${here ? `${here.type.name} ${here.id}` : 'nothing'}`,
      );
      continue;
    }
    const at = history.rowAt(slot, world.versionAt(slot), world.tick);
    const mine = here.rowAt(here.count - 1);
    const owned = here.form === form.owned;
    if (!here.type.layout.same(here.rows, mine, history.rows(slot), at, here.form === form.seen ? 'wire' : 'step', owned)) {
      faults.push(`${who}: ${here.type.name} differs in ${here.type.layout.firstDifference(here.rows, mine, history.rows(slot), at)}`);
    }
    if (owned !== (here.type.name === 'player' && there['name'] === peer.room.sessionId.slice(-8))) faults.push(`${who}: owned is ${owned}`);
    if (!owned && here.type.name === 'player' && hasSecret(here)) faults.push(`${who}: another player's secret arrived`);
  }
  return faults;
}

function hasSecret(entity: NonNullable<Peer<SimGame>['room']['received']['entities'][number]>): boolean {
  const field = entity.type.layout.fields.find(({ name }) => name === 'secret');
  return field !== undefined && entity.rows[entity.rowAt(entity.count - 1) + field.at] !== 0;
}
