// serve() and attach(): a lobby with its HTTP routes, its transports and its loop, on a port of its own or on a server that is there already.
//
// Invariant: signalling, joining, health and the page share one origin. What the game's code throws is logged and ends its room, never the process.
// Units: milliseconds; ports.

import { randomBytes, randomInt } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import cors from '@fastify/cors';
import { type AnyGame, guardSteps, type Link, limits } from '@tickwire/shared';
import type { Seat } from '@tickwire/shared/internal';
import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { Lobby } from '../lobby.ts';
import type { RoomClass } from '../room.ts';
import { findAdvertised } from './advertised.ts';
import { type Authorize, makeAuthorize } from './authorize.ts';
import { Autosave } from './autosave.ts';
import { clientAddress, type TrustProxy } from './client-address.ts';
import { withDeadline } from './deadline.ts';
import { Ending } from './ending.ts';
import { limitSockets, type SocketCounters, socketOptions } from './http-sockets.ts';
import { addIceRoute } from './ice-route.ts';
import { type IceOptions, makeIce } from './ice-servers.ts';
import { addJoinRoutes, refuseForeignPages } from './join-route.ts';
import { validation } from './join-schema.ts';
import { originCheck } from './origins.ts';
import { addPage } from './page.ts';
import { addRequestRates, type RequestCounters } from './request-rates.ts';
import { SaveFolder } from './save-folder.ts';
import { type ServerLimits, serverLimits } from './server-limits.ts';
import { endOnSignals } from './signals.ts';
import { surviveErrors } from './survival.ts';
import { TickLoop } from './tick-loop.ts';
import { openTickets, type TicketKey, type Tickets } from './tickets.ts';
import { HandshakeCaps } from './transports/handshake-caps.ts';
import { openWebrtcTransport, type WebrtcCounters, type WebrtcTransport } from './transports/webrtc-gate.ts';
import { type WebsocketCounters, WebsocketGate } from './transports/websocket-gate.ts';

/**
 * Rooms that clients may ask for, by name. `filterBy` names options (texts, numbers, booleans) by which `joinOrCreate`, `join` and `listRooms` choose: only
 * rooms that were created with the same values.
 */
export interface RoomTable {
  // biome-ignore lint/suspicious/noExplicitAny: each room is of its own game
  readonly [name: string]: { readonly game: AnyGame; readonly room: RoomClass<any>; readonly filterBy?: readonly string[] };
}

export interface AttachOptions extends IceOptions {
  rooms: RoomTable;
  /** Local address of the UDP sockets. Default: `host` of serve() where that is an address, else every interface. */
  bindAddress?: string;
  /** UDP ports for players. One port (min = max) carries all of them. Default: any. */
  udpPorts?: { min: number; max: number };
  /**
   * The address that players are told, where it is not the local one: behind a NAT, in a container. A host name is looked up at the start; `'auto'` asks
   * STUN servers. One of each version of IP as a list. No other address of the machine is told then. Default: all addresses of the machine.
   */
  advertiseAddress?: string | readonly string[];
  /** Whom `'auto'` asks, as `stun:host:port`. Default: two public ones, of Google and of Cloudflare. */
  stunUrls?: readonly string[];
  /**
   * Pages of other origins that may join, such as `https://play.example`. `'*'` for all. Default: only pages of this server and of localhost. Requests
   * without an Origin header (Node clients, native apps) are from no page and always taken.
   */
  origins?: readonly string[] | '*';
  /**
   * Signs the tickets of seats: at least 32 bytes, the same in all processes that share an address. Of several the first signs and all are accepted.
   * Default: random, so that a seat is lost when the server restarts before its player was connected.
   */
  ticketKey?: TicketKey;
  /** Requests that one address may make in ten seconds (an IPv6 address counts by its /64); a third as many of its seats may wait for their connection. Default 100. */
  requestsPer10Seconds?: number;
  /** What the server takes of all addresses and of one, where that is not the default. */
  limits?: Partial<ServerLimits>;
  /**
   * The proxy in front of the server whose `X-Forwarded-For` is believed: `true` for any, or its addresses. Without it, all players behind a proxy
   * are one address to the limits; with it and without a proxy, anyone can choose an address. As Fastify's option of the name. Default false.
   */
  trustProxy?: TrustProxy;
  /** Whether steps are stopped that call `Math.random`, `Date.now` or `performance.now`. Default: unless NODE_ENV is `production`. */
  development?: boolean;
  /** Folder in which rooms that have `onSave` and `onRestore` are kept while no process runs. A relative path counts from where the process was started. */
  saveDir?: string;
  /** Saves these rooms so often while they run, for the case that the process crashes. Default: only when the server ends. */
  saveEverySeconds?: number;
  /** How long matches may go on once the server is to end. Default 30, in development 0. */
  drainSeconds?: number;
  /** pino level: `fatal` to `trace`, or `silent`. Default `warn`. */
  logLevel?: string;
}

