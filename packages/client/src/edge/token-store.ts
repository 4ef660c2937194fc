// Where a page keeps the token of its session, so that a reload goes on with it: the tab's own storage, which a duplicated tab gets a copy of.
//
// Invariant: a token is used with the game it was given for only, and is gone when the session is over for good. A page without storage has no token.

import type { AnyGame } from '@tickwire/shared';
import type { Seat } from '@tickwire/shared/internal';
import { seatAuthorization } from './join.ts';

/** The room whose token is kept. */
interface Tokened {
  readonly seat: Seat;
  readonly code: string | undefined;
  readonly ended: string | undefined;
}

/** How often the token is looked at: it changes once for each link. */
const lookMs = 250;

export class TokenStore {
  readonly #key: string;

  /** @param key names the server and the room that were asked for. */
  constructor(key: string) {
    this.#key = `tickwire ${key}`;
  }

  /** The token that was kept for this game, and the code of its room, where it has one. */
  read(game: AnyGame): { token: string; code?: string } | undefined {
    const [hash, token, code] = (inStorage((storage) => storage.getItem(this.#key)) ?? '').split(' ');
    return hash === game.hash && token ? { token, ...(code && { code }) } : undefined;
  }

  /** Keeps the token of a room as it changes, for as long as the stay. */
  follow(room: Tokened, game: AnyGame): void {
    let kept = '';
    const look = (): void => {
      const token = seatAuthorization(room.seat);
      if (room.ended !== undefined) {
        clearInterval(timer);
        removeEventListener('pagehide', look);
        inStorage((storage) => storage.removeItem(this.#key));
      } else if (token !== kept) {
        inStorage((storage) => storage.setItem(this.#key, `${game.hash} ${token} ${room.code ?? ''}`));
        kept = token;
      }
    };
    const timer = setInterval(look, lookMs);
    addEventListener('pagehide', look);
    look();
  }
}

/** A browser whose user allows pages no storage throws at the mere name. */
function inStorage<Result>(use: (storage: Storage) => Result): Result | undefined {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}
