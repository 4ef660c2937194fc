// A hostile client: an address of its own, HTTP without manners, and peer connections that speak geckos' signalling and nothing of Tickwire.
//
// Invariant: it throws nothing that its attack does not expect; whatever it opened is closed by `shut`. Every client has its own address in 127.0.0.0/8, as
// strangers have; so the limits of one address meet each of them. Units: milliseconds, bytes.

import { Agent, request as httpRequest } from 'node:http';
import { createConnection, type Socket } from 'node:net';
import { closeCodeOf, type Random, RELIABLE_CHANNEL_ID } from '@tickwire/shared';
import { helloMessage, packPlain, protocolVersion, type Seat } from '@tickwire/shared/internal';
import { type DataChannel, PeerConnection } from 'node-datachannel';
import { type BenchGame, roomName } from '../tick/bench-game.ts';
import { type HostileSocket, opcodes, openHostileSocket } from './hostile-socket.ts';

export interface Answer {
  /** 0 when there was none. */
  readonly status: number;
  readonly text: string;
}

export interface HostilePeer {
  readonly connection: PeerConnection;
  readonly unreliable: DataChannel;
  readonly reliable: DataChannel;
  /** Why the server ended it, `gone` without a word, undefined while it lives. */
  readonly ended: string | undefined;
  /** The connection itself is over. */
  readonly isCut: boolean;
}

/** A link opens in less than a second; a server that does not let this client in says nothing. */
const openMs = 4000;
const requestMs = 12_000;

export class HostileClient {
  readonly url: URL;
  readonly address: string;
  readonly random: Random;
  /** What was tried, and how it ended, by name. */
  readonly counts: Map<string, number> = new Map();
  readonly #game: BenchGame;
  readonly #agent: Agent;
  readonly #peers = new Set<PeerConnection>();
  readonly #sockets = new Set<Socket>();

  constructor(url: string, number: number, game: BenchGame, random: Random) {
    this.url = new URL(url);
    this.address = `127.0.${2 + (number >>> 7)}.${1 + (number & 127)}`;
    this.random = random;
    this.#game = game;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 24 });
  }

