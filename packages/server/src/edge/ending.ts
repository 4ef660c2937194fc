// How a server ends: nobody new, time for matches to finish, the rest saved or closed, then the sockets.
//
// Invariant: it ends once, at the earliest time that it was asked for; everything that waits has a limit. The rooms end in one turn of the event loop, so
// nothing arrives between a save and the closing of its links. Units: seconds for people, else milliseconds of performance.now().

import { drainSecondsMax } from '@tickwire/shared/internal';
import type { FastifyBaseLogger } from 'fastify';
import type { Lobby } from '../lobby.ts';

export interface EndingParts {
  readonly lobby: Lobby;
  readonly log: FastifyBaseLogger;
  /** Keeps a room for the next process, where there is a place for it. @returns false when it could not. */
  readonly keep: ((file: Uint8Array, roomId: string) => boolean) | undefined;
  /** Stops the rooms' time. */
  stop(): void;
  /** Closes what listens, one after the other. */
  readonly closers: readonly (() => Promise<unknown>)[];
}

/** How long each part of a closing server is waited for. */
const closeMs = 1500;
/** How often it is looked whether the last room has ended. */
const lookMs = 50;

export class Ending {
  readonly #parts: EndingParts;
  readonly ended: Promise<void>;
  #resolve: () => void = () => {};
  #endsAt = Number.POSITIVE_INFINITY;
  #looking: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(parts: EndingParts) {
    this.#parts = parts;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Ends the server when its last room has ended, in so many seconds at the latest. Asked again, it can only be sooner. @returns when all is closed. */
  drain(seconds: number): Promise<void> {
    if (!(seconds >= 0 && seconds <= drainSecondsMax)) throw new RangeError(`drain(): seconds must be 0 to ${drainSecondsMax}, not ${seconds}`);
    const { lobby } = this.#parts;
    const now = performance.now();
    this.#endsAt = Math.min(this.#endsAt, now + seconds * 1000);
    lobby.drain(seconds, now);
    this.#look();
    this.#looking ??= setInterval(() => this.#look(), lookMs);
    return this.ended;
  }

  #look(): void {
    const { lobby, stop, keep } = this.#parts;
    const now = performance.now();
    if (this.#isOver || (lobby.rooms.size > 0 && now < this.#endsAt)) return;
    this.#isOver = true;
    stop();
    lobby.park(keep, now);
    void this.#close();
  }

  async #close(): Promise<void> {
    for (const close of this.#parts.closers) {
      const closing = close().catch((error: unknown) => this.#parts.log.error({ err: error }, 'the server could not close as it should'));
      await Promise.race([closing, wait(closeMs)]);
    }
    clearInterval(this.#looking);
    this.#resolve();
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
