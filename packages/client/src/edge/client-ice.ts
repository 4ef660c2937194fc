// What a client connects with: the ICE servers of its own options, or those that came with its seat, fetched again when their credentials are running out.
//
// Invariant: fetching never stands in the way: without an answer in time the old ones are used, and most players need none at all.
// Units: milliseconds of performance.now(); `iceSeconds` in seconds.

import type { IceServer } from '@tickwire/shared';
import { type Ice, readIce } from '@tickwire/shared/internal';

/** The part of a client's options that speaks of ICE. */
export interface IceChoice {
  /** In place of those that the server hands out: all of them, also when empty. A client of a public server needs none. */
  iceServers?: IceServer[];
  /**
   * Only through a TURN server: the game server does not see the player's address in the peer connection. A WebSocket would show it, so there is none then.
   * A server may demand it of all its clients.
   */
  relayOnly?: boolean;
}

/** What a link is opened with. */
export interface IceUse {
  readonly iceServers: IceServer[];
  readonly relayOnly: boolean;
}

export class ClientIce {
  readonly #url: string;
  readonly #own: IceChoice;
  #held: Ice;
  #heldAt: number;

  /** @param seat the join answer. @param now when it came. */
  constructor(url: string, seat: unknown, own: IceChoice, now: number) {
    this.#url = url.replace(/\/+$/, '');
    this.#own = own;
    this.#held = readIce(seat);
    this.#heldAt = now;
  }

  /** Whether no other way may be tried. */
  get relayOnly(): boolean {
    return this.#own.relayOnly === true || this.#held.relayOnly === true;
  }

  /** What to open a link with now. @param authorization what authorises making it. */
  async use(authorization: string, now: () => number): Promise<IceUse> {
    if (this.#isRunningOut(now())) await this.#fetch(authorization, now);
    return { iceServers: this.#own.iceServers ?? this.#held.iceServers ?? [], relayOnly: this.relayOnly };
  }

  #isRunningOut(now: number): boolean {
    const { iceSeconds } = this.#held;
    return this.#own.iceServers === undefined && iceSeconds !== undefined && now - this.#heldAt > iceSeconds * 1000 - LEFT_MS;
  }

  async #fetch(authorization: string, now: () => number): Promise<void> {
    const fresh = await requestIce(this.#url, authorization);
    if (fresh === undefined) return;
    this.#held = fresh;
    this.#heldAt = now();
  }
}

/** What a server hands out to whoever may make a link; undefined without an answer: if nothing can be opened, the opening says why. */
export async function requestIce(url: string, authorization: string): Promise<Ice | undefined> {
  try {
    const response = await fetch(`${url}/tickwire/ice`, { headers: { authorization }, signal: AbortSignal.timeout(PATIENCE_MS) });
    return response.ok ? readIce(await response.json()) : undefined;
  } catch {
    return undefined;
  }
}

/** With less left a link that takes long to open would be refused by the relay. */
const LEFT_MS = 60_000;

const PATIENCE_MS = 2000;
