// What the clients of a room may see, by what the room and its game say about it.
//
// Invariant: a room that limits nothing has no interest: all of its clients see the same, and share what is made for them.
// Units: those of `interest.ts`.

import type { AnyEntity, AnyGame } from '@tickwire/shared';
import type { World } from '@tickwire/shared/internal';
import { Interest, type VisibleRule } from './interest.ts';
import type { Member } from './member.ts';
import { Room } from './room.ts';

/** @returns undefined when everyone may see everything. */
export function interestOf<G extends AnyGame>(room: Room<G>, world: World<G>): Interest<Member<G>> | undefined {
  const { interest } = room;
  const rule = visibleRule(room);
  const isLimited = world.game.types.some(({ visible }) => visible !== 'everyone');
  return interest || rule || isLimited ? new Interest(world as unknown as World<AnyGame>, interest, rule) : undefined;
}

/** The room's own rule about what a client may know of, if it has one. */
function visibleRule<G extends AnyGame>(room: Room<G>): VisibleRule<Member<G>> | undefined {
  if (room.visible === Room.prototype.visible) return undefined;
  return (member, entity) => room.visible(member.client, entity as unknown as AnyEntity<G['entities']>);
}
