// The link over two message channels of one connection, as a state machine: what all WebRTC and WebSocket ends share.
//
// Owns the greeting, the close code, the checks of what arrives and the order of the handler's calls; the transport file feeds it and lends it a port.
// Invariants: a reliable message whose first byte is 0xc1, which no msgpack value starts with, is the link's own and never reaches the session;
// the handler is never called from within a call of its owner; a handler that throws ends its link and nothing else. Units: bytes, milliseconds.
//
//   greeter (client)                                    host (server)
//   both lanes open -> READY on the reliable lane,  ->  both lanes open and READY here: `port.ready`, owner takes the link, `start`
//   then `port.ready`, `start`, then anything       <-  READY, then anything
// What the greeter sends right behind its READY saves a round trip; the host keeps it until its own half is open.

import { limits } from '../limits.ts';
import { type CloseCode, closeCodeNumber, closeCodeOf } from './close-codes.ts';
import type { Lane, Link, LinkHandler, LinkKind, LinkPath } from './link.ts';

/** Negotiated id of the reliable channel. Fixed on both ends; far from the ids that in-band channels take, under the 1024 streams of libdatachannel. */
export const RELIABLE_CHANNEL_ID = 1000;

/** Label of the unreliable channel, which geckos.io opens. */
export const UNRELIABLE_CHANNEL_LABEL = 'geckos.io';

/** One direction-pair of messages, as the platform offers it. */
export interface LanePort {
  isOpen(): boolean;
  /** Bytes that the platform still holds; 0 where it cannot tell. */
  backlog(): number;
  /** The most that may be held for one more message to be taken. Default `limits.outboxBytes`. */
  readonly backlogBytes?: number;
  /** Hands over one message, which the platform copies. May throw: the link takes that as "not sent". */
  send(bytes: Uint8Array): void;
}

/** What a transport file lends to its link. */
export interface ChannelPort {
  readonly unreliable: LanePort;
  readonly reliable: LanePort;
  /** Both lanes are open here, and at the host the greeter's too. Hand the link to its owner, then call `start`. At most once. */
  ready(now: number): void;
  /** The link is over: close the connection after `lingerMs`, in which the close code still leaves. Once, before the owner hears of it. */
  ended(code: CloseCode, lingerMs: number, now: number): void;
  /** A message was dropped because the peer must not send it. */
  ignored(why: IgnoredMessage): void;
  /** As of `Link`. */
  path?(now: number): LinkPath | undefined;
  /** Runs the task in a later turn of the event loop. */
  soon(task: () => void): void;
  /** What the owner's handler threw, after the link was closed for it. */
  threw(error: unknown): void;
}

export type IgnoredMessage = 'text' | 'oversized' | 'garbage' | 'early' | 'foreign-channel';

export class ChannelLink implements Link {
  readonly kind: LinkKind;
  readonly #port: ChannelPort;
  readonly #greets: boolean;
  #state: 'connecting' | 'ready' | 'open' | 'closed' = 'connecting';
  #greetingCame = false;
  #handler: LinkHandler | null = null;
  #openedAt = -1;
  /** Between `port.ready` and `start`: what arrives, an end included, waits for the owner. */
  #awaitsStart = false;
  #told: 'nothing' | 'opened' | 'closed' = 'nothing';
  #inbox: Inbound[] = [];
  #ending: { code: CloseCode; now: number } | null = null;
  #strikes = 0;

  /** @param greets true at the end that speaks first (the client): the other end's halves of both channels exist by then. */
  constructor(port: ChannelPort, greets: boolean, kind: LinkKind = 'webrtc') {
    this.#port = port;
    this.#greets = greets;
    this.kind = kind;
  }

  // --- for the owner ---

  listen(handler: LinkHandler): void {
    this.#handler = handler;
    this.#port.soon(() => this.#deliver());
  }

