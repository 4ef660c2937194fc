// What the room tells: who hit and killed whom, goals, what was picked up, and what was said; each goes where it is read or heard.
//
// Invariant: names come with the event, since an entity may be gone when its obituary is read. Units: arena units.

import type { EntityId } from '@tickwire/shared';
import { balance } from '../balance.ts';
import type { Feed } from './feed.ts';
import type { Hud } from './hud.ts';
import type { ArenaClientRoom } from './joining.ts';
import type { Notes } from './notes.ts';
import type { Sounds } from './sounds.ts';

export interface Audience {
  readonly hud: Hud;
  readonly feed: Feed;
  readonly notes: Notes;
  readonly sounds: Sounds;
  chat(line: { readonly name: string; readonly colour: number; readonly text: string }): void;
}

export function tellHappenings(room: ArenaClientRoom, { hud, feed, notes, sounds, chat }: Audience): void {
  const { view } = room;
  const player = (id: EntityId | null) => {
    const found = view.get(id);
    return found?.type === 'player' ? found : undefined;
  };
  const named = (name: string, id: EntityId | null) => ({ name, player: player(id) });
  const isMine = (id: EntityId | null): boolean => player(id)?.mine === true;

  room.on('shot', ({ from }) => sounds.play('shot', from));
  room.on('blast', ({ at }) => sounds.play('blast', at));
  room.on('hit', ({ target, shooter }) => {
    if (isMine(shooter) && !isMine(target)) sounds.play('hit');
  });
  room.on('kill', ({ victim, victimName, killer, killerName, weapon }) => {
    const isAlone = victim === killer;
    if (isMine(victim)) hud.killedBy(isAlone ? 'You blew yourself up' : `${killerName} got you`);
    if (isMine(killer) && !isAlone) sounds.play('kill');
    sounds.play('death', player(victim)?.pos);
    feed.kill(isAlone ? undefined : named(killerName, killer), named(victimName, victim), weapon, isMine(victim) || isMine(killer));
  });
  room.on('goal', ({ scorer, scorerName }) => {
    const who = isMine(scorer) ? 'You score' : `${scorerName || 'Nobody'} scores`;
    notes.banner('Goal!', `${who}${scorerName ? ` ${balance.goalPoints} points` : ''}`);
    if (scorerName) feed.goal(named(scorerName, scorer));
    sounds.play('goal');
  });
  room.on('picked', ({ player: id, kind, at }) => {
    sounds.play('pickup', at);
    if (isMine(id)) notes.picked(kind === 'health' ? `+${balance.pickupHealth} health` : `+${balance.pickupRockets} rockets`);
  });
  room.on('chat', chat);
}
