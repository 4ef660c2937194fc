// Scores, best first, at the top right. Rewritten only when something on it has changed.

import { element, make } from './page.ts';
import { colourOf, cssColour } from './palette.ts';

export interface Scorer {
  readonly name: string;
  readonly score: number;
  readonly deaths: number;
  readonly hp: number;
  readonly colour: number;
  readonly mine: boolean;
}

export class Scoreboard {
  readonly #list = element('scoreboard');
  #shown = '';

  update(players: readonly Scorer[]): void {
    const ranked = [...players].sort((a, b) => b.score - a.score || a.deaths - b.deaths || a.name.localeCompare(b.name));
    const top = shortListOf(ranked);
    const lines = top.map((player) => [player.name, player.score, player.colour, player.hp === 0, player.mine].join('\n'));
    const next = `${lines.join('\n\n')}\n${players.length}`;
    if (next === this.#shown) return;
    this.#shown = next;
    this.#list.replaceChildren(...top.map(lineOf));
    if (ranked.length > top.length) this.#list.append(make('li', 'more', `and ${ranked.length - top.length} more`));
  }
}

/** The best few, and always oneself. */
function shortListOf(ranked: readonly Scorer[]): Scorer[] {
  const linesMax = innerWidth <= 640 ? 5 : 8;
  const top = ranked.slice(0, linesMax);
  const me = ranked.find((player) => player.mine);
  if (me && !top.includes(me)) top[top.length - 1] = me;
  return top;
}

function lineOf(player: Scorer): HTMLElement {
  const line = make('li', `${player.mine ? 'mine' : ''} ${player.hp === 0 ? 'dead' : ''}`.trim());
  line.style.setProperty('--colour', cssColour(colourOf(player)));
  line.append(make('span', 'dot'), make('span', 'name', player.name), make('span', '', String(player.score)));
  return line;
}
