// A server room, its clients, and the fates of their packets, on one virtual clock: what every run of the feel suite stands on.
//
// Time goes from one thing that is due to the next: arrivals first, then the server's tick, then frames. Invariant: seed, fates and the hooks decide
// everything; a clock is never read. Units: milliseconds of virtual time.

import { ClientRoom } from '@tickwire/client/core';
import { type Room, RoomCore } from '@tickwire/server/core';
import { type AnyGame, Random } from '@tickwire/shared';
import { type FatedLinks, fatedLinks } from './fated-links.ts';
import { Fates } from './fates.ts';
import type { FeelProfile } from './feel-profiles.ts';

export interface VirtualClient<G extends AnyGame> {
  /** From 0. */
  readonly player: number;
  readonly sessionId: string;
  readonly room: ClientRoom<G>;
  readonly links: FatedLinks;
  readonly down: Fates;
  readonly up: Fates;
  readonly random: Random;
  nextFrameAt: number;
}

export interface VirtualHooks<G extends AnyGame> {
  /** What is due was delivered to a client. */
  delivered?(client: VirtualClient<G>): void;
  /** The server made a tick. */
  ticked(): void;
  /** A frame of a client is due: this calls its room's `frame`, and says when the next one is. */
  frame(client: VirtualClient<G>): number;
}

/** Of a screen that says 60 Hz: so frames drift past ticks. */
export const usualFrameMs: number = 1000 / 59.94;

export class VirtualRoom<G extends AnyGame> {
  now = 0;
  readonly core: RoomCore<G>;
  readonly clients: VirtualClient<G>[] = [];
  readonly #random: Random;
  readonly #game: G;

  constructor(game: G, room: Room<G>, seed: number) {
    this.#random = new Random(seed);
    this.#game = game;
    const onError = (error: unknown): never => {
      throw error;
    };
    this.core = new RoomCore({ game, room, roomId: 'feel', seed: this.#random.int(2 ** 32), onError }, 0);
    this.core.create({});
  }

  /** Adds a client, which joins as time goes on. @param tamper changes fates before anything is sent. */
  join(profile: FeelProfile, tamper?: (down: Fates, up: Fates) => void): VirtualClient<G> {
    const player = this.clients.length;
    const random = this.#random.fork(player + 1);
    const [sessionId, token] = [`session-${player}`, `token-${player}`];
    const [down, up] = [new Fates(random.int(2 ** 32), profile), new Fates(random.int(2 ** 32), profile)];
    tamper?.(down, up);
    const links = fatedLinks(down, up);
    this.core.reserve(sessionId, token, undefined, {}, this.now);
    const room = new ClientRoom(this.#game, { roomId: 'feel', sessionId, token }, this.now);
    this.core.accept(sessionId, links.server);
    room.accept(links.client).catch(() => {}); // an end of the stay shows in the figures
    links.advance(this.now);
    const client: VirtualClient<G> = { player, sessionId, room, links, down, up, random, nextFrameAt: this.now + random.range(0, usualFrameMs) };
    this.clients.push(client);
    return client;
  }

  /** Lets time pass. */
  run(untilMs: number, hooks: VirtualHooks<G>): void {
    for (;;) {
      let next = this.core.nextTickAt;
      for (const { links, nextFrameAt } of this.clients) next = Math.min(next, nextFrameAt, links.nextAt());
      if (next > untilMs) return;
      this.now = Math.max(this.now, next);
      for (const client of this.clients) {
        client.links.advance(this.now);
        hooks.delivered?.(client);
      }
      if (this.core.advance(this.now) > 0) hooks.ticked();
      for (const client of this.clients) {
        if (this.now >= client.nextFrameAt) client.nextFrameAt = hooks.frame(client);
      }
    }
  }
}
