// Who got whom, and with what: the newest below.
//
// Units: milliseconds.

import type { Weapon } from '../schema.ts';
import { FadingList } from './fading-list.ts';
import { icon } from './icons.ts';
import { element, make } from './page.ts';
import { colourOf, cssColour } from './palette.ts';
import { markOf } from './player-mark.ts';

/** One side of a kill, as the feed shows it. */
export interface Named {
  readonly name: string;
  /** Undefined when the player is gone already. */
  readonly player: { readonly colour: number } | undefined;
}

export class Feed {
  readonly #list = new FadingList(element('feed'), { linesMax: 5, stayMs: 6000 });

  /** @param killer undefined for who did it alone. */
  kill(killer: Named | undefined, victim: Named, weapon: Weapon, isMine: boolean): void {
    const line = make('li', isMine ? 'mine' : '');
    const picture = weapon === 'rifle' ? icon('rifle', 'shot') : icon('rocket', killer ? 'blew up' : 'died by the own rocket');
    line.append(...(killer ? [nameOf(killer), picture, nameOf(victim)] : [nameOf(victim), picture]));
    this.#list.add(line);
  }

  goal(scorer: Named): void {
    const line = make('li', 'goal');
    line.append(nameOf(scorer), icon('goal', 'scored a goal'), '+3');
    this.#list.add(line);
  }

  clear(): void {
    this.#list.clear();
  }
}

function nameOf({ name, player }: Named): HTMLElement {
  const span = make('span', 'name tinted', name);
  if (player) span.style.setProperty('--colour', cssColour(colourOf(player)));
  span.prepend(markOf(player));
  return span;
}
