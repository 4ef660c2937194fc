// Who got whom, and with what: the newest below.
//
// Units: milliseconds.

import { balance } from '../balance.ts';
import type { Weapon } from '../schema.ts';
import { FadingList } from './fading-list.ts';
import { icon } from './icons.ts';
import { element, make } from './page.ts';
import { type Named, nameTag } from './player-mark.ts';

export class Feed {
  readonly #list = new FadingList(element('feed'), { linesMax: 5, stayMs: 6000 });

  /** @param killer undefined for who did it alone. */
  kill(killer: Named | undefined, victim: Named, weapon: Weapon, isMine: boolean): void {
    const line = make('li', isMine ? 'mine' : '');
    const picture = weapon === 'rifle' ? icon('rifle', 'shot') : icon('rocket', killer ? 'blew up' : 'died by the own rocket');
    line.append(...(killer ? [nameTag(killer), picture, nameTag(victim)] : [nameTag(victim), picture]));
    this.#list.add(line);
  }

  goal(scorer: Named): void {
    const line = make('li', 'goal');
    line.append(nameTag(scorer), icon('goal', 'scored a goal'), `+${balance.goalPoints}`);
    this.#list.add(line);
  }

  clear(): void {
    this.#list.clear();
  }
}
