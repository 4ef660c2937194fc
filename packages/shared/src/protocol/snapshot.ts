// The head of a snapshot packet: what is private to its receiver and leads the packet, as bits filled up to a byte. Behind it, in the same body, come
// the private records, coded as symbols: the prediction group (a count and records), then the effects (a count and each, and in a packet that
// leads whether more of them wait). The segment is
// coded by itself, a count and records: the message's second body, or the rest of the first where there are no private records.
//
// Invariant: one snapshot of a tick may be several packets; each is complete in itself, and only the first carries the prediction group.
// Units: sequences and ticks as their low 16 bits; margins in quarter ticks; hold in milliseconds.

import type { BitSink, BitSource } from '../bits.ts';
import type { Sequence } from '../sequence.ts';

/** What the server says with every packet. One object is reused. */
export interface SnapshotHead {
  sequence: Sequence;
  tick: number;
  /** 16 bits of a hash of the values that the packet names, in every 32nd packet (`hasHash`); 0 in others. */
  hash: number;
  /** The newest packet of the client that arrived (its low 8 bits), or -1. */
  ack: number;
  /** Milliseconds that the newest packet had been here when this one left; 255 for that or more. */
  ackHoldMs: number;
  /** Ticks after `tick` for which inputs are here without a gap. */
  inputLead: number;
  /** The least time, in quarter ticks, by which an input was here before its tick since the last snapshot; below 0 it came late. -127 to 127, or `noMargin`. */
  inputMargin: number;
  /** Ticks whose input was missing, counted from the start of the session, modulo 16. With lead and margin only sent when inputs came. */
  inputsMissed: number;
  /** This packet leads its snapshot: the prediction group follows, and a predicted entity that is not in it is at rest as last acknowledged. */
  leads: boolean;
  /** Private records follow. */
  hasPrivate: boolean;
  /** The segment names entities by handles of this client's own; a whole state says its slot. */
  hasHandles: boolean;
}

/** Whether a packet carries a hash of its values (law 12). */
export function hasHash(sequence: Sequence): boolean {
  return sequence % 32 === 0;
}

/** Puts the hash into a head that was written without. */
export function patchHash(bytes: Uint8Array, hash: number): void {
  bytes[2] = hash & 0xff;
  bytes[3] = hash >>> 8;
}

/** Stands for a margin when no input came since the last snapshot. */
export const noMargin: number = -128;

export function emptySnapshotHead(): SnapshotHead {
  return {
    sequence: 0 as Sequence,
    tick: 0,
    hash: 0,
    ack: -1,
    ackHoldMs: 0,
    inputLead: 0,
    inputMargin: noMargin,
    inputsMissed: 0,
    leads: false,
    hasPrivate: false,
    hasHandles: false,
  };
}

export function writeSnapshotHead(out: BitSink, head: SnapshotHead): void {
  const hasAck = head.ack >= 0;
  const hasInputs = head.inputMargin !== noMargin;
  out.write(head.sequence, 16);
  if (hasHash(head.sequence)) out.write(head.hash, 16);
  out.write(head.tick & 0xffff, 16);
  const flags = (head.leads ? 1 : 0) + (head.hasPrivate ? 2 : 0) + (head.hasHandles ? 4 : 0) + (hasAck ? 8 : 0) + (hasInputs ? 16 : 0);
  out.write(flags, 5);
  if (hasAck) out.write((head.ack & 0xff) + (head.ackHoldMs << 8), 16);
  if (hasInputs) out.write(head.inputLead + ((head.inputMargin & 0xff) << 6) + ((head.inputsMissed & 0xf) << 14), 18);
}

export function readSnapshotHead(from: BitSource, head: SnapshotHead): void {
  head.sequence = from.read(16) as Sequence;
  head.hash = hasHash(head.sequence) ? from.read(16) : 0;
  head.tick = from.read(16);
  head.leads = from.read(1) === 1;
  head.hasPrivate = from.read(1) === 1;
  head.hasHandles = from.read(1) === 1;
  const acked = from.read(1) === 1;
  const hasInputs = from.read(1) === 1;
  head.ack = acked ? from.read(8) : -1;
  head.ackHoldMs = acked ? from.read(8) : 0;
  head.inputLead = hasInputs ? from.read(6) : 0;
  head.inputMargin = hasInputs ? (from.read(8) << 24) >> 24 : noMargin;
  head.inputsMissed = hasInputs ? from.read(4) : 0;
}

/** Bytes that a head takes: a packet of no more has nothing to tell of the world. */
export function snapshotHeadBytes(head: SnapshotHead): number {
  return Math.ceil((37 + (hasHash(head.sequence) ? 16 : 0) + (head.ack >= 0 ? 16 : 0) + (head.inputMargin !== noMargin ? 18 : 0)) / 8);
}

/**
 * The head of one effect; its fields follow on the step grid. With an origin it was made in a step that the receiver predicts. Of an event type that does not
 * expire there are no fields: the event itself goes reliably, and this tells at which tick the server has made it.
 */
export interface EffectHead {
  /** Counts the effects of this session, low 16 bits: the receiver plays each once. */
  id: number;
  event: number;
  /** Ticks before the packet's tick at which it happened. */
  age: number;
  /** Of the entity in whose step it was made, or -1; and which event of that step it was. */
  originKey: number;
  originNumber: number;
}

export function writeEffectHead(out: BitSink, effect: EffectHead): void {
  out.write(effect.id, 16);
  out.write(effect.event, 6);
  out.writeVar(effect.age);
  out.write(effect.originKey >= 0 ? 1 : 0, 1);
  if (effect.originKey < 0) return;
  out.write(effect.originKey, 16);
  out.writeVar(effect.originNumber);
}

export function readEffectHead(from: BitSource, effect: EffectHead): void {
  effect.id = from.read(16);
  effect.event = from.read(6);
  effect.age = from.readVar();
  effect.originKey = from.read(1) === 1 ? from.read(16) : -1;
  effect.originNumber = effect.originKey < 0 ? 0 : from.readVar();
}
