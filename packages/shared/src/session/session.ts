// One player's place in a room, at either end: it outlives links. Owns packet sequences, acks, the reliable outbox and the epoch, and holds up to two
// links, the active one and a standby; the first link to carry a packet becomes active (law 11). The peer may become another page (a reload, a second
// tab): its packets count from the beginning then, its events go on where those of the page before ended.
//
// Invariant: every reliable event is delivered once and in order, whichever links carry it; every unreliable packet is taken once.
// Units: milliseconds of the owner's clock; ticks.

import { limits } from '../limits.ts';
import type { CloseCode } from '../link/close-codes.ts';
import type { Link } from '../link/link.ts';
import { type EventsMessage, parseEvents, parseReliableAck, reliableAckMessage } from '../protocol/events.ts';
import { packPlain } from '../protocol/plain.ts';
import { AckWindow, nextSequence, type Sequence } from '../sequence.ts';
import { Outbox } from './outbox.ts';
import { Tokens } from './tokens.ts';

/** A reliable message that arrived is acknowledged within this time, with the next events or alone. */
const reliableAckDelayMs = 100;

/** Pages of before that may still have a hello under way. */
const pagesRemembered = 8;

/** At 80 packets a second, 100 seconds between a save and its use. */
const sequencesSkipped = 8192;

export class Session {
  readonly sessionId: string;
  readonly tokens: Tokens;
  /** Tells the page at the other end from another one that has its token; 0 before the first hello. */
  instance = 0;
  /** Counts the links that were welcomed. */
  epoch = 0;
  active: Link | undefined;
  standby: Link | undefined;
  readonly outbox: Outbox = new Outbox();
  /** Unreliable packets that arrived. */
  readonly received: AckWindow = new AckWindow();
  /** When the newest of them arrived, and when anything did. */
  receivedAt = 0;
  heardAt = 0;
  /** Newest reliable message that arrived. */
  reliableReceived = 0;
  #reliableSince = Number.POSITIVE_INFINITY;
  #sequence = 0xffff as Sequence;
  readonly #replaced: number[] = [];
  /** The tokens that the welcomes of the two links carried, until they have shown that these arrived. */
  #activeToken: string | undefined;
  #standbyToken: string | undefined;

  constructor(sessionId: string, token: string, now: number) {
    this.sessionId = sessionId;
    this.tokens = new Tokens(token);
    this.heardAt = now;
  }

  /** The newest token: what a client says hello with. */
  get token(): string {
    return this.tokens.newest;
  }

  set token(token: string) {
    this.tokens.take(token);
  }

  /** Whether whoever has this token may say hello, and open links. */
  accepts(token: string): boolean {
    return this.tokens.accepts(token);
  }

  /**
   * Takes a link that was welcomed: it is active when there is no other, else it waits for its first packet, in place of one that waited before.
   * @param token that its welcome carried.
   */
  attach(link: Link, token?: string): void {
    const old = this.standby;
    this.epoch++;
    if (this.active) {
      this.standby = link;
      this.#standbyToken = token;
    } else {
      this.#activate(link, token);
    }
    if (old !== this.standby) old?.close('link-replaced', this.heardAt);
  }

  /** Whether it is one of this session's links. */
  has(link: Link): boolean {
    return link === this.active || link === this.standby;
  }

