// The result of a match: who has won, the ranking, and when the next one begins.
//
// Units: ticks of 1/60 s.

import { element, setText } from './page.ts';
import { ordinal, placeOf, type Scorer } from './ranking.ts';
import { ScoreTable } from './score-table.ts';

export class Result {
  readonly #panel = element('result');
  readonly #title = element('result-title');
  readonly #own = element('result-own');
  readonly #next = element('result-next');
  readonly #table = new ScoreTable(element('result-rows'));

  show(winner: string, ticksLeft: number, players: readonly Scorer[]): void {
    const me = players.find(({ mine }) => mine);
    // Written before it is shown: a screen reader reads it once, whole.
    setText(this.#title, winner === '' ? 'Nobody scored' : winner === me?.name ? 'You win!' : `${winner} wins`);
    setText(
      this.#own,
      me ? `You are ${ordinal(placeOf(me, players))} of ${players.length}, with ${me.score} ${me.score === 1 ? 'point' : 'points'}.` : '',
    );
    setText(this.#next, `Next match in ${Math.max(0, Math.ceil(ticksLeft / 60))} s`);
    this.#table.update(players);
    this.#panel.hidden = false;
  }

  hide(): void {
    this.#panel.hidden = true;
  }
}
