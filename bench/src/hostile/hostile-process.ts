// Some of the hostile clients, in a process of their own, at the lowest priority: on a machine of two cores they share one with the honest bots, and what is
// to be measured is the server.
//
// Invariant: while the attack is off it sends nothing; a client's attack is decided by its number. Units: milliseconds.

import { setPriority } from 'node:os';
import { Random } from '@tickwire/shared';
import { answerParent } from '../answering.ts';
import { gameAt, type Rates } from '../tick/bench-game.ts';
import { attacks } from './attacks.ts';
import { authorizationOf, HostileClient, wait } from './hostile-client.ts';

export interface HostileSettings extends Rates {
  readonly url: string;
  /** Numbers of the clients of this process, of all of them. */
  readonly numbers: readonly number[];
  readonly seed: number;
}

export interface OfferSettings {
  readonly offers: number;
  readonly seconds: number;
}

export interface OfferCounts {
  asked: number;
  offered: number;
}

/** What each attack did, and what came of it. */
export type AttackCounts = { readonly [attack: string]: { readonly [name: string]: number } };

const lowestPriority = 19;
/** A ticket may have four handshakes open; three, since the last ones may overlap with the next. */
const offersPerTicket = 3;
/** Between two rounds of an attack: an attacker comes again at once. */
const againMs = 300;

let clients: { readonly attack: string; readonly client: HostileClient }[] = [];
let isOn = false;
let running: Promise<unknown> = Promise.resolve();

// Before the native library makes its threads: they inherit it.
setPriority(lowestPriority);

answerParent({
  start({ url, numbers, seed, ...rates }: HostileSettings) {
    const names = Object.keys(attacks);
    const game = gameAt(rates);
    clients = numbers.map((number) => ({
      attack: names[number % names.length] as string,
      client: new HostileClient(url, number, game, new Random(seed * 7919 + number)),
    }));
    return clients.length;
  },
  go() {
    isOn = true;
    running = Promise.all(clients.map(({ attack, client }) => attackAgain(attack, client)));
  },
  async pause(): Promise<AttackCounts> {
    isOn = false;
    await running;
    return countsOf();
  },
  offers: (settings: OfferSettings) => unansweredOffers(settings),
  stop() {
    isOn = false;
    for (const { client } of clients) client.shut();
  },
});

async function attackAgain(name: string, client: HostileClient): Promise<void> {
  while (isOn) {
    client.count('rounds');
    await attacks[name]?.(client, () => isOn).catch(() => client.count('threw'));
    await wait(againMs);
  }
}

function countsOf(): AttackCounts {
  const sums: { [attack: string]: { [name: string]: number } } = {};
  for (const { attack, client } of clients) {
    const sum = sums[attack] ?? {};
    sums[attack] = sum;
    for (const [name, count] of client.counts) sum[name] = (sum[name] ?? 0) + count;
  }
  return sums;
}

/** Asks for so many connections at an even rate, each with a ticket that is right, and answers none. */
async function unansweredOffers({ offers, seconds }: OfferSettings): Promise<OfferCounts> {
  const counts: OfferCounts = { asked: 0, offered: 0 };
  const startedAt = performance.now();
  const tickets = new Map<HostileClient, { readonly authorization: string; left: number }>();
  const under: Promise<unknown>[] = [];
  const ticketOf = async (client: HostileClient): Promise<string | undefined> => {
    const known = tickets.get(client);
    if (known && known.left-- > 0) return known.authorization;
    const { seat } = await client.join();
    if (!seat) return undefined;
    const authorization = authorizationOf(seat);
    tickets.set(client, { authorization, left: offersPerTicket - 1 });
    return authorization;
  };
  const askOne = async (client: HostileClient): Promise<void> => {
    const authorization = await ticketOf(client);
    if (authorization !== undefined && (await client.offer(authorization))) counts.offered++;
  };
  while (counts.asked < offers) {
    const due = Math.min(offers, Math.ceil(((performance.now() - startedAt) / (seconds * 1000)) * offers));
    for (; counts.asked < due; counts.asked++) under.push(askOne((clients[counts.asked % clients.length] as (typeof clients)[0]).client));
    await wait(10);
  }
  await Promise.all(under);
  return counts;
}
