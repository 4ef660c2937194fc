// The links of a room as its client has them: hello and welcome, one link in place of another, none for a while, and the way back.
//
// Invariant: the session goes on over all of them: what was sent reliably and not acknowledged is sent again, and what came is taken once. A stay ends by
// a code that says so, or when the server's patience is over; without anybody who opens links, when the only link is gone. Units: milliseconds.

import { type CloseCode, closeMessages, endsSession, type Lane, type Link } from '@tickwire/shared';
import { helloMessage, packPlain, type Seat, type Session, type Welcome } from '@tickwire/shared/internal';
import { greet } from './greeting.ts';
import { type Between, RoomLink } from './room-link.ts';

/**
 * How a welcome finds the room. `switched`: it had a link until now, and nothing else changes. `back`: it had none. `other life`: the server's room was restored
 * from a save meanwhile.
 */
export type Welcomed = 'first' | 'switched' | 'back' | 'other life';

/** How the room's connection is. `suspect`: there is a link on which nothing comes. `reconnecting`: there is none, and another is looked for. */
export type ConnectionState = 'connected' | 'suspect' | 'reconnecting' | 'ended';

/** What the links are for. */
export interface LinkedRoom {
  welcomed(how: Welcomed, welcome: Welcome, roundTripMs: number, now: number): void;
  received(lane: Lane, bytes: Uint8Array, now: number): void;
  /** A link is gone: whoever opens links looks at once. @returns whether there is anybody who does. */
  linkLost(now: number): boolean;
  ended(code: CloseCode, now: number): void;
  failed(error: unknown): void;
}

/** No packet for so long makes a link suspect. */
const suspectMs = 750;

export class RoomLinks {
  /** For how long the server keeps the session without a link. */
  reconnectSeconds = 0;
  isOver = false;
  readonly #session: Session;
  readonly #roomId: string;
  readonly #instance: number;
  readonly #room: LinkedRoom;
  readonly #dropHandlers = new Set<(code: CloseCode, message: string) => void>();
  readonly #reconnectHandlers = new Set<() => void>();
  /** Those that have not ended. */
  readonly #open = new Set<RoomLink>();
  #between: Between | undefined;
  /** Of the newest welcome. */
  #lives = -1;
  #epoch = 0;
  #isDropped = false;

  constructor(session: Session, roomId: string, instance: number, room: LinkedRoom) {
    this.#session = session;
    this.#roomId = roomId;
    this.#instance = instance;
    this.#room = room;
  }

  /** What the next link is opened with. */
  get seat(): Seat {
    const { sessionId, token } = this.#session;
    return { roomId: this.#roomId, sessionId, token };
  }

  /** @returns a promise that is kept when the server has said welcome on the link, and the room is on it. */
  accept(opened: Link): Promise<void> {
    const link = new RoomLink(opened, this.#between);
    this.#open.add(link);
    let acknowledged = 0;
    return greet(link, {
      hello: () => {
        const { sessionId, token, reliableReceived, outbox } = this.#session;
        acknowledged = outbox.acknowledged;
        return packPlain(helloMessage({ sessionId, token, instance: this.#instance, reliableReceived }));
      },
      welcomed: (_link, welcome, roundTripMs, now) => this.#welcomed(link, welcome, acknowledged, roundTripMs, now),
      received: (_link, lane, bytes, now) => {
        if (!this.#session.has(link)) return;
        this.#session.carried(link, now);
        this.#room.received(lane, bytes, now);
      },
      closed: (_link, code, wasWelcomed, now) => {
        this.#open.delete(link);
        this.#closed(link, code, wasWelcomed, now);
      },
    });
  }

  /** Puts something between the room and its links, those to come too; undefined takes it out again. */
  interpose(between: Between | undefined): void {
    this.#between = between;
    for (const link of this.#open) link.interpose(between);
  }

  state(now: number): ConnectionState {
    if (this.isOver) return 'ended';
    if (!this.#session.active) return 'reconnecting';
    return now - this.#session.heardAt > suspectMs ? 'suspect' : 'connected';
  }

  onDrop(handler: (code: CloseCode, message: string) => void): () => void {
    this.#dropHandlers.add(handler);
    return () => this.#dropHandlers.delete(handler);
  }

  onReconnect(handler: () => void): () => void {
    this.#reconnectHandlers.add(handler);
    return () => this.#reconnectHandlers.delete(handler);
  }

  /** Gives up the links on which nothing comes. */
  drop(code: CloseCode, now: number): void {
    this.#session.close(code, now);
    this.#lost(code, now);
  }

  #welcomed(link: Link, welcome: Welcome, acknowledged: number, roundTripMs: number, now: number): void {
    const session = this.#session;
    if (this.isOver) {
      link.close('left', now);
      return;
    }
    if (welcome.lives === this.#lives && welcome.epoch < this.#epoch) {
      // It was overtaken by that of a later link: what it says is over.
      link.close('link-replaced', now);
      return;
    }
    const isFirst = this.#lives < 0;
    if (isFirst) session.begin(welcome.reliableReceived, welcome.reliableFrom);
    else if (!session.agrees(welcome.reliableReceived, welcome.reliableFrom, acknowledged)) {
      link.close('session-stale', now);
      this.#room.ended('session-stale', now);
      return;
    }
    const how = isFirst ? 'first' : welcome.lives !== this.#lives ? 'other life' : session.active ? 'switched' : 'back';
    this.#lives = welcome.lives;
    this.#epoch = welcome.epoch;
    this.reconnectSeconds = welcome.reconnectSeconds;
    session.token = welcome.token;
    session.outbox.acknowledge(welcome.reliableReceived);
    session.attach(link);
    // Only what the room is to be on is opened: the server follows as soon as it hears anything on it.
    session.carried(link, now);
    this.#room.welcomed(how, welcome, roundTripMs, now);
    if (!this.#isDropped) return;
    this.#isDropped = false;
    for (const handler of this.#reconnectHandlers) this.#run(handler);
  }

  #closed(link: Link, code: CloseCode, wasWelcomed: boolean, now: number): void {
    if (wasWelcomed && !this.#session.has(link)) return;
    // One that was never welcomed says little of the session: perhaps another was welcomed in its place.
    const isOver = code === 'session-stale' || code === 'taken-over' || (wasWelcomed && endsSession(code));
    if (isOver) this.#room.ended(code, now);
    else if (!this.#session.detach(link)) this.#lost(code, now);
  }

  #lost(code: CloseCode, now: number): void {
    if (this.isOver) return;
    const isWelcome = this.#lives < 0 || this.reconnectSeconds > 0;
    if (!isWelcome || !this.#room.linkLost(now)) {
      this.#room.ended(code, now);
      return;
    }
    if (this.isOver || this.#lives < 0 || this.#isDropped) return;
    this.#isDropped = true;
    for (const handler of this.#dropHandlers) this.#run(() => handler(code, closeMessages[code]));
  }

  #run(handler: () => void): void {
    try {
      handler();
    } catch (error) {
      this.#room.failed(error);
    }
  }
}
