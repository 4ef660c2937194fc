import { describe, expect, it } from 'vitest';
import type { Lane, Link } from '../link/link.ts';
import { type MemoryLinkPair, memoryLinkPair } from '../link/memory-link.ts';
import { type NetworkProfileName, networkProfiles } from '../link/network-profile.ts';
import { helloMessage, parseHello, parseWelcome, welcomeMessage } from '../protocol/handshake.ts';
import { packPlain, unpackPlain } from '../protocol/plain.ts';
import { Random } from '../random.ts';
import type { Sequence } from '../sequence.ts';
import { Session } from './session.ts';

/** How a run changes links at its chosen moment. */
const switches = ['cut', 'close here', 'close there', 'second link', 'second link and cut', 'third link', 'refuse', 'blackout'] as const;
type Switch = (typeof switches)[number];

const stepMs = 10;
/** Events are emitted in these steps; after them the network heals, and all must arrive. */
const busySteps = 60;
const healSteps = 2500;

describe('Two sessions', () => {
  it.each(switches)('[SS14] every event arrives once and in order when the links change at any moment: %s', (how) => {
    for (let moment = 0; moment < busySteps; moment += 2) {
      for (const profile of ['lan', 'lossy20', 'everything'] as const)
        run(moment * 31 + profile.length, profile, (step) => (step === moment ? how : undefined));
    }
  });

  it('[SS14] and when they change again and again', () => {
    let changes = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const dice = new Random(seed);
      const profile = dice.pick(Object.keys(networkProfiles) as NetworkProfileName[]);
      changes += run(seed, profile, () => (dice.chance(0.15) ? dice.pick(switches) : undefined)).links;
    }
    expect(changes).toBeGreaterThan(300);
  });
});

/** @returns how many links were opened, and how many unreliable packets arrived. */
function run(seed: number, profile: NetworkProfileName, change: (step: number) => Switch | undefined): { links: number; packets: number } {
  const dice = new Random(seed);
  const net = new Net(seed, profile);
  const place = `seed ${seed}, ${profile}`;
  for (let step = 0; step < busySteps; step++) {
    for (const end of net.ends) for (let count = dice.int(3); count > 0; count--) end.emit(step);
    const how = change(step);
    if (how) net.change(how);
    net.step(step);
  }
  net.heal();
  let step = busySteps;
  while (step < busySteps + healSteps && !net.ends.every((end) => end.session.outbox.isEmpty)) net.step(step++);
  for (const [end, other] of [net.ends, net.ends.toReversed()] as [End, End][]) {
    expect(end.delivered, place).toEqual(Array.from({ length: other.emitted }, (_, index) => index + 1));
    expect(other.session.outbox.isEmpty, place).toBe(true);
    expect(end.wrong, place).toBe(0);
  }
  expect(net.client.emitted + net.server.emitted).toBeGreaterThan(busySteps);
  return { links: net.pairs.length, packets: net.client.packets + net.server.packets };
}

/** One end of a session, with what it delivered. The handshake is that of a client and a server. */
class End {
  readonly session: Session;
  readonly isClient: boolean;
  emitted = 0;
  delivered: number[] = [];
  wrong = 0;
  packets = 0;
  readonly #seen = new Set<number>();

  constructor(isClient: boolean) {
    this.session = new Session('s', 't', 0);
    this.isClient = isClient;
  }

  emit(tick: number): void {
    this.session.outbox.add([0, ++this.emitted], tick);
  }

  take(link: Link): void {
    let welcomed = false;
    link.listen({
      opened: (now) => {
        if (this.isClient)
          link.send(
            'reliable',
            packPlain(helloMessage({ sessionId: 's', token: 't', instance: 1, reliableReceived: this.session.reliableReceived })),
            now,
          );
      },
      received: (lane, bytes, now) => {
        if (welcomed) this.#receive(link, lane, bytes, now);
        else if (lane === 'reliable') welcomed = this.#welcome(link, bytes, now);
      },
      closed: () => this.session.detach(link),
    });
  }

  /** Sends an unreliable packet on a link, by which it becomes active at the other end. */
  sendPacket(link: Link, now: number): void {
    const sequence = this.session.takeSequence();
    link.send('unreliable', packPlain([sequence]), now);
  }

