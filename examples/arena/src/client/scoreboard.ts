// The scoreboard: all players with scores and deaths, while Tab is held or until the button is pressed again.

import { element } from './page.ts';
import type { Scorer } from './ranking.ts';
import { ScoreTable } from './score-table.ts';

export class Scoreboard {
  readonly #board = element('scoreboard');
  readonly #button = element('match');
  readonly #table = new ScoreTable(element('scoreboard-rows'));

  constructor() {
    this.#button.addEventListener('click', () => this.show(this.#board.hidden === true));
  }

  show(isShown: boolean): void {
    this.#board.hidden = !isShown;
    this.#button.setAttribute('aria-expanded', String(isShown));
  }

  /** Costs nothing while nobody looks. */
  update(players: readonly Scorer[]): void {
    if (!this.#board.hidden) this.#table.update(players);
  }
}
