// A room that ends in this process and goes on in another: which rooms can, their save, and how their clients are sent off.
//
// Invariant: what a client was told that it arrived is in the save, and so is what the room has emitted: everything is flushed before it. When the room ends
// in the same turn, nothing is received or sent after it. Units: milliseconds of the room's clock.

import type { AnyGame } from '@tickwire/shared';
import { Room } from './room.ts';
import type { RoomCore } from './room-core.ts';

/** Whether a room's class says how it is saved and how it goes on. */
export function canRestart<G extends AnyGame>(room: Room<G>): boolean {
  return room.onSave !== Room.prototype.onSave && room.onRestore !== Room.prototype.onRestore;
}

/** The room as bytes, for the process after this one. To go on here is fine, too. @returns undefined when it could not be saved; the room is closed then. */
export function saveRoom<G extends AnyGame>(core: RoomCore<G>, now: number): Uint8Array | undefined {
  let saved: Uint8Array | undefined;
  // Events get their numbers here: numbers given after the save would be given again by the process that goes on from it.
  for (const { session } of core.members.values()) session.flush(core.world.tick, now);
  core.run(
    'onSave',
    () => {
      saved = core.save();
    },
    now,
  );
  return saved;
}

/** Ends a room that was saved. Nobody leaves it: `onLeave` does not run, `onDispose` does. */
export function sendOff<G extends AnyGame>(core: RoomCore<G>, now: number): void {
  for (const member of core.members.values()) {
    member.isHere = false;
    member.abandon('server-restart', now);
    member.session.close('server-restart', now);
  }
  core.members.clear();
  core.close('server-restart', now);
}
