// A bad network on top of a real link: what goes either way passes through an emulator first, on its way up before the link, on its way down behind it.
//
// Invariant: the reliable lane stays whole and in order, a loss there is a delay; when the simulation ends, all that is under way arrives at once, in order.
// A WebSocket is one ordered stream: over it a lost packet holds up both lanes, as TCP does. Units: milliseconds of the caller's clock; bytes.

import {
  BadNetwork,
  type CloseCode,
  type Lane,
  type Link,
  type LinkHandler,
  type LinkKind,
  type LinkPath,
  limits,
  type NetworkProfile,
} from '@tickwire/shared';

/** What the network does in each direction. */
export interface TwoWays {
  readonly down: NetworkProfile;
  readonly up: NetworkProfile;
}

export class SimulatedLink implements Link {
  readonly kind: LinkKind;
  readonly up: BadNetwork;
  readonly down: BadNetwork;
  isOver = false;
  readonly #link: Link;
  readonly #changed: (link: SimulatedLink, now: number) => void;
  /** A lane and a message, for a link that is one stream. */
  readonly #frame: Uint8Array | undefined;
  #handler: LinkHandler | undefined;
  #now = 0;
  /** The real link is over, and the news of it is under way. */
  #ending: CloseCode | undefined;

  /** @param changed told when a message has come or was sent, so that `nextAt` may be another, and when the link is over. */
  constructor(link: Link, seed: number, profiles: TwoWays, changed: (link: SimulatedLink, now: number) => void) {
    this.kind = link.kind;
    this.#link = link;
    this.#changed = changed;
    this.#frame = link.kind === 'websocket' ? new Uint8Array(1 + limits.reliableBytes) : undefined;
    this.up = new BadNetwork(seed, profiles.up);
    this.down = new BadNetwork(seed ^ otherWay, profiles.down);
  }

  listen(handler: LinkHandler): void {
    this.#handler = handler;
    this.#link.listen({
      opened: (now) => handler.opened(now),
      received: (lane, bytes, now) => this.#came(lane, bytes, now),
      closed: (code, now) => {
        // On its way it is behind everything reliable that the other end sent before it, and as late.
        if (this.isOver || !this.#enter(this.down, 'reliable', closeMark, now)) this.#finish(code, now);
        else {
          this.#ending = code;
          this.#changed(this, now);
        }
      },
    });
  }

  send(lane: Lane, bytes: Uint8Array, now: number): boolean {
    if (this.isOver) return this.#link.send(lane, bytes, now);
    if (bytes.length > this.maxBytes(lane) || !this.#enter(this.up, lane, bytes, now)) return false;
    this.#now = now;
    this.up.drain(now, this.#leaves);
    this.#changed(this, now);
    return true;
  }

  backlog(lane: Lane): number {
    return this.up.backlog(this.#frame ? 'reliable' : lane) + this.#link.backlog(lane);
  }

  /** As the real link has it: without what is simulated. */
  path(now: number): LinkPath | undefined {
    return this.#link.path?.(now);
  }

  maxBytes(lane: Lane): number {
    return this.#link.maxBytes(lane);
  }

  close(code: CloseCode, now: number): void {
    this.end(now);
    this.#changed(this, now);
    this.#link.close(code, now);
  }

  #finish(code: CloseCode, now: number): void {
    this.isOver = true;
    this.#changed(this, now);
    this.#handler?.closed(code, now);
  }

  /** Lets everything that is due arrive. */
  advance(now: number): void {
    this.#now = now;
    this.down.drain(now, this.#arrives);
    this.up.drain(now, this.#leaves);
  }

  /** When `advance` has something to do next. */
  nextAt(): number {
    return Math.min(this.down.nextAt(), this.up.nextAt());
  }

  /** Ends the simulation, not the link. */
  end(now: number): void {
    if (this.isOver) return;
    this.#now = now;
    for (const network of [this.down, this.up]) {
      network.setProfile(clear);
      network.blackout(Number.NEGATIVE_INFINITY);
    }
    // What is sent in answer comes behind what is under way.
    this.down.drain(atLast, this.#arrives);
    this.up.drain(atLast, this.#leaves);
    this.isOver = true;
  }

  #came(lane: Lane, bytes: Uint8Array, now: number): void {
    if (this.isOver) {
      this.#handler?.received(lane, bytes, now);
      return;
    }
    this.#now = now;
    // Nobody would send again what the real link has delivered.
    if (!this.#enter(this.down, lane, bytes, now) && lane === 'reliable') {
      this.close('link-lost', now);
      return;
    }
    this.down.drain(now, this.#arrives);
    this.#changed(this, now);
  }

  #enter(network: BadNetwork, lane: Lane, bytes: Uint8Array, now: number): boolean {
    const frame = this.#frame;
    if (!frame) return network.send(lane, bytes, now);
    frame[0] = lane === 'reliable' ? 1 : 0;
    frame.set(bytes, 1);
    return network.send('reliable', frame.subarray(0, 1 + bytes.length), now);
  }

  readonly #arrives = (lane: Lane, bytes: Uint8Array): void => {
    // Nothing comes behind it, and no message of a session is empty.
    if (this.#ending && bytes.length === (this.#frame ? 1 : 0)) this.#finish(this.#ending, this.#now);
    else if (this.#frame) this.#handler?.received(bytes[0] === 1 ? 'reliable' : 'unreliable', bytes.subarray(1), this.#now);
    else this.#handler?.received(lane, bytes, this.#now);
  };

  readonly #leaves = (lane: Lane, bytes: Uint8Array): void => {
    const to: Lane = !this.#frame ? lane : bytes[0] === 1 ? 'reliable' : 'unreliable';
    const isSent = this.#link.send(to, this.#frame ? bytes.subarray(1) : bytes, this.#now);
    // The session counts on it: over the next link it sends again what was not acknowledged.
    if (!isSent && to === 'reliable') this.#link.close('link-lost', this.#now);
  };
}

/** Both directions draw from streams of their own. */
const otherWay = 0x5bd1e995;
/** Stands for the end of the link among what comes. */
const closeMark = new Uint8Array(0);
const clear: NetworkProfile = { delayMs: 0 };
/** Later than any message of any network. */
const atLast: number = Number.MAX_SAFE_INTEGER;
