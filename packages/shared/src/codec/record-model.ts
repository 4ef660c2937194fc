// One entity in a snapshot as symbols: which slot, which operation, against which bases, at rest or not; then its state.
//
// A record says something about this one entity only; an entity that is not named is not spoken of (law 4). Three operations: `full` needs no base,
// `delta` names two ticks of which the receiver acknowledged this entity's state, `despawn` ends the entity for this receiver.
// The opening depends on the record before it; the body on the entity and its bases alone, so that it can be shared.
// Invariant: readX takes exactly what writeX wrote. Units: ages are ticks before the packet's tick.

import { bitsFor } from '../schema/kind.ts';
import { context } from './contexts.ts';
import { contextPlaces, type SymbolDecoder, type Symbols } from './symbol-coder.ts';

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
  /** The last span that was not 0: what the next record's may be. */
  spanBefore: number;
  /** The gap before this record was not 0. */
  gapped: number;
}

export function emptyOpening(): Opening {
  return { slot: -1, operation: operation.full, newerAge: 0, span: 0, spanBefore: 0, gapped: 0 };
}

/** What the first record of a list depends on. */
export function firstOpening(opening: Opening): void {
  opening.slot = -1;
  opening.operation = operation.full;
  opening.newerAge = 0;
  opening.span = 0;
  opening.spanBefore = 0;
  opening.gapped = 0;
}

/** What an opening's symbol says besides its gap: a delta with the bases of the one before, with the newer of them alone, with its own, a whole state, a despawn. */
const told = { sameBases: 0, newerBase: 1, ownBases: 2, full: 3, despawn: 4 } as const;

// The engine looks up what a module imports or exports at every use, and compiles in what is the module's own.
const firstOf = { opening: context.opening, gap: context.gap };
const places: number = contextPlaces;
const { delta, full, despawn } = operation;

/** Writes the opening of a record and leaves it in `opening` for the next. */
export function writeOpening(out: Symbols, opening: Opening, slot: number, what: number, newerAge: number, span: number): void {
  const gap = slot - opening.slot - 1;
  const says = what === delta ? basesTold(opening, newerAge, span) : what === full ? told.full : told.despawn;
  out.symbol(firstOf.opening + opening.gapped * places, (gap > 0 ? 1 : 0) + 2 * says);
  if (gap > 0) writeGap(out, gap, opening.gapped);
  opening.slot = slot;
  opening.operation = what;
  opening.gapped = gap === 0 ? 0 : 1;
  if (says === told.ownBases) {
    out.writeVar(newerAge);
    out.writeVar(span);
    opening.newerAge = newerAge;
    if (span > 0) opening.spanBefore = span;
  }
  opening.span = span;
}

function basesTold(opening: Opening, newerAge: number, span: number): number {
  if (newerAge !== opening.newerAge) return told.ownBases;
  return span === opening.spanBefore ? told.sameBases : span === 0 ? told.newerBase : told.ownBases;
}

export function readOpening(from: SymbolDecoder, opening: Opening): void {
  const symbol = from.symbol(firstOf.opening + opening.gapped * places);
  const says = symbol >>> 1;
  opening.slot += (symbol & 1) === 1 ? readGap(from, opening.gapped) + 1 : 1;
  opening.gapped = symbol & 1;
  opening.operation = says === told.full ? full : says === told.despawn ? despawn : delta;
  if (says === told.sameBases) {
    opening.span = opening.spanBefore;
  } else if (says === told.newerBase) {
    opening.span = 0;
  } else if (says === told.ownBases) {
    opening.newerAge = from.readVar();
    opening.span = from.readVar();
    if (opening.span > 0) opening.spanBefore = opening.span;
  }
}

/** A gap of at least 1: its length in bits, then the bits below the highest (Elias' gamma code with frequencies). */
function writeGap(out: Symbols, gap: number, gapped: number): void {
  const length = 31 - Math.clz32(gap);
  out.symbol(firstOf.gap + gapped * places, length);
  out.write(gap - (1 << length), length);
}

function readGap(from: SymbolDecoder, gapped: number): number {
  const length = from.symbol(firstOf.gap + gapped * places);
  return (1 << length) + from.read(length);
}

/** What a whole state says of the entity besides its fields. One object is reused. */
export interface Identity {
  version: number;
  type: number;
  form: Form;
  /** To those who predict it: the key of the entity in whose step it was made, or -1. */
  originKey: number;
  originAge: number;
  originNumber: number;
}

export function writeIdentity(out: Symbols, identity: Identity, types: number, isPrivate: boolean): void {
  out.writeVar(identity.version);
  out.write(identity.type, bitsFor(types - 1));
  if (!isPrivate) return;
  out.write(identity.form === form.owned ? 1 : 0, 1);
  out.write(identity.originKey >= 0 ? 1 : 0, 1);
  if (identity.originKey < 0) return;
  out.write(identity.originKey, 16);
  out.writeVar(identity.originAge);
  out.writeVar(identity.originNumber);
}

export function readIdentity(from: SymbolDecoder, identity: Identity, types: number, isPrivate: boolean): void {
  identity.version = from.readVar();
  identity.type = from.read(bitsFor(types - 1));
  identity.form = form.seen;
  identity.originKey = -1;
  if (identity.version > 0xffff || identity.type >= types) from.failed = true;
  if (!isPrivate) return;
  identity.form = from.read(1) === 1 ? form.owned : form.shared;
  if (from.read(1) === 0) return;
  identity.originKey = from.read(16);
  identity.originAge = from.readVar();
  identity.originNumber = from.readVar();
}

/** Since how many ticks a whole state has held; 0 for one that changed in the packet's tick, which is no rest. */
export function writeRest(out: Symbols, restAge: number): void {
  out.symbol(context.rest, restAge > 0 ? 1 : 0);
  if (restAge > 0) out.writeVar(restAge - 1);
}

export function readRest(from: SymbolDecoder): number {
  return from.symbol(context.rest) === 1 ? from.readVar() + 1 : 0;
}
