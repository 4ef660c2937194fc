// Links taken away again and again, in every way that there is, while numbered events go both ways: each must come once and in order.
//
// Real WebRTC and real WebSockets on 127.0.0.1, a server and three Node clients in this process: one that may use both, one of each kind alone.
// Invariant: a link is taken away only when the client is connected, and the next one only when another has been welcomed. Units: milliseconds.

import { setTimeout as pause } from 'node:timers/promises';
import { type GameServer, serve } from '@tickwire/server';
import type { ChannelLink, Link } from '@tickwire/shared';
import type { ClientRoom } from '../../packages/client/src/client-room.ts';
import { connection } from '../../packages/client/src/edge/connection.ts';
import { openWebrtcLink } from '../../packages/client/src/edge/node/webrtc.ts';
import { openWebsocketLink } from '../../packages/client/src/edge/node/websocket.ts';
import { type FlakyProxy, openFlakyProxy } from './flaky-proxy.ts';
import { game, NoteRoom } from './note-game.ts';
import { UdpRelay } from './udp-relay.ts';

export interface ReconnectCounts extends Count {
  readonly reconnects: number;
  /** From each loss to the next welcome. */
  readonly awayMs: readonly number[];
}

/** How a link ends: its packets vanish for good, its connection closes without a word, either end says that it is gone, its sockets are cut. */
type Way = 'dark' | 'drop' | 'leave' | 'server' | 'cut';

const plans = [
  { transport: 'auto', ways: ['dark', 'cut', 'drop', 'server', 'leave'] },
  { transport: 'webrtc', ways: ['drop', 'leave', 'server', 'drop', 'dark'] },
  { transport: 'websocket', ways: ['cut', 'server', 'leave', 'cut', 'drop'] },
] as const satisfies readonly { transport: string; ways: readonly Way[] }[];

/** Between two events of each way. */
const eventMs = 15;
/** From a link that is taken away to the next that is welcomed, at most. */
const patienceMs = 15_000;

/** @param reconnects over all clients. @throws Error when a client does not come back. */
export async function runReconnects(reconnects: number, signal: AbortSignal, tell: (progress: string) => void = () => {}): Promise<ReconnectCounts> {
  const server = await serve({
    rooms: { notes: { game, room: NoteRoom } },
    port: 0,
    host: '127.0.0.1',
    signals: false,
    requestsPer10Seconds: 10_000,
    development: false,
    logLevel: 'silent',
  });
  const players: Player[] = [];
  try {
    for (const { transport } of plans) players.push(await Player.join(server, transport));
    const sending = setInterval(() => {
      for (const player of players) player.send();
    }, eventMs);
    try {
      await Promise.all(
        players.map(async (player, index) => {
          const { ways } = plans[index] as (typeof plans)[number];
          const count = Math.floor(reconnects / plans.length) + Number(index < reconnects % plans.length);
          for (let time = 0; time < count; time++) {
            signal.throwIfAborted();
            await player.lose(ways[time % ways.length] as Way);
            tell(`${plans[index]?.transport}: back for the ${time + 1}th time after ${Math.round(player.awayMs.at(-1) ?? Number.NaN)} ms`);
            // Not always at the same point of what goes on after a welcome.
            await pause(20 + ((time * 37) % 200));
          }
        }),
      );
    } finally {
      clearInterval(sending);
    }
    for (const player of players) await player.settle();
    const counts = players.flatMap((player) => player.counts());
    const sum = (of: (count: Count) => number): number => counts.reduce((total, count) => total + of(count), 0);
    return {
      reconnects: players.reduce((total, { awayMs }) => total + awayMs.length, 0),
      sent: sum(({ sent }) => sent),
      lost: sum(({ lost }) => lost),
      doubled: sum(({ doubled }) => doubled),
      reordered: sum(({ reordered }) => reordered),
      awayMs: players.flatMap(({ awayMs }) => awayMs),
    };
  } finally {
    for (const player of players) player.close();
    await server.close();
  }
}

class Player {
  /** From each loss to the next welcome. */
  readonly awayMs: number[] = [];
  readonly #server: GameServer;
  readonly #room: ClientRoom<typeof game>;
  readonly #relay: UdpRelay;
  readonly #proxy: FlakyProxy;
  /** Links that are open, the newest last. */
  readonly #links: Link[];
  readonly #down: number[] = [];
  #sentUp = 0;
  #sentDown = 0;

