// Who came and who went between two frames. Those who are there in the first frame did not come; they were there.

import type { EntityId } from '@tickwire/shared';

export class Arrivals {
  #names: Map<EntityId, string> | undefined;

  update(players: readonly { readonly id: EntityId; readonly name: string }[]): { came: string[]; went: string[] } {
    const before = this.#names ?? new Map(players.map(({ id, name }) => [id, name]));
    const came = players.filter(({ id }) => !before.has(id)).map(({ name }) => name);
    const here = new Set(players.map(({ id }) => id));
    const went = [...before].filter(([id]) => !here.has(id)).map(([, name]) => name);
    if (!this.#names || came.length > 0 || went.length > 0) this.#names = new Map(players.map(({ id, name }) => [id, name]));
    return { came, went };
  }
}