export interface ServeOptions extends AttachOptions {
  /** Default 9208; 0 takes any free port. */
  port?: number;
  /** Default `localhost`: this machine only. `0.0.0.0` for everyone. */
  host?: string;
  /** Folder of a built page, served at `/`. A relative path counts from where the process was started. */
  staticDir?: string;
  /** Content-Security-Policy of that page. Default: own files only, no eval. `false` for none. */
  contentSecurityPolicy?: string | false;
  /** Whether SIGINT and SIGTERM drain the server and end the process; a second one ends it at once. Default true. */
  signals?: boolean;
  /** Whether rejected promises and exceptions that nobody caught are logged and survived, instead of ending the process and all rooms. Default true. */
  survive?: boolean;
}

export interface GameServer {
  /** The origin that clients connect to. */
  readonly url: string;
  readonly port: number;
  readonly lobby: Lobby;
  readonly counters: GameServerCounters;
  /**
   * Ends the server gracefully: nobody new, `onDrain` in every room, and when the last room has ended or the time is over, rooms that can be are saved
   * (their clients are told `server-restart`), others closed (`server-shutdown`). Kept when nothing listens any more. Asked again, it can only be sooner.
   */
  drain(options?: { seconds?: number }): Promise<void>;
  /** The same at once: `drain({ seconds: 0 })`. */
  close(): Promise<void>;
}

/** What came and what was refused. `sockets` only where the HTTP server is serve's own. */
export interface GameServerCounters {
  readonly webrtc: Readonly<WebrtcCounters>;
  readonly websocket: Readonly<WebsocketCounters>;
  readonly requests: Readonly<RequestCounters>;
  readonly sockets?: Readonly<SocketCounters>;
}

/** Works for pages that show what they got from their own server: Phaser draws textures from data: and blob: urls. */
const defaultPolicy = "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'";
/** How long a server drains in production. */
const drainSecondsDefault = 30;

/** Starts a game server. @throws Error that says what to do, such as when the port is taken. */
export async function serve(options: ServeOptions): Promise<GameServer> {
  const port = options.port ?? 9208;
  const host = options.host ?? 'localhost';
  const { trustProxy = false } = options;
  const app = fastify({ loggerInstance: makeLogger(options), forceCloseConnections: true, trustProxy, ajv: validation, ...socketOptions });
  const sockets = limitSockets(app.server, serverLimits(options.limits), trustProxy !== false);
  const isAddress = /^[0-9.]+$|:/.test(host);
  const bindAddress =
    options.bindAddress ?? (host === 'localhost' ? '127.0.0.1' : isAddress && host !== '0.0.0.0' && host !== '::' ? host : undefined);
  const running = await run(app, app.server, { ...options, ...(bindAddress === undefined ? {} : { bindAddress }) });
  if (options.staticDir !== undefined) await addPage(app, options.staticDir, options.contentSecurityPolicy ?? defaultPolicy);
  try {
    await app.listen({ port, host });
  } catch (error) {
    await running.close();
    throw listenError(error, port, host);
  }
  const address = app.server.address();
  const actual = typeof address === 'object' && address ? address.port : port;
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const forget = options.survive === false ? () => {} : surviveErrors(app.log);
  const server: GameServer = {
    ...running,
    url: `http://${shown}:${actual}`,
    port: actual,
    counters: { ...running.counters, sockets },
    drain: (how) => running.drain(how).finally(forget),
    close: () => running.close().finally(forget),
  };
  if (options.signals !== false) endOnSignals(server, drainSecondsOf(options), (message) => app.log.warn(message));
  return server;
}