  static async join(server: GameServer, transport: (typeof plans)[number]['transport']): Promise<Player> {
    const relay = new UdpRelay(1, { loss: 0, delayMs: 0 });
    const proxy = await openFlakyProxy(server.port, relay);
    const links: Link[] = [];
    const kept = async (opening: Promise<Link>): Promise<Link> => {
      const link = await opening;
      const { listen } = link;
      link.listen = (handler) =>
        listen.call(link, {
          opened: (now) => handler.opened(now),
          received: (lane, bytes, now) => handler.received(lane, bytes, now),
          closed(code, now) {
            links.splice(links.indexOf(link), 1);
            handler.closed(code, now);
          },
        });
      links.push(link);
      return link;
    };
    const room = await connection({
      url: proxy.url,
      loop: 'auto',
      transport,
      open: () => ({
        webrtc: (opening) => kept(openWebrtcLink({ ...opening, bindAddress: '127.0.0.1' })),
        websocket: (opening) => kept(openWebsocketLink(opening)),
      }),
      development: false,
    }).joinOrCreate('notes', game);
    return new Player(server, room, relay, proxy, links);
  }

  private constructor(server: GameServer, room: ClientRoom<typeof game>, relay: UdpRelay, proxy: FlakyProxy, links: Link[]) {
    this.#server = server;
    this.#room = room;
    this.#relay = relay;
    this.#proxy = proxy;
    this.#links = links;
    room.on('down', ({ number }) => void this.#down.push(number));
  }

  send(): void {
    if (this.#room.ended === undefined) this.#room.emit('up', { number: this.#sentUp++ });
    this.#member.client.emit('down', { number: this.#sentDown++ });
  }

  async lose(way: Way): Promise<void> {
    const { session } = this.#member;
    const before = session.epoch;
    const startMs = performance.now();
    // Where there is none of what is to be lost, something else is.
    if (way === 'dark' && this.#room.stats.transport === 'webrtc') this.#relay.cut();
    else if (way === 'cut' && this.#room.stats.transport === 'websocket') this.#proxy.cutSockets();
    else if (way === 'server') session.active?.close('link-lost', startMs);
    else if (way === 'leave') this.#link.close('link-lost', startMs);
    else this.#link.lost(startMs);
    await this.#until(`another link after '${way}'`, () => session.epoch > before && this.#room.connection === 'connected');
    this.awayMs.push(performance.now() - startMs);
  }

  /** Waits for what is under way. */
  async settle(): Promise<void> {
    await this.#until('the last events', () => this.#up.length >= this.#sentUp && this.#down.length >= this.#sentDown).catch(() => {});
  }

  counts(): Count[] {
    return [countOf(this.#up, this.#sentUp), countOf(this.#down, this.#sentDown)];
  }

  close(): void {
    this.#room.leave();
    this.#proxy.close();
    this.#relay.close();
  }

  /** The one that carries the session. */
  get #link(): ChannelLink {
    const link = this.#links.filter(({ kind }) => kind === this.#room.stats.transport).at(-1);
    if (!link) throw new Error('there is no link to lose');
    return link as ChannelLink;
  }

  get #core() {
    const core = this.#server.lobby.rooms.get(this.#room.roomId);
    if (!core) throw new Error('the room is gone');
    return core;
  }

  get #member() {
    const member = this.#core.members.get(this.#room.sessionId);
    if (!member) throw new Error(`the member is gone; the client says: ${this.#room.ended ?? this.#room.connection}`);
    return member;
  }

  get #up(): readonly number[] {
    return (this.#core.room as NoteRoom).came.get(this.#room.sessionId) ?? [];
  }

  async #until(what: string, holds: () => boolean): Promise<void> {
    for (const endMs = performance.now() + patienceMs; !holds(); await pause(5)) {
      if (performance.now() > endMs)
        throw new Error(`${what} did not come in ${patienceMs} ms; the client says: ${this.#room.ended ?? this.#room.connection}`);
    }
  }
}

export interface Count {
  readonly sent: number;
  readonly lost: number;
  readonly doubled: number;
  readonly reordered: number;
}

/** @param came numbers from 0 on, in the order in which they came. */
export function countOf(came: readonly number[], sent: number): Count {
  const unique = new Set(came);
  let newest = -1;
  let reordered = 0;
  for (const number of came) {
    if (number < newest) reordered++;
    newest = Math.max(newest, number);
  }
  return { sent, lost: sent - unique.size, doubled: came.length - unique.size, reordered };
}
