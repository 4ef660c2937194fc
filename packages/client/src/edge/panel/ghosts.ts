// Ghosts: where the server has last said that entities are, to be drawn beside where they are shown.
//
// The newest state that arrived of each: about half a round trip old, while own entities are shown ahead of it and others behind.
// Invariant: the objects are this file's own and are used again in the next frame; an entity keeps its object. Units: the game's own.

import type { AnyGame, EntityId, EntityName, EntityOf } from '@tickwire/shared';
import type { ClientRoom } from '../../client-room.ts';

export class Ghosts {
  /** Whether they are to be drawn. */
  isOn = false;
  readonly #room: ClientRoom<AnyGame>;
  readonly #objects = new Map<EntityId, object>();

  constructor(room: ClientRoom<AnyGame>) {
    this.#room = room;
  }

  /** The entities of a type as the server last said they are; none while ghosts are off. */
  all<G extends AnyGame, Name extends EntityName<G>>(type: Name): readonly EntityOf<G, Name>[] {
    if (!this.isOn) return none;
    const list: object[] = [];
    for (const received of this.#room.received.entities) {
      if (!received || received.type.name !== type || received.count === 0) continue;
      const { id } = received;
      let ghost = this.#objects.get(id);
      if (!ghost) {
        ghost = { id, type };
        this.#objects.set(id, ghost);
      }
      received.type.layout.load(received.rows, received.rowAt(received.count - 1), ghost);
      list.push(ghost);
    }
    // Those of entities that are over.
    if (this.#objects.size > 2 * this.#room.received.entities.length + 64) this.#objects.clear();
    return list as EntityOf<G, Name>[];
  }
}

const none: readonly never[] = [];