  send(lane: Lane, bytes: Uint8Array, _now: number): boolean {
    if (this.#state !== 'open' || bytes.length > this.maxBytes(lane) || isControl(lane, bytes)) return false;
    if (this.backlog(lane) + bytes.length > (this.#port[lane].backlogBytes ?? limits.outboxBytes)) return false;
    return this.#push(lane, bytes);
  }

  backlog(lane: Lane): number {
    if (this.#state === 'closed') return 0;
    try {
      return this.#port[lane].backlog();
    } catch {
      return 0;
    }
  }

  path(now: number): LinkPath | undefined {
    return this.#state === 'closed' ? undefined : this.#port.path?.(now);
  }

  maxBytes(lane: Lane): number {
    return lane === 'unreliable' ? limits.packetBytes : limits.reliableBytes;
  }

  close(code: CloseCode, now: number): void {
    if (this.#state === 'closed') return;
    this.#inbox = [];
    this.#awaitsStart = false;
    const sent = this.#push('reliable', Uint8Array.of(CONTROL, CLOSE, closeCodeNumber(code)));
    this.#end(code, sent ? lingerOf(code) : 0, now);
    this.#port.soon(() => this.#deliver());
  }

  // --- for the transport file ---

  /** A lane opened, or may have. */
  laneOpened(now: number): void {
    if (this.#state !== 'connecting' || !this.#port.unreliable.isOpen() || !this.#port.reliable.isOpen()) return;
    if (!this.#greets) {
      // Streams have no order among themselves: the greeting may overtake what opens the unreliable lane.
      if (this.#greetingCame) this.#becomeReady(now);
      return;
    }
    if (this.#push('reliable', GREETING)) this.#becomeReady(now);
    else this.lost(now);
  }

  /** A message arrived; the link keeps `bytes` until it has delivered them. */
  receive(lane: Lane, bytes: Uint8Array, now: number): void {
    if (this.#state === 'closed') return;
    if (bytes.length > this.maxBytes(lane)) this.ignore('oversized', now);
    else if (isControl(lane, bytes)) this.#control(bytes, now);
    else this.#take(lane, bytes, now);
  }

  /** The peer sent what it must not: dropped, and after `limits.strikes` of them the link is closed. */
  ignore(why: IgnoredMessage, now: number): void {
    if (this.#state === 'closed') return;
    this.#port.ignored(why);
    this.#strikes += 1;
    if (this.#strikes >= limits.strikes) this.close('protocol-error', now);
  }

  /** The owner has the link and listens: from here on it is open. */
  start(now: number): void {
    if (!this.#awaitsStart) return;
    this.#awaitsStart = false;
    this.#openedAt = now;
    if (this.#state === 'ready') {
      this.#state = 'open';
      if (!this.#greets && !this.#push('reliable', GREETING)) this.lost(now);
    }
    this.#deliver();
  }

  /** A channel or the connection is gone. @param code where the transport was told why. */
  lost(now: number, code: CloseCode = 'link-lost'): void {
    if (this.#state === 'closed') return;
    this.#end(code, 0, now);
    this.#deliver();
  }

  #control(bytes: Uint8Array, now: number): void {
    const [, type, code] = bytes;
    if (type === CLOSE && bytes.length === 3 && code !== undefined) {
      this.#end(closeCodeOf(code), 0, now);
      this.#deliver();
    } else if (type === READY && bytes.length === 2 && !this.#greetingCame) {
      this.#greetingCame = true;
      if (!this.#greets) this.laneOpened(now);
    } else {
      this.ignore('garbage', now);
    }
  }

  #take(lane: Lane, bytes: Uint8Array, now: number): void {
    if (this.#told === 'opened' && this.#inbox.length === 0) {
      this.#handOver(lane, bytes, now);
    } else if (this.#state === 'connecting' && !this.#greetingCame) {
      this.ignore('early', now);
    } else {
      if (this.#inbox.length < INBOX_MESSAGES) this.#inbox.push({ lane, bytes, now });
      else if (lane === 'reliable') this.close('overflow', now);
      this.#deliver();
    }
  }

  #becomeReady(now: number): void {
    this.#state = 'ready';
    this.#awaitsStart = true;
    this.#port.ready(now);
  }

  #push(lane: Lane, bytes: Uint8Array): boolean {
    try {
      const port = this.#port[lane];
      if (!port.isOpen()) return false;
      port.send(bytes);
      return true;
    } catch {
      return false;
    }
  }

  #end(code: CloseCode, lingerMs: number, now: number): void {
    this.#state = 'closed';
    this.#ending = { code, now };
    this.#port.ended(code, lingerMs, now);
  }

  /** Tells the handler what it was not told yet, in order: opened, messages, closed. A handler may close the link from inside any of them. */
  #deliver(): void {
    const handler = this.#handler;
    if (handler === null || this.#awaitsStart) return;
    const openedAt = this.#openedAt;
    if (this.#told === 'nothing' && openedAt >= 0) {
      this.#told = 'opened';
      this.#tell(() => handler.opened(openedAt), openedAt);
    }
    while (this.#told === 'opened') {
      const message = this.#inbox.shift();
      if (message === undefined) break;
      this.#handOver(message.lane, message.bytes, message.now);
    }
    const ending = this.#ending;
    if (ending === null || this.#told === 'closed') return;
    this.#told = 'closed';
    this.#tell(() => handler.closed(ending.code, ending.now), ending.now);
  }

  /** The hot call, without a closure. */
  #handOver(lane: Lane, bytes: Uint8Array, now: number): void {
    try {
      this.#handler?.received(lane, bytes, now);
    } catch (error) {
      this.#handlerThrew(error, now);
    }
  }

  #tell(call: () => void, now: number): void {
    try {
      call();
    } catch (error) {
      this.#handlerThrew(error, now);
    }
  }

  #handlerThrew(error: unknown, now: number): void {
    this.close('protocol-error', now);
    this.#port.threw(error);
  }
}

interface Inbound {
  readonly lane: Lane;
  readonly bytes: Uint8Array;
  readonly now: number;
}

function isControl(lane: Lane, bytes: Uint8Array): boolean {
  return lane === 'reliable' && bytes[0] === CONTROL;
}

/** The one byte that msgpack never uses. */
const CONTROL = 0xc1;
const READY = 1;
const CLOSE = 2;
const GREETING = Uint8Array.of(CONTROL, READY);

/** A peer that floods goes on until the connection is gone: it gets its code if that is not lost on the way. */
function lingerOf(code: CloseCode): number {
  return code === 'flood' || code === 'protocol-error' ? HOSTILE_LINGER_MS : LINGER_MS;
}

/** As long a round trip as most have. */
const HOSTILE_LINGER_MS = 300;

/** How long the connection outlives its close, so that the code arrives: several retransmissions at 200 to 400 ms each. The peer ends it sooner. */
const LINGER_MS = 1500;

/** Messages kept for an owner that has the link but does not listen yet: one turn of the event loop at any rate we send. */
const INBOX_MESSAGES = 256;
