// A saved room as a file: which room it was, of which version of which game, and its bytes.
//
// One msgpack array: `['tickwire room', 1, name, roomId, options, schemaHash, tick, hash, bytes]`.
// Invariant: a file is read whole or not at all; its hash tells when bytes are missing or were changed by accident. Units: ticks; bytes.

import { hashWord, packPlain, unpackPlain } from '@tickwire/shared/internal';
import type { JoinOptions } from './client.ts';

export interface RoomFile {
  /** The name under which the server has its class. */
  name: string;
  roomId: string;
  /** What `onCreate` was given. */
  options: JoinOptions;
  schemaHash: string;
  tick: number;
  /** What `RoomCore.save` gave. */
  bytes: Uint8Array;
}

const mark = 'tickwire room';
/** Raised when a file's form, or that of a room's bytes, changes. */
const version = 1;

export function writeRoomFile({ name, roomId, options, schemaHash, tick, bytes }: RoomFile): Uint8Array {
  return packPlain([mark, version, name, roomId, options, schemaHash, tick, hashOf(bytes), bytes]);
}

/** @returns a string that says what is wrong with a file that cannot be read. */
export function readRoomFile(file: Uint8Array): RoomFile | string {
  const [marked, versionOf, name, roomId, options, schemaHash, tick, hash, bytes] = unpackPlain(file) ?? [];
  if (marked !== mark) return 'it is no saved room, or only a part of one';
  if (versionOf !== version) return `its form is version ${versionOf}, this server reads version ${version}`;
  if (!(bytes instanceof Uint8Array) || hash !== hashOf(bytes)) return 'its bytes are damaged';
  if (typeof name !== 'string' || typeof roomId !== 'string' || typeof schemaHash !== 'string' || typeof tick !== 'number')
    return 'its head is damaged';
  if (typeof options !== 'object' || options === null) return 'its head is damaged';
  return { name, roomId, options: options as JoinOptions, schemaHash, tick, bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) };
}

function hashOf(bytes: Uint8Array): number {
  let hash = hashWord(0, bytes.length);
  for (const byte of bytes) hash = hashWord(hash, byte);
  return hash >>> 0;
}
