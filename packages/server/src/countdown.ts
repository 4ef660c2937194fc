// The seconds until a server stops, told to every client that is here as each begins.
//
// Invariant: a client hears of it within a second, on whichever link carries it then; whatever is left is rounded up, so nobody is told more than once that
// there are none. Units: milliseconds of the caller's clock; seconds.

import { drainMessage, packPlain } from '@tickwire/shared/internal';
import type { Member } from './member.ts';

export class Countdown {
  readonly #endsAt: number;
  #told = Number.POSITIVE_INFINITY;

  constructor(secondsLeft: number, now: number) {
    this.#endsAt = now + secondsLeft * 1000;
  }

  // biome-ignore lint/suspicious/noExplicitAny: a server's rooms are of any games
  advance(rooms: Iterable<{ readonly members: ReadonlyMap<string, Member<any>> }>, now: number): void {
    const left = Math.max(0, Math.ceil((this.#endsAt - now) / 1000));
    if (left >= this.#told) return;
    this.#told = left;
    const notice = packPlain(drainMessage(left));
    for (const { members } of rooms) for (const { isHere, session } of members.values()) if (isHere) session.active?.send('reliable', notice, now);
  }
}
