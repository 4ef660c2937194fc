// What a simulation compares: a client's states with the server's records, its replica with what it may see, and everything that must not grow.
//
// Invariant: nothing is changed by looking. Units: ticks.

import { limits } from '@tickwire/shared';
import { type Entity, form, slotOf, versionOf } from '@tickwire/shared/internal';
import type { Peer, Stepper } from '../stepper.ts';
import type { SimGame } from './sim-game.ts';

type SimPeer = Peer<SimGame>;
type Known = NonNullable<SimPeer['room']['received']['entities'][number]>;

/** Compares the newest state of each entity, where the server still remembers that tick. @returns states compared. */
export function falseStates(stepper: Stepper<SimGame>, peer: SimPeer, faults: string[]): number {
  let compared = 0;
  for (const entity of peer.room.received.entities) {
    if (!entity) continue;
    const at = stepper.core.history.rowAt(slotOf(entity.id), versionOf(entity.id), entity.newestTick);
    if (at < 0) continue;
    compared++;
    const field = falseField(stepper, entity, at);
    if (field) faults.push(`${entity.type.name} ${entity.id} at tick ${entity.newestTick} differs in ${field}`);
  }
  return compared;
}

/** Everything in which a replica differs from what its client may see of the world that stands still. */
export function differences(stepper: Stepper<SimGame>, peer: SimPeer): string[] {
  const faults: string[] = [];
  const { core } = stepper;
  const { world, history } = core;
  const { entities } = peer.room.received;
  const member = core.members.get(peer.room.sessionId);
  const sight = sightOf(stepper, peer);
  for (let slot = 0; slot < Math.max(world.slotCount, entities.length); slot++) {
    const there = world.at(slot);
    const here = entities[slot];
    const who = `${peer.room.sessionId}, slot ${slot}`;
    const may = there ? sight(slot, there) : 'never';
    if (!here || there?.id !== here.id) {
      if (here) faults.push(`${who}: the server has ${named(there)}, the client ${here.type.name} ${here.id}`);
      else if (may === 'always') faults.push(`${who}: the client lacks ${named(there)}`);
      continue;
    }
    if (may === 'never') faults.push(`${who}: the client has ${named(there)}, and may not see it`);
    const field = falseField(stepper, here, history.rowAt(slot, world.versionAt(slot), world.tick));
    if (field) faults.push(`${who}: ${here.type.name} differs in ${field}`);
    const isOwned = here.form === form.owned;
    if (isOwned !== (member?.controls.has(slot) === true)) faults.push(`${who}: owned is ${isOwned}`);
    if (!isOwned && hasSecret(here)) faults.push(`${who}: the secret of another player arrived`);
  }
  return faults;
}

/** What has outgrown its bound on either side of a client. */
export function boundsBroken(stepper: Stepper<SimGame>, peer: SimPeer): string[] {
  const { world } = stepper.core;
  const member = stepper.core.members.get(peer.room.sessionId);
  const { entities, departed } = peer.room.received;
  const states = Math.max(0, ...entities.map((one) => one?.count ?? 0));
  // Of 40 movers, three players and their pets, sparks that live for 45 ticks at most: what was freed rests for the history.
  const slotsMax = 60 + world.all('mover').length * 2;
  const bounds: readonly (readonly [string, number, number])[] = [
    ['slots of the world', world.slotCount, slotsMax],
    ['entities of the client', entities.length, slotsMax],
    ['entities that are over and still in view', departed.length, slotsMax],
    ['states of an entity', states, limits.clientStates],
    ['predicted slots', peer.room.predictor?.world.slotCount ?? 0, slotsMax],
    ['entries of the replica', (member?.replica.entries.length ?? 0) / 8, 2 * Math.max(64, slotsMax)],
    ['handles', member?.replica.handleEnd ?? 0, slotsMax],
    ['effects that wait', member?.effects.waiting.length ?? 0, 128],
    ['messages that wait', member?.session.outbox.isFull ? 1 : 0, 0],
    ['snapshots on their way', member?.sent.unacknowledged ?? 0, limits.snapshotsInFlight + 8],
  ];
  return bounds.filter(([, count, most]) => count > most).map(([what, count, most]) => `${peer.room.sessionId}: ${count} ${what}, at most ${most}`);
}

/** What a client may see, found by another way than the server's: everything, or by distance and rule. Between the two radii either is right. */
function sightOf(stepper: Stepper<SimGame>, peer: SimPeer): (slot: number, entity: Entity) => 'always' | 'never' | 'either' {
  const { core } = stepper;
  const { interest, visible } = core.room;
  if (!interest) return () => 'always';
  const controls = core.members.get(peer.room.sessionId)?.controls ?? new Set();
  const client = core.members.get(peer.room.sessionId)?.client;
  const eyes = [...controls].flatMap((slot) => core.world.at(slot) ?? []).map(({ pos }) => pos as Place);
  return (slot, entity) => {
    if (slot === 0 || controls.has(slot) || entity.type === 'ball') return 'always';
    if (!client || !visible.call(core.room, client, entity as never)) return 'never';
    const { x, y } = entity['pos'] as Place;
    const least = Math.min(...eyes.map((eye) => Math.sqrt((eye.x - x) ** 2 + (eye.y - y) ** 2)));
    return least <= interest.radius ? 'always' : least > (interest.leaveRadius ?? interest.radius) ? 'never' : 'either';
  };
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** The first field of a client's newest state that is not what the server recorded. */
function falseField({ core }: Stepper<SimGame>, entity: Known, at: number): string | undefined {
  const { layout } = entity.type;
  const mine = entity.rowAt(entity.count - 1);
  const rows = core.history.rows(slotOf(entity.id));
  const precision = entity.form === form.seen ? 'wire' : 'step';
  if (layout.same(entity.rows, mine, rows, at, precision, entity.form === form.owned)) return undefined;
  return layout.firstDifference(entity.rows, mine, rows, at);
}

function hasSecret(entity: Known): boolean {
  return entity.type.layout.fields.some(({ kind, at }) => kind.ownerOnly && entity.rows[entity.rowAt(entity.count - 1) + at] !== 0);
}

function named(entity: Entity | null): string {
  return entity ? `${entity.type} ${entity.id}` : 'nothing';
}
