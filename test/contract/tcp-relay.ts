// A TCP relay on 127.0.0.1 between a client and a server: it delays, stalls as TCP does when a packet was lost, stands still, or cuts.
//
// TCP loses nothing: a lost packet is a time in which nothing behind it arrives either. Invariant: bytes keep their order. Units: milliseconds.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Random } from '@tickwire/shared';

export interface TcpNetwork {
  /** Share of chunks that wait for their repetition. */
  loss: number;
  delayMs: number;
}

/** The least retransmission timeout of Linux. */
const repetitionMs = 200;

export class TcpRelay {
  network: TcpNetwork;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #random: Random;
  #isHeld = false;

  private constructor(server: Server, seed: number, network: TcpNetwork) {
    this.#server = server;
    this.#random = new Random(seed);
    this.network = network;
  }

  /** @param port of the server on 127.0.0.1. */
  static async open(port: number, seed: number, network: TcpNetwork): Promise<TcpRelay> {
    const server = createServer({ noDelay: true });
    const relay = new TcpRelay(server, seed, network);
    server.on('connection', (client) => relay.#join(client, port));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends of connections that are open: two for each. */
  get ends(): number {
    return this.#sockets.size;
  }

  /** Reads nothing until `release`: what either end sends fills the buffers on the way. */
  hold(): void {
    this.#isHeld = true;
    for (const socket of this.#sockets) socket.pause();
  }

  release(): void {
    this.#isHeld = false;
    for (const socket of this.#sockets) socket.resume();
  }

  /** Ends every connection without a word. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket, port: number): void {
    const server = connect({ port, host: '127.0.0.1', noDelay: true });
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from);
      if (this.#isHeld) from.pause();
      // Each timer runs one task, the oldest: timers of different lengths do not keep an order that ours must.
      const tasks: (() => void)[] = [];
      let lastAtMs = 0;
      const inOrder = (task: () => void): void => {
        const waitMs = this.network.delayMs + (this.#random.chance(this.network.loss) ? repetitionMs : 0);
        lastAtMs = Math.max(lastAtMs, performance.now() + waitMs);
        tasks.push(task);
        setTimeout(() => tasks.shift()?.(), lastAtMs - performance.now());
      };
      from.on('data', (chunk) => inOrder(() => to.write(chunk)));
      from.on('end', () => inOrder(() => to.end()));
      from.on('error', () => {});
      from.on('close', () => {
        this.#sockets.delete(from);
        inOrder(() => to.destroy());
      });
    }
  }
}
