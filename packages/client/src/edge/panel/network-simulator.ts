// The network simulator of a room: one bad network each way on every link that the room has or will have, set while it runs.
//
// Owns when the links are moved on: with each message, and by one timer between them, which browsers slow down to a second in a page that nobody sees.
// Invariant: without a link, or with nothing under way, there is no timer; the same seed gives each link the same fates. Units: milliseconds.

import { type Link, Random } from '@tickwire/shared';
import { type Conditions, clean, profileOf } from './network-presets.ts';
import { SimulatedLink } from './simulated-link.ts';

/** Time, as the platform has it. */
export interface Clock {
  now(): number;
  /** @returns takes it back. */
  after(ms: number, task: () => void): () => void;
}

export class NetworkSimulator {
  down: Conditions = clean;
  up: Conditions = clean;
  seed = 1;
  readonly #clock: Clock;
  readonly #links = new Set<SimulatedLink>();
  #numbered = 0;
  /** Of the rooms' clock, which may be another than the platform's. */
  #ahead = 0;
  /** On the platform's clock. */
  #blackoutUntil = Number.NEGATIVE_INFINITY;
  #wakesAt = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Puts the network on a link, before anything is sent on it or in the middle. */
  join(link: Link): Link {
    const seed = new Random(this.seed).fork(++this.#numbered).int(2 ** 32);
    const simulated = new SimulatedLink(link, seed, this.#profiles(), this.#changed);
    this.#links.add(simulated);
    this.#darken();
    return simulated;
  }

  /** What leaves from now on meets this network. */
  set(down: Conditions, up: Conditions): void {
    this.down = down;
    this.up = up;
    const profiles = this.#profiles();
    for (const link of this.#links) {
      link.down.setProfile(profiles.down);
      link.up.setProfile(profiles.up);
    }
  }

  /** Nothing gets through for so long, either way, on any link. 0 ends it. */
  blackout(ms: number): void {
    this.#blackoutUntil = ms > 0 ? this.#clock.now() + ms : Number.NEGATIVE_INFINITY;
    this.#darken();
  }

  /** What is left of the blackout. */
  get blackoutMs(): number {
    return Math.max(0, this.#blackoutUntil - this.#clock.now());
  }

  /** Ends it: what is under way arrives at once. Links that join later begin with the fates of the seed again. */
  end(): void {
    for (const link of [...this.#links]) link.end(this.#now());
    this.#links.clear();
    this.#numbered = 0;
    this.#blackoutUntil = Number.NEGATIVE_INFINITY;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#wakesAt = Number.POSITIVE_INFINITY;
  }

  #profiles(): { readonly down: ReturnType<typeof profileOf>; readonly up: ReturnType<typeof profileOf> } {
    return { down: profileOf(this.down), up: profileOf(this.up) };
  }

  #now(): number {
    return this.#clock.now() + this.#ahead;
  }

  #darken(): void {
    for (const { down, up } of this.#links) for (const network of [down, up]) network.blackout(this.#blackoutUntil + this.#ahead);
  }

  readonly #changed = (link: SimulatedLink, now: number): void => {
    const ahead = now - this.#clock.now();
    // The first message tells; a game without a server has a clock that may stand still.
    const isNews = Math.abs(ahead - this.#ahead) > clockSlackMs;
    this.#ahead = ahead;
    if (isNews) this.#darken();
    if (link.isOver) this.#links.delete(link);
    this.#arm();
  };

  readonly #wake = (): void => {
    this.#cancel = undefined;
    this.#wakesAt = Number.POSITIVE_INFINITY;
    const now = this.#now();
    for (const link of [...this.#links]) link.advance(now);
    this.#arm();
  };

  /** Sets the timer for what is due next. */
  #arm(): void {
    let next = Number.POSITIVE_INFINITY;
    for (const link of this.#links) next = Math.min(next, link.nextAt());
    if (next >= this.#wakesAt && next < Number.POSITIVE_INFINITY) return;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#wakesAt = next;
    if (next === Number.POSITIVE_INFINITY) return;
    this.#cancel = this.#clock.after(Math.max(0, next - this.#now()), this.#wake);
  }
}

/** Messages are told their time a little after it. */
const clockSlackMs = 50;
