// A UDP relay on 127.0.0.1 that stands between a client and the server and is a bad network: client <-> relay <-> server.
//
// It gets into the path by the candidates in what the server answers: `rewrite` puts the relay's ports in place of the server's, and the server
// learns the client from the packets that come through the relay. Neither end has another way, because clients send no candidates.
// Invariant: the fate of the n-th packet of a direction depends on the seed and on nothing else.
// Units: milliseconds of the process's clock.

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Random } from '@tickwire/shared';

export interface RelayNetwork {
  /** Share of packets lost, each way. */
  readonly loss: number;
  /** One way. */
  readonly delayMs: number;
}

/** `up` is to the server. */
export type Way = 'up' | 'down';
/** What becomes of a packet: it is lost as it comes, or taken as it comes and passed on after its delay. */
export type Fate = 'lost' | 'taken' | 'passed';

export class UdpRelay {
  network: RelayNetwork;
  watch: (way: Way, fate: Fate, packet: Uint8Array) => void = () => {};
  readonly counters = { passed: 0, lost: 0 };
  readonly #up: Random;
  readonly #down: Random;
  readonly #fronts = new Map<number, Promise<Socket>>();
  readonly #sockets = new Set<Socket>();
  /** Clients' ports, all and those that nothing goes to or comes from any more. */
  readonly #ports = new Set<number>();
  readonly #cut = new Set<number>();
  readonly #darkUntilMs: Record<Way, number> = { up: 0, down: 0 };

  constructor(seed: number, network: RelayNetwork) {
    this.network = network;
    const random = new Random(seed);
    this.#up = random.fork(0);
    this.#down = random.fork(1);
  }

  /** Nothing passes for so long, either way or only one. 0 ends it. */
  blackout(ms: number, ways: readonly Way[] = ['up', 'down']): void {
    for (const way of ways) this.#darkUntilMs[way] = performance.now() + ms;
  }

  /** Nothing passes any more for whoever is here now, as when a router has forgotten them; newcomers are served. */
  cut(): void {
    for (const port of this.#ports) this.#cut.add(port);
  }

  /** A text with session descriptions or candidates, as the client is to see it. */
  async rewrite(text: string): Promise<string> {
    const ports = new Map<string, number>();
    for (const [, port = ''] of text.matchAll(HOST_CANDIDATE)) ports.set(port, await this.#portFor(Number(port)));
    return text.replace(HOST_CANDIDATE, (line: string, port: string) => line.replace(` ${port} typ`, ` ${ports.get(port)} typ`));
  }

  close(): void {
    for (const socket of this.#sockets) socket.close();
    this.#sockets.clear();
  }

  async #portFor(serverPort: number): Promise<number> {
    let front = this.#fronts.get(serverPort);
    if (front === undefined) {
      front = this.#openFront(serverPort);
      this.#fronts.set(serverPort, front);
    }
    return (await front).address().port;
  }

  async #openFront(serverPort: number): Promise<Socket> {
    const front = await this.#open();
    const backs = new Map<number, Promise<Socket>>();
    front.on('message', async (packet, client) => {
      this.#ports.add(client.port);
      let back = backs.get(client.port);
      if (back === undefined) {
        back = this.#open();
        backs.set(client.port, back);
        (await back).on('message', (answer) => this.#pass('down', client.port, answer, () => this.#send(front, answer, client.port)));
      }
      const socket = await back;
      this.#pass('up', client.port, packet, () => this.#send(socket, packet, serverPort));
    });
    return front;
  }

  async #open(): Promise<Socket> {
    const socket = createSocket('udp4');
    // A port that closed answers with an ICMP error: to a relay that is no event.
    socket.on('error', () => {});
    socket.bind(0, '127.0.0.1');
    this.#sockets.add(socket);
    await once(socket, 'listening');
    return socket;
  }

  #pass(way: Way, clientPort: number, packet: Uint8Array, send: () => void): void {
    const isLost = (way === 'up' ? this.#up : this.#down).chance(this.network.loss);
    if (isLost || performance.now() < this.#darkUntilMs[way] || this.#cut.has(clientPort)) {
      this.counters.lost += 1;
      this.watch(way, 'lost', packet);
      return;
    }
    this.counters.passed += 1;
    this.watch(way, 'taken', packet);
    const leave = (): void => {
      this.watch(way, 'passed', packet);
      send();
    };
    if (this.network.delayMs === 0) leave();
    else setTimeout(leave, this.network.delayMs);
  }

  #send(socket: Socket, packet: Buffer, port: number): void {
    if (this.#sockets.has(socket)) socket.send(packet, port, '127.0.0.1');
  }
}

/** candidate:foundation component UDP priority 127.0.0.1 PORT typ host, also where the line ends are escaped by JSON. */
const HOST_CANDIDATE = /candidate:\S+ \d+ \S+ \d+ 127\.0\.0\.1 (\d+) typ host/g;
