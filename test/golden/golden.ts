// One golden message: its bytes and what they mean, as they stand in a JSON file of this folder.
//
// Invariant: `meaning` is written by hand beside the call that writes the bytes, never read back from them. A change of bytes raises `protocolVersion`.
// Units: as in docs/PROTOCOL.md. Bytes within a meaning are hex strings.

import { protocolVersion } from '@tickwire/shared/internal';
import { goldenGame } from './golden-game.ts';

export interface Golden {
  readonly name: string;
  readonly protocolVersion: number;
  /** The lines that the schema hash is made of. */
  readonly schema: readonly string[];
  /** Golden messages that the receiver took before this one, oldest first: their states are bases. */
  readonly after?: readonly string[];
  readonly hex: string;
  readonly meaning: object;
}

export function golden(name: string, bytes: Uint8Array, meaning: object, after?: readonly string[]): Golden {
  const hex = Buffer.from(bytes).toString('hex');
  return { name, protocolVersion, schema: goldenGame.description, ...(after ? { after } : {}), hex, meaning };
}

/** The radians of a count of 2^bits parts of a turn. */
export function radians(count: number, bits: number): number {
  const parts = 2 ** bits;
  return ((count >= parts / 2 ? count - parts : count) * 6.283185307179586) / parts;
}

/** The rotation of four counts of the step grid of so many bits. */
export function rotation(bits: number, x: number, y: number, z: number, w: number): object {
  const one = 2 ** (bits - 1) * Math.SQRT2;
  return { x: x / one, y: y / one, z: z / one, w: w / one };
}

/** The value of a count on a grid. */
export function onGrid(min: number, step: number, count: number): number {
  return min + count * step;
}