  count(name: string, times = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + times);
  }

  request(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> {
    return new Promise((resolve) => {
      const none = (): void => resolve({ status: 0, text: '' });
      const to = { host: this.url.hostname, port: this.url.port, localAddress: this.address, agent: this.#agent, timeout: requestMs };
      const sent = httpRequest({ ...to, method, path, headers: { 'content-type': 'application/json', ...headers } }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (more: string) => {
          text += more;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text })).on('error', none);
      });
      sent.on('error', none).on('timeout', () => sent.destroy());
      sent.end(body);
    });
  }

  /** Asks for a seat as an honest client would, but for what `changes` says. */
  async join(changes: object = {}): Promise<{ readonly seat: Seat | undefined; readonly status: number }> {
    const honest = { protocol: protocolVersion, schemaHash: this.#game.hash, method: 'joinOrCreate', target: roomName, options: { name: 'Mallory' } };
    const { status, text } = await this.request('POST', '/tickwire/join', JSON.stringify({ ...honest, ...changes }));
    return { seat: status === 200 ? (JSON.parse(text) as Seat) : undefined, status };
  }

  /** Asks for an offer of a peer connection, which it need not answer. */
  async offer(authorization: string): Promise<{ readonly id: string; readonly sdp: string } | undefined> {
    const { status, text } = await this.request('POST', '/.wrtc/v2/connections', '', { authorization });
    if (status !== 200) return undefined;
    const { id, localDescription } = JSON.parse(text) as { id: string; localDescription: { sdp: string } };
    return { id, sdp: localDescription.sdp };
  }

  /** Opens both lanes. @returns undefined when the server does not let it. */
  async open(seat: Seat, greets = true): Promise<HostilePeer | undefined> {
    const offer = await this.offer(authorizationOf(seat));
    if (!offer) return undefined;
    const connection = new PeerConnection('hostile', { iceServers: [], bindAddress: this.address });
    this.#peers.add(connection);
    let unreliable: DataChannel | undefined;
    let ended: string | undefined;
    let isCut = false;
    connection.onDataChannel((channel) => {
      unreliable = channel;
    });
    connection.onStateChange((state) => {
      isCut ||= state === 'closed' || state === 'failed' || state === 'disconnected';
      if (isCut) ended ??= 'gone';
    });
    const answer = new Promise<string>((resolve) => connection.onLocalDescription(resolve));
    connection.setRemoteDescription(offer.sdp.replace('a=setup:actpass', 'a=setup:active'), 'offer');
    const connections = `/.wrtc/v2/connections/${offer.id}`;
    await this.request('POST', `${connections}/remote-description`, JSON.stringify({ sdp: await answer, type: 'answer' }));
    const { status, text } = await this.request('GET', `${connections}/additional-candidates`);
    if (status === 200 && ended === undefined)
      for (const { candidate, sdpMid } of JSON.parse(text) as { candidate: string; sdpMid: string }[])
        connection.addRemoteCandidate(candidate, sdpMid);
    if (!(await within(openMs, () => unreliable !== undefined || ended !== undefined)) || unreliable === undefined) return this.#giveUp(connection);
    const reliable = connection.createDataChannel('tickwire', { negotiated: true, id: RELIABLE_CHANNEL_ID });
    reliable.onMessage((message) => {
      const bytes = message as Buffer;
      if (bytes[0] === 0xc1 && bytes[1] === 2) ended ??= closeCodeOf(bytes[2] ?? 0);
    });
    if (!(await within(openMs, () => reliable.isOpen() || ended !== undefined)) || !reliable.isOpen()) return this.#giveUp(connection);
    if (greets) reliable.sendMessageBinary(Uint8Array.of(0xc1, 1));
    const channels = { connection, unreliable, reliable };
    return {
      ...channels,
      get ended() {
        return ended;
      },
      get isCut() {
        return isCut;
      },
    };
  }

  /** A seat, a link and the hello: from here on it is a player. */
  async enter(): Promise<HostilePeer | undefined> {
    const { seat } = await this.join();
    const peer = seat && (await this.open(seat));
    if (!seat || !peer) return undefined;
    this.#say(peer.reliable, this.hello(seat));
    // What overtakes the hello is dropped as early.
    await wait(150);
    return peer;
  }

  hello({ sessionId, token }: Seat): Uint8Array {
    return packPlain(helloMessage({ sessionId, token, instance: 1 + this.random.int(2 ** 31), reliableReceived: 0 }));
  }

  /** A WebSocket with a right ticket, greeted and with its hello said, unless told not to. */
  async enterSocket(isPlayer = true): Promise<HostileSocket | undefined> {
    const { seat } = await this.join();
    const socket = seat && (await openHostileSocket(this.url, this.address, authorizationOf(seat)));
    if (!seat || !socket) return undefined;
    this.#sockets.add(socket.raw);
    socket.raw.once('close', () => this.#sockets.delete(socket.raw));
    if (!isPlayer) return socket;
    socket.send(opcodes.binary, Uint8Array.of(1, 0xc1, 1));
    await wait(50);
    socket.send(opcodes.binary, Uint8Array.of(1, ...this.hello(seat)));
    await wait(100);
    return socket;
  }

  /** Sends unless the channel has gone. @returns whether it left. */
  #say(channel: DataChannel, bytes: Uint8Array): boolean {
    try {
      return channel.isOpen() && channel.sendMessageBinary(bytes);
    } catch {
      return false;
    }
  }

  say(channel: DataChannel, what: Uint8Array | string): boolean {
    if (typeof what !== 'string') return this.#say(channel, what);
    try {
      return channel.isOpen() && channel.sendMessage(what);
    } catch {
      return false;
    }
  }

  /** A bare socket to the server. */
  socket(): Promise<Socket | undefined> {
    return new Promise((resolve) => {
      const socket = createConnection({ host: this.url.hostname, port: Number(this.url.port), localAddress: this.address });
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.once('connect', () => resolve(socket)).on('error', () => resolve(undefined));
    });
  }

  leave(peer: HostilePeer): void {
    this.#giveUp(peer.connection);
  }

  /** Closes everything. */
  shut(): void {
    for (const connection of [...this.#peers]) this.#giveUp(connection);
    for (const socket of this.#sockets) socket.destroy();
    this.#agent.destroy();
  }

  #giveUp(connection: PeerConnection): undefined {
    this.#peers.delete(connection);
    connection.close();
    return undefined;
  }
}

export function authorizationOf({ roomId, sessionId, token }: Seat): string {
  return `${roomId}.${sessionId}.${token}`;
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

async function within(ms: number, isSo: () => boolean): Promise<boolean> {
  for (const until = performance.now() + ms; performance.now() < until; await wait(10)) if (isSo()) return true;
  return isSo();
}
