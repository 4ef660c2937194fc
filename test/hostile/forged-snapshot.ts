// Snapshot packets that lie: made with our own writers, so that a reader takes them in full, of whatever the random stream says.
//
// Spoilt bytes hardly ever pass the coder; these do, and reach what stands behind it. Invariant: decided by the random stream and what the victim holds.
// Units: ticks.

import { type AnyGame, limits, type Random } from '@tickwire/shared';
import {
  type Bases,
  BitReader,
  BitWriter,
  codecTable,
  type EntityType,
  type EventType,
  emptyOpening,
  emptySnapshotHead,
  type Form,
  form,
  messageKind,
  type Opening,
  openBody,
  openFrame,
  operation,
  planOf,
  type SnapshotHead,
  SymbolEncoder,
  Symbols,
  slotBits,
  writeChange,
  writeEffectHead,
  writeIdentity,
  writeOpening,
  writeRest,
  writeSnapshotHead,
  writeWhole,
} from '@tickwire/shared/internal';
import type { ReceivedEntity } from '../../packages/client/src/received.ts';

/** A packet of the given head and parts. */
export function snapshotPacket(head: Partial<SnapshotHead>, segment?: Symbols, privateRecords?: Symbols): Uint8Array {
  const out = new BitWriter(64);
  writeSnapshotHead(out, { ...emptySnapshotHead(), ...head, hasPrivate: privateRecords !== undefined });
  const first = [...out.finish(), ...(privateRecords ? coded(privateRecords) : [])];
  const second = segment ? [...coded(segment)] : [];
  const isSplit = privateRecords !== undefined && second.length > 0;
  if (!isSplit) first.push(...second);
  const bytes = new Uint8Array(first.length + second.length + 16);
  const at = openFrame(bytes, messageKind.snapshot, isSplit ? 2 : 1, first.length);
  bytes.set(first, at);
  if (!isSplit) return bytes.slice(0, at + first.length);
  const secondAt = openBody(bytes, at + first.length, second.length);
  bytes.set(second, secondAt);
  return bytes.slice(0, secondAt + second.length);
}

/** A segment that ends these slots. */
export function despawns(slots: readonly number[]): Symbols {
  const out = new Symbols(codecTable);
  const opening = emptyOpening();
  out.writeVar(slots.length);
  for (const slot of slots) writeOpening(out, opening, slot, operation.despawn, 0, 0);
  return out;
}

/** What a lie is about: the game, and what the victim has. */
export interface Told {
  readonly game: AnyGame;
  readonly entities: readonly (ReceivedEntity | undefined)[];
  readonly tick: number;
}

/** A packet of records and effects that no honest server would send and any reader can read. */
export function forgedSnapshot(random: Random, told: Told, sequence: SnapshotHead['sequence']): Uint8Array {
  const hasHandles = random.chance(0.3);
  const head: Partial<SnapshotHead> = {
    sequence,
    tick: Math.max(0, told.tick + random.pick([0, 0, 1, 3, 3, 6, -5, -40, 100, 5000])),
    leads: random.chance(0.6),
    hasHandles,
    ack: random.chance(0.5) ? random.int(256) : -1,
    ackHoldMs: random.int(256),
    inputLead: random.int(64),
    inputMargin: random.int(256) - 128,
    inputsMissed: random.int(16),
  };
  const segment = random.chance(0.9) ? writeRecords(random, told, head.tick as number, false, hasHandles) : undefined;
  const own = random.chance(0.5) ? writeRecords(random, told, head.tick as number, true, false) : undefined;
  if (own) writeEffects(random, told.game, own, head.leads === true);
  return snapshotPacket(head, segment, own);
}

function writeRecords(random: Random, told: Told, tick: number, isPrivate: boolean, hasHandles: boolean): Symbols {
  const out = new Symbols(codecTable);
  const opening = emptyOpening();
  const count = random.int(8);
  out.writeVar(count);
  let slot = -1;
  for (let index = 0; index < count; index++) {
    slot += 1 + random.pick([0, 0, 0, 1, 5, 40, random.chance(0.02) ? 16_000 : 2]);
    const there = told.entities[slot];
    const what = random.pick([operation.despawn, operation.full, operation.full, operation.delta, operation.delta]);
    // By handles only whole states: what else they may say is the writer's own affair.
    if (what === operation.despawn && !hasHandles) writeOpening(out, opening, slot, operation.despawn, 0, 0);
    else if (what === operation.delta && there && !hasHandles && there.newestTick <= tick) writeDelta(random, out, opening, slot, there, tick);
    else writeFull(random, told.game, out, opening, slot, isPrivate, hasHandles);
  }
  return out;
}