  /** A link of this session carried a packet. A standby becomes active by it, and the old one is closed. */
  carried(link: Link, now: number): void {
    this.heardAt = now;
    if (link === this.standby) {
      const old = this.active;
      this.standby = undefined;
      this.#activate(link, this.#standbyToken);
      old?.close('link-replaced', now);
    }
    // Nobody sends on a link before its welcome has arrived.
    if (this.#activeToken === undefined || link !== this.active) return;
    this.tokens.shown(this.#activeToken);
    this.#activeToken = undefined;
  }

  /** A link ended. @returns whether the session has another. */
  detach(link: Link): boolean {
    if (this.standby === link) this.standby = undefined;
    if (this.active === link) {
      this.active = undefined;
      if (this.standby) this.#activate(this.standby, this.#standbyToken);
      this.standby = undefined;
    }
    return this.active !== undefined;
  }

  /** Another page is at the other end: its packets are counted from the beginning. What the page before has not acknowledged goes to this one. */
  meet(instance: number): void {
    if (this.instance !== 0) this.#replaced.push(this.instance);
    if (this.#replaced.length > pagesRemembered) this.#replaced.shift();
    this.instance = instance;
    this.received.clear();
    this.receivedAt = 0;
    this.outbox.resend();
  }

  /** Whether this page had the session before another one took it. */
  wasReplaced(instance: number): boolean {
    return this.#replaced.includes(instance);
  }

  /** At a page's first welcome: its events go on where those of the page before ended, and so do those that it gets. */
  begin(sent: number, received: number): void {
    this.outbox.goOn(sent);
    this.reliableReceived = received;
  }

  /**
   * Whether both ends can go on: the peer has had everything that was acknowledged here when it was greeted, and nothing that was never sent.
   * @param received what the peer has had. @param forgotten what it has had acknowledged. @param acknowledged here, when the greeting left.
   */
  agrees(received: number, forgotten: number, acknowledged: number): boolean {
    return received >= acknowledged && received <= this.outbox.last && forgotten <= this.reliableReceived;
  }

  /** The sequence for the next unreliable packet. */
  takeSequence(): Sequence {
    this.#sequence = nextSequence(this.#sequence);
    return this.#sequence;
  }

  /** Marks an unreliable packet. @returns false when it was here before or is too old to tell, and is to be dropped. */
  receive(sequence: Sequence, now: number): boolean {
    const fresh = this.received.mark(sequence);
    if (fresh && this.received.newest === sequence) this.receivedAt = now;
    return fresh;
  }

  /** How long the newest packet has been here, for the peer's round-trip time: 255 means that or more. */
  holdMs(now: number): number {
    return Math.min(255, Math.max(0, Math.round(now - this.receivedAt)));
  }

  sendUnreliable(bytes: Uint8Array, now: number): boolean {
    return this.active?.send('unreliable', bytes, now) ?? false;
  }

  /** Sends pending events, and an ack where one is due. @returns a reason to close the session, or undefined. */
  flush(tick: number, now: number): CloseCode | undefined {
    const link = this.active;
    if (link) {
      const isAckDue = now - this.#reliableSince >= reliableAckDelayMs;
      const isSent = (this.outbox.hasNews && this.#sendEvents(link, tick, now)) || (isAckDue && this.#sendAck(link, now));
      if (isSent) this.#reliableSince = Number.POSITIVE_INFINITY;
    }
    return this.outbox.isFull ? 'overflow' : undefined;
  }

  /**
   * Takes a reliable message after the handshake.
   * @returns the events to deliver; undefined for an ack or for what was delivered before; 'wrong' for what no correct peer sends.
   */
  receiveReliable(message: readonly unknown[], now: number): EventsMessage | undefined | 'wrong' {
    const bareAck = parseReliableAck(message);
    const events = bareAck === undefined ? parseEvents(message) : undefined;
    const ack = bareAck ?? events?.ack;
    if (ack === undefined || ack > this.outbox.last) return 'wrong';
    this.outbox.acknowledge(ack);
    if (!events) return undefined;
    if (events.sequence < 1 || events.sequence > this.reliableReceived + 1) return 'wrong';
    this.#reliableSince = Math.min(this.#reliableSince, now);
    if (events.sequence <= this.reliableReceived) return undefined;
    this.reliableReceived = events.sequence;
    return events;
  }

  /** What must outlive the process, as plain data. */
  save(): unknown {
    return [this.epoch, this.reliableReceived, this.#sequence, this.outbox.save(), this.instance, this.tokens.save()];
  }

  /**
   * Takes back what `save` gave. The peer may have had packets that were sent after the save: sequences go on well ahead of them, so that none is taken
   * for an old one.
   */
  restore(saved: unknown): void {
    const [epoch, reliableReceived, sequence, outbox, instance, tokens] = saved as [number, number, number, unknown, number, string[]];
    this.epoch = epoch;
    this.instance = instance;
    this.tokens.restore(tokens);
    this.reliableReceived = reliableReceived;
    this.#sequence = ((sequence + sequencesSkipped) & 0xffff) as Sequence;
    this.outbox.restore(outbox);
  }

  /** Closes every link. */
  close(code: CloseCode, now: number): void {
    const links = [this.active, this.standby];
    this.active = undefined;
    this.standby = undefined;
    for (const link of links) link?.close(code, now);
  }

  /** @returns whether any message left, and the ack with it. */
  #sendEvents(link: Link, tick: number, now: number): boolean {
    let sent = false;
    this.outbox.flush(tick, this.reliableReceived, (message) => {
      const isSent = link.send('reliable', message, now);
      sent ||= isSent;
      return isSent;
    });
    return sent;
  }

  #sendAck(link: Link, now: number): boolean {
    return link.send('reliable', packPlain(reliableAckMessage(this.reliableReceived)), now);
  }

  #activate(link: Link, token?: string): void {
    this.active = link;
    this.#activeToken = token;
    this.outbox.resend();
  }
}

/** Counts what a peer does wrong. @see limits.strikes */
export class Strikes {
  #count = 0;

  /** @returns true when this was one too many. */
  add(): boolean {
    return ++this.#count > limits.strikes;
  }

  get count(): number {
    return this.#count;
  }
}
