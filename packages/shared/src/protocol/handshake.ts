// Joining: the join request and its answer (before any link exists), then hello and welcome (the first messages on the reliable lane).
//
// Invariant: the client speaks first on a link; nothing else is sent on it before the hello was accepted. Readers check every element.
// Units: ticks; names and ids in characters (`limits.nameBytes`), tokens too (`limits.tokenBytes`).

import { limits } from '../limits.ts';
import type { RefusalCode } from '../link/close-codes.ts';
import type { Ice } from './ice.ts';
import { messageKind, protocolVersion } from './message.ts';
import type { Plain } from './plain.ts';

/** How a client asks for a room. */
export type JoinMethod = 'joinOrCreate' | 'join' | 'create' | 'joinById';

/** What a client sends to get a seat: over HTTP, or in the same process for the in-memory link. */
export interface JoinRequest {
  protocol: number;
  schemaHash: string;
  method: JoinMethod;
  /** The room's name; for joinById its id or its code. */
  target: string;
  options: { [key: string]: Plain };
  /** Asks for a WebRTC offer along with the seat, which saves a round trip. Over HTTP only. */
  offer?: boolean;
}

/** A connection that the server has made for a seat: the answer to geckos' first request. */
export interface LinkOffer {
  id: string;
  localDescription: { type: string; sdp: string };
}

/** A seat, kept until the link opens or the handshake time is over; over HTTP with how to reach the server. */
export interface Seat extends Ice {
  roomId: string;
  sessionId: string;
  /** Proves the seat when the link opens; known to this client only. */
  token: string;
  /** The room's code for saying aloud, where it has one. */
  code?: string;
  /** For the first WebRTC link, where one was asked for and could be made. */
  offer?: LinkOffer;
}

/** Why there is no seat. `description` is the server's schema when the schemas differ, so that the client can say where. */
export interface Refusal {
  code: RefusalCode;
  detail?: string;
  description?: readonly string[];
}

const joinMethods: readonly string[] = ['joinOrCreate', 'join', 'create', 'joinById'] satisfies JoinMethod[];

/** Checks a join request of unknown shape; a string says what is wrong with it. */
export function parseJoinRequest(request: unknown): JoinRequest | string {
  if (typeof request !== 'object' || request === null) return 'the request is no object';
  const { protocol, schemaHash, method, target, options = {} } = request as Partial<Record<keyof JoinRequest, unknown>>;
  if (!Number.isInteger(protocol)) return 'protocol is missing';
  if (!isName(schemaHash)) return 'schemaHash is missing';
  if (typeof method !== 'string' || !joinMethods.includes(method)) return `method must be one of ${joinMethods.join(', ')}`;
  if (!isName(target)) return `target must be a name of at most ${limits.nameBytes} characters`;
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return 'options must be an object';
  return { protocol: protocol as number, schemaHash, method: method as JoinMethod, target, options: options as JoinRequest['options'] };
}

/** The client's first message: `[4, protocol, sessionId, token, instance, reliableReceived]`. */
export interface Hello {
  sessionId: string;
  token: string;
  /** Random, from 1: tells the same page on another link from another page that has its token (a reload, a second tab). */
  instance: number;
  /** Reliable messages that this client has had in this session. */
  reliableReceived: number;
}

export function helloMessage(hello: Hello): unknown[] {
  return [messageKind.hello, protocolVersion, hello.sessionId, hello.token, hello.instance, hello.reliableReceived];
}

export function parseHello(message: readonly unknown[]): Hello | undefined {
  const [kind, protocol, sessionId, token, instance, reliableReceived] = message;
  if (kind !== messageKind.hello || protocol !== protocolVersion || !isName(sessionId) || !isToken(token)) return undefined;
  if (!isCount(instance) || instance < 1 || instance > instanceMax || !isCount(reliableReceived)) return undefined;
  return { sessionId, token, instance, reliableReceived };
}

/** The server's answer: `[5, epoch, tick, reliableReceived, seed, token, reliableFrom, reconnectSeconds, lives]`. */
export interface Welcome {
  /** Counts the links that this session has had. */
  epoch: number;
  /** The room's tick as the message leaves. */
  tick: number;
  reliableReceived: number;
  /** The room's seed for the random numbers of steps, 0 to 2^32 - 1. */
  seed: number;
  /** What the client says hello with from now on. */
  token: string;
  /** The newest reliable message that the session's clients have acknowledged: a new page counts on from it. */
  reliableFrom: number;
  /** How long the server keeps the session without a link. */
  reconnectSeconds: number;
  /** How often the room was restored from a save: when it is another number, what the client knows of the world is of another life. */
  lives: number;
}

export function welcomeMessage(welcome: Welcome): unknown[] {
  const { epoch, tick, reliableReceived, seed, token, reliableFrom, reconnectSeconds, lives } = welcome;
  return [messageKind.welcome, epoch, tick, reliableReceived, seed, token, reliableFrom, reconnectSeconds, lives];
}

export function parseWelcome(message: readonly unknown[]): Welcome | undefined {
  const [kind, epoch, tick, reliableReceived, seed, token, reliableFrom, reconnectSeconds, lives] = message;
  if (kind !== messageKind.welcome || !isCount(epoch) || !isCount(tick) || !isCount(reliableReceived) || !isCount(seed)) return undefined;
  if (!isToken(token) || !isCount(reliableFrom) || !isCount(reconnectSeconds) || !isCount(lives)) return undefined;
  if (tick > lastTick || seed > 0xffffffff || reconnectSeconds > limits.reconnectSeconds) return undefined;
  return { epoch, tick, reliableReceived, seed, token, reliableFrom, reconnectSeconds, lives };
}

/** 32 random bits, and no 0. */
const instanceMax = 2 ** 32 - 1;

/** Ticks are 31 bits, as in the schema: more than a year at 60 Hz. */
const lastTick = 2 ** 31 - 1;

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= limits.nameBytes;
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= limits.tokenBytes;
}

/** A whole number of at least 0 that a double holds exactly. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
