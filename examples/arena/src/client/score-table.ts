// The rows of scores, as the scoreboard and the result show them.
//
// Invariant: the own row, the dead and the bots are told by words and marks, not by colour alone.

import { make } from './page.ts';
import { markOf } from './player-mark.ts';
import { placeOf, ranked, type Scorer } from './ranking.ts';

/** Fills the body of a table. The same players with the same scores are not written again. */
export class ScoreTable {
  readonly #body: HTMLElement;
  #shown = '';

  constructor(body: HTMLElement) {
    this.#body = body;
  }

  update(players: readonly Scorer[]): void {
    const order = ranked(players);
    const next = order.map(({ name, score, deaths, colour, hp, mine }) => `${name}\n${score} ${deaths} ${colour} ${hp === 0} ${mine}`).join('\n');
    if (next === this.#shown) return;
    this.#shown = next;
    this.#body.replaceChildren(...order.map((player) => row(player, placeOf(player, players))));
  }
}

function row(player: Scorer, place: number): HTMLTableRowElement {
  const line = make('tr', `${player.mine ? 'mine' : ''} ${player.hp === 0 ? 'dead' : ''}`.trim());
  const name = make('th');
  name.scope = 'row';
  name.append(markOf(player), make('span', 'name', player.name));
  if (player.mine) name.append(make('span', 'tag', 'you'));
  if (player.isBot) name.append(make('span', 'tag', 'bot'));
  line.append(make('td', 'place', String(place)), name, make('td', '', String(player.score)), make('td', '', String(player.deaths)));
  return line;
}
