// What a tool may learn of a room from inside, where no link shows it: which entities the bytes of snapshots went to, and what was corrected.
//
// Invariant: while a room has no probe, each of these costs a comparison, and nothing is measured. Units: bytes; ticks.

import type { History } from '@tickwire/shared/internal';
import type { ReceivedEntity } from './received.ts';

export interface RoomProbe {
  /** By number of the entity type, 0 for the room's state: bytes of records in the snapshots that came. The room adds to them. */
  readonly recordBytes: Float64Array;
  /**
   * A prediction was corrected: called for each entity of the group while `history` still has what was predicted of it at `tick`, and `received` what the server
   * sent of that tick.
   */
  corrected(received: ReceivedEntity, history: History, tick: number): void;
}
