// The top of the page: how long the match goes on, the own place and score, who leads, and how the connection is.
//
// Invariant: what it says of the connection is measured: the round trip, and what the packets run over.
// Units: ticks of 1/60 s, milliseconds.

import type { RoomStats } from '@tickwire/client';
import type { ArenaClientRoom } from './joining.ts';
import { element, setText } from './page.ts';
import { ordinal, placeOf, ranked, type Scorer } from './ranking.ts';

export class MatchBar {
  readonly #bar = element('match');
  readonly #time = element('match-time');
  readonly #score = element('match-score');
  readonly #place = element('match-place');
  readonly #leader = element('match-leader');
  readonly #leaderScore = element('match-leader-score');
  readonly #status = element('status');
  readonly #statusText = element('status-text');

  match(ticksLeft: number, players: readonly Scorer[]): void {
    setText(this.#time, clock(ticksLeft));
    this.#bar.classList.toggle('soon', ticksLeft < soonTicks);
    const me = players.find(({ mine }) => mine);
    if (me) {
      setText(this.#score, String(me.score));
      setText(this.#place, `${ordinal(placeOf(me, players))} of ${players.length}`);
    }
    const rival = ranked(players).find(({ mine }) => !mine);
    setText(this.#leader, rival?.name ?? 'nobody else');
    setText(this.#leaderScore, rival ? String(rival.score) : '');
  }

  connection({ rttMs, transport }: Pick<RoomStats, 'rttMs' | 'transport'>, state: ArenaClientRoom['connection']): void {
    const way = transport === 'webrtc' ? 'UDP' : transport === 'websocket' ? 'WebSocket' : transport;
    const isSlow = rttMs > slowRttMs;
    const isSteady = state === 'connected';
    setText(this.#statusText, `${Math.round(rttMs)} ms · ${way}${isSteady ? (isSlow ? ' · slow' : '') : ' · unsteady'}`);
    this.#status.classList.toggle('slow', isSlow || !isSteady);
  }
}

/** Minutes and seconds, rounded up: 0:00 is over. */
function clock(ticks: number): string {
  const seconds = Math.max(0, Math.ceil(ticks / 60));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

const soonTicks = 15 * 60;
/** From here the light in the corner warns. */
const slowRttMs = 150;