  #welcome(link: Link, bytes: Uint8Array, now: number): boolean {
    const message = unpackPlain(bytes) as unknown[];
    const greeting = this.isClient ? parseWelcome(message) : parseHello(message);
    if (!greeting) throw new Error(`no greeting: ${message}`);
    this.session.outbox.acknowledge(greeting.reliableReceived);
    this.session.attach(link);
    const { epoch, reliableReceived } = this.session;
    if (!this.isClient)
      link.send(
        'reliable',
        packPlain(welcomeMessage({ epoch, tick: 0, reliableReceived, seed: 1, token: 'next', reliableFrom: 0, reconnectSeconds: 20, lives: 0 })),
        now,
      );
    return true;
  }

  #receive(link: Link, lane: Lane, bytes: Uint8Array, now: number): void {
    this.session.carried(link, now);
    const message = unpackPlain(bytes) as unknown[];
    if (lane === 'unreliable') {
      const sequence = message[0] as Sequence;
      if (!this.session.receive(sequence, now)) return;
      expect(this.#seen.has(sequence)).toBe(false);
      this.#seen.add(sequence);
      this.packets++;
      return;
    }
    const events = this.session.receiveReliable(message, now);
    if (events === 'wrong') this.wrong++;
    else for (const [, number] of events?.events ?? []) this.delivered.push(number as number);
  }
}

/** The client, the server and the links between them. */
class Net {
  readonly client = new End(true);
  readonly server = new End(false);
  readonly ends: [End, End] = [this.client, this.server];
  readonly pairs: MemoryLinkPair[] = [];
  #profile: NetworkProfileName;
  #seed: number;
  #now = 0;
  #refuseUntil = 0;

  constructor(seed: number, profile: NetworkProfileName) {
    this.#seed = seed;
    this.#profile = profile;
    this.#open();
  }

  step(step: number): void {
    this.#now = step * stepMs;
    for (const pair of this.pairs) pair.advance(this.#now);
    for (const end of this.ends) {
      expect(end.session.flush(step, this.#now)).toBeUndefined();
      if (end.session.active) end.sendPacket(end.session.active, this.#now);
    }
    // A client that has had no link for a while comes back; so it does when its link does not open.
    if (!this.client.session.active && step % 40 === 39) this.#open();
  }

  change(how: Switch): void {
    const now = this.#now;
    const pair = this.pairs.at(-1) as MemoryLinkPair;
    const { active } = this.client.session;
    if (how === 'cut') pair.cut('link-lost');
    if (how === 'close here') active?.close('link-lost', now);
    if (how === 'close there') this.server.session.active?.close('link-lost', now);
    if (how === 'blackout') for (const one of this.pairs) one.blackout(now + 300);
    if (how === 'refuse') this.#refuseUntil = now + 200;
    if (how === 'second link' || how === 'second link and cut' || how === 'third link') this.#open(true);
    if (how === 'third link') this.#open(true);
    if (how === 'second link and cut') pair.cut('link-lost');
  }

  heal(): void {
    this.#profile = 'lan';
    for (const pair of this.pairs) pair.setProfile(networkProfiles.lan);
  }

  /** @param isUsed the client sends its packets on it as soon as it is welcomed, as an upgrade would. */
  #open(isUsed = false): void {
    const pair = memoryLinkPair({
      seed: this.#seed + this.pairs.length * 7919,
      profile: networkProfiles[this.#profile],
      now0: this.#now,
      thrown: (error) => {
        throw error;
      },
    });
    this.pairs.push(pair);
    this.client.take(this.#refusing(pair.a, isUsed));
    this.server.take(this.#refusing(pair.b, false));
  }

  /** A link that now and then has no room on its reliable lane. */
  #refusing(link: Link, isUsed: boolean): Link {
    const wrapped: Link = {
      kind: link.kind,
      listen: (handler) =>
        link.listen({
          ...handler,
          opened: (now) => handler.opened(now),
          received: (lane, bytes, now) => {
            handler.received(lane, bytes, now);
            if (isUsed && this.client.session.standby === wrapped) this.client.sendPacket(wrapped, now);
          },
          closed: (code, now) => handler.closed(code, now),
        }),
      send: (lane, bytes, now) =>
        lane === 'reliable' && now < this.#refuseUntil && bytes[1] !== 4 && bytes[1] !== 5 ? false : link.send(lane, bytes, now),
      backlog: (lane) => link.backlog(lane),
      maxBytes: (lane) => link.maxBytes(lane),
      close: (code, now) => link.close(code, now),
    };
    return wrapped;
  }
}
