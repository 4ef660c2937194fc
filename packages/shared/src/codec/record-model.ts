// One entity in a snapshot as decisions: which slot, which operation, against which bases, at rest or not; then its state.
//
// A record says something about this one entity only; an entity that is not named is not spoken of (law 4). Three operations: `full` needs no base,
// `delta` names two ticks of which the receiver acknowledged this entity's state, `despawn` ends the entity for this receiver.
// The opening depends on the record before it; the body on the entity and its bases alone, so that it can be shared.
// Invariant: readX takes exactly what writeX wrote. Units: ages are ticks before the packet's tick.

import { bitsFor } from '../schema/kind.ts';
import { context, lengthsMax } from './contexts.ts';
import type { Decisions, RangeDecoder } from './range-coder.ts';

export const operation = { delta: 0, full: 1, despawn: 2 } as const;

/**
 * In which form a receiver has an entity. `seen`: on the wire grid, without owner fields. `shared`: on the step grid, predicted by everyone.
 * `owned`: on the step grid, with owner fields; the receiver controls it.
 */
export const form = { seen: 0, shared: 1, owned: 2 } as const;
export type Form = 0 | 1 | 2;

/** What a record's opening says, and what the next one's depends on. */
export interface Opening {
  slot: number;
  operation: number;
  /** delta: ticks from the newer base to the packet's tick, and from the older base to the newer; a span of 0 is one base only. */
  newerAge: number;
  span: number;
  /** The gap before this record was not 0. */
  gapped: number;
}

/** What the first record of a list depends on. */
export function firstOpening(opening: Opening): void {
  opening.slot = -1;
  opening.operation = operation.full;
  opening.newerAge = 0;
  opening.span = 0;
  opening.gapped = 0;
}

/** Writes the opening of a record and leaves it in `opening` for the next. */
export function writeOpening(out: Decisions, opening: Opening, slot: number, what: number, newerAge: number, span: number): void {
  const gap = slot - opening.slot - 1;
  out.bit(context.gap + opening.gapped, gap === 0 ? 0 : 1);
  if (gap > 0) writeGap(out, gap);
  out.bit(context.notDelta, what === operation.delta ? 0 : 1);
  opening.slot = slot;
  opening.operation = what;
  opening.gapped = gap === 0 ? 0 : 1;
  if (what !== operation.delta) {
    out.bit(context.despawn, what === operation.despawn ? 1 : 0);
    return;
  }
  const same = newerAge === opening.newerAge && span === opening.span;
  out.bit(context.ownBases, same ? 0 : 1);
  if (same) return;
  out.writeVar(newerAge);
  out.writeVar(span);
  opening.newerAge = newerAge;
  opening.span = span;
}

export function readOpening(from: RangeDecoder, opening: Opening): void {
  const isGap = from.bit(context.gap + opening.gapped) === 1;
  opening.slot += isGap ? readGap(from) + 1 : 1;
  opening.gapped = isGap ? 1 : 0;
  if (from.bit(context.notDelta) === 1) {
    opening.operation = from.bit(context.despawn) === 1 ? operation.despawn : operation.full;
    return;
  }
  opening.operation = operation.delta;
  if (from.bit(context.ownBases) === 0) return;
  opening.newerAge = from.readVar();
  opening.span = from.readVar();
}

/** A gap of at least 1: its length in bits, then the bits below the highest (Elias' gamma code with contexts). */
function writeGap(out: Decisions, gap: number): void {
  const length = 31 - Math.clz32(gap);
  for (let at = 0; at < length; at++) out.bit(context.longGap + at, 1);
  if (length < lengthsMax - 1) out.bit(context.longGap + length, 0);
  out.write(gap - (1 << length), length);
}

function readGap(from: RangeDecoder): number {
  let length = 0;
  while (length < lengthsMax - 1 && from.bit(context.longGap + length) === 1) length++;
  return (1 << length) + from.read(length);
}

/** What a whole state says of the entity besides its fields. One object is reused. */
export interface Identity {
  version: number;
  type: number;
  form: Form;
  /** owned: the spawn's key, or -1. */
  originKey: number;
  originAge: number;
  originNumber: number;
}

export function writeIdentity(out: Decisions, identity: Identity, types: number, isPrivate: boolean): void {
  out.writeVar(identity.version);
  out.write(identity.type, bitsFor(types - 1));
  if (!isPrivate) return;
  const owned = identity.form === form.owned;
  out.write(owned ? 1 : 0, 1);
  if (!owned) return;
  out.write(identity.originKey >= 0 ? 1 : 0, 1);
  if (identity.originKey < 0) return;
  out.write(identity.originKey, 16);
  out.writeVar(identity.originAge);
  out.writeVar(identity.originNumber);
}

export function readIdentity(from: RangeDecoder, identity: Identity, types: number, isPrivate: boolean): void {
  identity.version = from.readVar();
  identity.type = from.read(bitsFor(types - 1));
  identity.form = form.seen;
  identity.originKey = -1;
  if (identity.version > 0xffff || identity.type >= types) from.failed = true;
  if (!isPrivate) return;
  identity.form = from.read(1) === 1 ? form.owned : form.shared;
  if (identity.form !== form.owned || from.read(1) === 0) return;
  identity.originKey = from.read(16);
  identity.originAge = from.readVar();
  identity.originNumber = from.readVar();
}

/** Since how many ticks the state has held; 0 for one that changed in the packet's tick, which is no rest. @param still nothing moved between the bases. */
export function writeRest(out: Decisions, restAge: number, still: number): void {
  out.bit(context.rest + still, restAge > 0 ? 1 : 0);
  if (restAge > 0) out.writeVar(restAge - 1);
}

export function readRest(from: RangeDecoder, still: number): number {
  return from.bit(context.rest + still) === 1 ? from.readVar() + 1 : 0;
}