/** A change of something that the victim has. */
function writeDelta(random: Random, out: Symbols, opening: Opening, slot: number, there: ReceivedEntity, tick: number): void {
  const newer = random.int(there.count);
  const older = random.int(newer + 1);
  const { layout } = there.type;
  const hasOlder = older < newer;
  const newerTick = there.tickAt(newer);
  const bases: Bases = {
    newer: there.rows,
    newerAt: there.rowAt(newer),
    older: there.rows,
    olderAt: hasOlder ? there.rowAt(older) : -1,
    newerAge: tick - newerTick,
    span: hasOlder ? newerTick - there.tickAt(older) : 0,
    interval: 3,
  };
  writeOpening(out, opening, slot, operation.delta, bases.newerAge, bases.span);
  const seenAs = there.formAt(newer);
  const plan = planOf(layout, precisionOf(seenAs), seenAs === form.owned);
  writeChange(out, plan, anyRow(random, there.type), 0, bases, random.chance(0.3) ? random.int(1000) : 0);
}

/** A whole state of any type, wherever. */
function writeFull(random: Random, game: AnyGame, out: Symbols, opening: Opening, slot: number, isPrivate: boolean, hasHandles: boolean): void {
  writeOpening(out, opening, slot, operation.full, 0, 0);
  if (hasHandles) out.write(slot === 0 ? 0 : random.int(limits.worldSlots), slotBits);
  const type = game.types[slot === 0 ? 0 : random.int(game.types.length)] as EntityType;
  const seenAs: Form = isPrivate ? random.pick([form.shared, form.owned]) : form.seen;
  const identity = {
    version: random.pick([0, 1, 2, 65_535, 70_000]),
    type: type.number,
    form: seenAs,
    originKey: random.int(3) - 1,
    originAge: random.int(2 ** 20),
    originNumber: random.int(100),
  };
  writeIdentity(out, identity, game.types.length, isPrivate);
  writeRest(out, random.pick([0, 0, 1, 60, 2 ** 31]));
  writeWhole(out, type.layout, anyRow(random, type), 0, precisionOf(seenAs), seenAs === form.owned);
}

function writeEffects(random: Random, game: AnyGame, out: Symbols, leads: boolean): void {
  const types = game.eventTypes.filter(({ expiresMs }) => expiresMs !== undefined || random.chance(0.2));
  const count = types.length === 0 ? 0 : random.int(4);
  out.writeVar(count);
  for (let index = 0; index < count; index++) {
    const type = random.pick(types) as EventType;
    const originKey = type.expiresMs === undefined ? random.int(9) : random.int(3) - 1;
    writeEffectHead(out, { id: random.int(65_536), event: type.number, age: random.int(100), originKey, originNumber: random.int(9) });
    if (type.expiresMs !== undefined) type.layout.write(out, anyRow(random, type), 0, 'step', true);
  }
  if (leads) out.write(random.int(2), 1);
}

/** A state as any bytes give it. */
function anyRow(random: Random, { layout }: { readonly layout: EntityType['layout'] }): Int32Array {
  const noise = Uint8Array.from({ length: 200 }, () => (random.chance(0.5) ? 0 : random.int(256)));
  const reader = new BitReader();
  reader.reset(noise, 0, noise.length);
  const row = new Int32Array(layout.words);
  layout.read(reader, row, 0, 'step', true);
  return row;
}

function coded({ list, length }: Symbols): Uint8Array {
  const bytes = new Uint8Array(length * 2 + 8);
  const encoder = new SymbolEncoder();
  encoder.begin(bytes, 0, bytes.length);
  encoder.put(list, 0, length);
  return bytes.slice(0, encoder.finish());
}

function precisionOf(seenAs: Form): 'wire' | 'step' {
  return seenAs === form.seen ? 'wire' : 'step';
}