/** Adds a game server to an HTTP server that is there already: it takes the paths `/tickwire/`, `/.wrtc/` and `/health`, all others stay as they were. */
export async function attach(server: Server, options: AttachOptions): Promise<Omit<GameServer, 'url' | 'port'>> {
  const app = fastify({ loggerInstance: makeLogger(options), trustProxy: options.trustProxy ?? false, ajv: validation });
  const running = await run(app, server, options);
  await app.ready();
  const others = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (/^\/(tickwire\/|\.wrtc\/|health$)/.test(request.url ?? '')) app.routing(request, response);
    else for (const other of others) other.call(server, request, response);
  });
  return running;
}

async function run(app: FastifyInstance, http: Server, options: AttachOptions): Promise<Omit<GameServer, 'url' | 'port'>> {
  const { log } = app;
  const requestsPer10Seconds = options.requestsPer10Seconds ?? limits.requestsPer10Seconds;
  const isProduction = process.env['NODE_ENV'] === 'production';
  const tickets = openTickets(options.ticketKey, isProduction, (level, message) => log[level](message));
  const iceFor = makeIce(
    options,
    () => Date.now() / 1000,
    (message) => log.warn(message),
  );
  const lobby = new Lobby({
    rooms: isDevelopment(options) ? guarded(options.rooms) : options.rooms,
    newId: () => randomBytes(18).toString('base64url'),
    newSeed: () => randomInt(2 ** 32),
    onError: (error, where, roomId) => log.error({ err: error, roomId }, `the room was closed: ${where} threw`),
    // A join and its link are three requests at least: this holds up nobody whom the rate does not.
    joinsPerAddress: Math.ceil(requestsPer10Seconds / 3),
    roomsPerAddress: serverLimits(options.limits).roomsWaitingPerAddress,
    sign: (roomId, sessionId, origin) => tickets.sign(roomId, sessionId, origin),
    deadline: (work, roomName) => withDeadline(work, limits.authMs, () => log.error({ roomName }, `onAuth did not answer in ${limits.authMs} ms`)),
  });
  const saves = options.saveDir === undefined ? undefined : new SaveFolder(options.saveDir, log);
  const every = options.saveEverySeconds;
  const restored = saves?.restoreAll((file) => lobby.restore(file, performance.now()), every !== undefined) ?? 0;
  if (restored > 0) log.info({ rooms: restored }, 'saved rooms go on');
  const loop = new TickLoop(lobby);
  const links = linksOf(lobby, tickets, serverLimits(options.limits));
  const transport = await openTransport(links, options, log);
  const sockets = openSockets(links, http, options, log);
  const autosave = saves && every !== undefined ? new Autosave(lobby, saves, every, lobby.rooms.keys()) : undefined;
  await app.register(cors, {
    origin: options.origins === '*' ? true : [/^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/, ...(options.origins ?? [])],
    // What browsers may do elsewhere they need not ask again for two hours, the longest that Chromium remembers.
    maxAge: 7200,
  });
  const requests = await addRequestRates(app, serverLimits(options.limits), requestsPer10Seconds);
  refuseForeignPages(app, originCheck(options.origins));
  addJoinRoutes(
    app,
    lobby,
    () => loop.wake(),
    iceFor,
    (seat, address) => transport.offerTo(seat, `${seat.roomId}.${seat.sessionId}.${seat.token}`, address),
  );
  addIceRoute(app, links.authorize, iceFor);
  transport.register(app);
  const ending = new Ending({
    lobby,
    log,
    keep: saves && ((file, roomId) => saves.keep(file, roomId)),
    stop() {
      loop.stop();
      autosave?.stop();
    },
    closers: [() => Promise.all([transport.close(), sockets.close()]), () => app.close()],
  });
  return {
    lobby,
    counters: { webrtc: transport.counters, websocket: sockets.counters, requests },
    drain: ({ seconds = drainSecondsOf(options) } = {}) => ending.drain(seconds),
    close: () => ending.drain(0),
  };
}

