// The head of a client's packet: acknowledgements, then inputs. With no input in it, it is an ack packet.
//
// Behind the head follow `count` inputs, newest first: the newest whole, each older one as a bit "the same" or a delta against the one after it.
// Each input has the tick it is for (one less than the one before it in the packet) and the view tick that the player saw when it was made.
// A client whose input does not change says so: its newest input holds for all later ticks until another one comes. Then it may go quiet.
// Invariant: the first accepted input for a tick is final, so repeating inputs is free of meaning. Units: ticks; view ticks in 64ths.

import type { BitReader, BitWriter } from '../bits.ts';
import type { Sequence } from '../sequence.ts';

export interface InputHead {
  sequence: Sequence;
  /** The newest snapshot packet that arrived, or -1; and one bit for each of the 32 before it. */
  ack: number;
  ackBits: number;
  ackHoldMs: number;
  /** Raised by one whenever the client could not use a base: the server drops what it believes this client holds. Modulo 16. */
  resync: number;
  /** Inputs that follow, 0 to `limits.inputsPerPacket`. */
  count: number;
  /** Tick of the newest input, low 16 bits. */
  newestTick: number;
  /** The newest input is the one before it again, and that of all later ticks until another one comes. */
  holds: boolean;
  /** It holds, and the client knows that the server knows: nothing comes until it changes but signs of life, which ask for no answer. */
  quiet: boolean;
}

export function emptyInputHead(): InputHead {
  return { sequence: 0 as Sequence, ack: -1, ackBits: 0, ackHoldMs: 0, resync: 0, count: 0, newestTick: 0, holds: false, quiet: false };
}

export function writeInputHead(out: BitWriter, head: InputHead): void {
  out.write(head.sequence, 16);
  out.write(head.resync, 4);
  out.write(head.ack >= 0 ? 1 : 0, 1);
  if (head.ack >= 0) {
    out.write(head.ack, 16);
    out.write(head.ackBits >>> 0, 32);
    out.write(head.ackHoldMs, 8);
  }
  out.write(head.count, 5);
  if (head.count === 0) return;
  out.write(head.newestTick & 0xffff, 16);
  out.write(head.holds ? 1 : 0, 1);
  if (head.holds) out.write(head.quiet ? 1 : 0, 1);
}

export function readInputHead(from: BitReader, head: InputHead): void {
  head.sequence = from.read(16) as Sequence;
  head.resync = from.read(4);
  const acks = from.read(1) === 1;
  head.ack = acks ? from.read(16) : -1;
  head.ackBits = acks ? from.read(32) : 0;
  head.ackHoldMs = acks ? from.read(8) : 0;
  head.count = from.read(5);
  head.newestTick = head.count > 0 ? from.read(16) : 0;
  head.holds = head.count > 0 && from.read(1) === 1;
  head.quiet = head.holds && from.read(1) === 1;
}

/** Parts of a tick that views are drawn at and inputs speak of: a quarter of a millisecond at 60 Hz. Coarser ones would show in even motion on a fast screen. */
export const viewTickParts = 64;

/** Writes how far the view was behind the input's tick, in parts of a tick; an older input says only whether it is the same. */
export function writeViewLag(out: BitWriter, lag: number, newer: number | undefined): void {
  if (newer !== undefined) {
    out.write(lag === newer ? 0 : 1, 1);
    if (lag === newer) return;
  }
  out.writeVar(lag);
}

export function readViewLag(from: BitReader, newer: number | undefined): number {
  return newer !== undefined && from.read(1) === 0 ? newer : from.readVar();
}
