// What a tick sends: to each member the snapshot that is due, then its events and acks. Seats that nobody took are given up here.
//
// Invariant: members are served in the order in which they joined, snapshots of one member `tickHz / snapshotHz` ticks apart and those of different members
// spread over the ticks between; one that has no link gets none. A tick that is like the others makes no function. Units: milliseconds; ticks.

import { type AnyGame, limits } from '@tickwire/shared';
import type { History, World } from '@tickwire/shared/internal';
import type { Interest } from './interest.ts';
import type { Member } from './member.ts';
import type { Room } from './room.ts';
import { interestOf } from './room-interest.ts';
import { SnapshotWriter } from './snapshot-writer.ts';

export class Broadcast<G extends AnyGame> {
  readonly #room: Room<G>;
  readonly #world: World<G>;
  readonly #members: Map<string, Member<G>>;
  readonly #writer: SnapshotWriter;
  /** Made when the room has limits to what its clients see. */
  #interest: Interest<Member<G>> | undefined;

  constructor(room: Room<G>, world: World<G>, history: History, members: Map<string, Member<G>>) {
    this.#room = room;
    this.#world = world;
    this.#members = members;
    this.#writer = new SnapshotWriter(world as unknown as World<AnyGame>, history);
  }

  /** The room was created: what its clients see is settled. */
  begin(): void {
    this.#interest = interestOf(this.#room, this.#world);
  }

  send(now: number): void {
    const { tick, game } = this.#world;
    const every = game.tickHz / game.snapshotHz;
    for (const member of this.#members.values()) {
      if (!member.isHere) {
        if (now - member.session.heardAt <= limits.handshakeMs) continue;
        this.#members.delete(member.session.sessionId);
        member.abandon('never-opened', now);
        continue;
      }
      if (member.isConnected && (member.isNew || (tick + member.phase) % every === 0)) {
        member.visible = this.#interest?.slotsFor(member);
        member.sendSnapshot(this.#writer, 1000 / game.snapshotHz, now);
      }
      member.flush(now);
    }
  }
}