function isDevelopment({ development }: AttachOptions): boolean {
  return development ?? process.env['NODE_ENV'] !== 'production';
}

function drainSecondsOf(options: AttachOptions): number {
  return options.drainSeconds ?? (isDevelopment(options) ? 0 : drainSecondsDefault);
}

/** The same rooms, of games whose steps can roll no dice of their own. */
function guarded(rooms: RoomTable): RoomTable {
  const globals = { dice: Math, clock: Date, timer: performance };
  return Object.fromEntries(Object.entries(rooms).map(([name, kind]) => [name, { ...kind, game: guardSteps(kind.game, globals) }]));
}

async function openTransport(links: Links, options: AttachOptions, log: FastifyBaseLogger): Promise<WebrtcTransport<Seat>> {
  return openWebrtcTransport<Seat>({
    ...links,
    ...(options.bindAddress === undefined ? {} : { bindAddress: options.bindAddress }),
    ...(options.advertiseAddress === undefined ? {} : { advertised: await findAdvertised(options.advertiseAddress, options.stunUrls) }),
    ...(options.udpPorts === undefined ? {} : { portRange: options.udpPorts }),
    log: ({ level, message, ...rest }) => log[level](rest, message),
  });
}

/** WebSockets on the HTTP server. Upgrades to other paths are for whoever else listens to them. */
function openSockets(links: Links, http: Server, options: AttachOptions, log: FastifyBaseLogger): WebsocketGate<Seat> {
  const gate = new WebsocketGate<Seat>({
    ...links,
    isAllowed: originCheck(options.origins),
    addressOf: clientAddress(options.trustProxy ?? false),
    upgradesPer10Seconds: options.requestsPer10Seconds ?? limits.requestsPer10Seconds,
    log: ({ level, message, ...rest }) => log[level](rest, message),
  });
  http.on('upgrade', (request, socket, head) => {
    if (!gate.take(request, socket, head) && http.listenerCount('upgrade') === 1) socket.destroy();
  });
  return gate;
}

/** Who may make a link, and where it goes: the same for every transport. */
interface Links {
  readonly caps: HandshakeCaps;
  readonly handshakeMs: number;
  authorize: Authorize;
  heard(seat: Seat): void;
  onLink(link: Link, seat: Seat): void;
  now(): number;
}

function linksOf(lobby: Lobby, tickets: Tickets, most: ServerLimits): Links {
  return {
    caps: new HandshakeCaps(most),
    handshakeMs: most.handshakeMs,
    authorize: makeAuthorize(lobby, tickets, () => performance.now()),
    heard: (seat) => lobby.heard(seat, performance.now()),
    onLink(link, seat) {
      lobby.heard(seat, performance.now());
      if (!lobby.accept(seat.roomId, seat.sessionId, link)) link.close('never-opened', performance.now());
    },
    now: () => performance.now(),
  };
}

function makeLogger(options: AttachOptions): FastifyBaseLogger {
  return pino({ level: options.logLevel ?? 'warn' });
}

function listenError(error: unknown, port: number, host: string): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return new Error(`Port ${port} is taken by another program. Stop that program, or choose another port (PORT=${port + 1}).`);
  if (code === 'EACCES') return new Error(`Port ${port} may not be used by this account. Choose a port above 1023 (PORT=9208).`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new Error(`The address ${host} is not one of this machine. Use HOST=localhost or HOST=0.0.0.0.`);
  return error instanceof Error ? error : new Error(String(error));
}
