// Requests between real clients and a real room over bad networks, on a virtual clock: asked in bursts, answered at once, later, or not at all.
//
// A failure names its profile and seed; the same two give the same run. Units: milliseconds of virtual time.

import { type Client, Refused, Room } from '@tickwire/server/core';
import {
  defineGame,
  entity,
  event,
  f,
  limits,
  memoryLinkPair,
  type NetworkProfileName,
  networkProfiles,
  Random,
  request,
  TickwireError,
} from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import { HostileGuest } from '../hostile/hostile-guest.ts';
import { type Peer, Stepper } from '../stepper.ts';

const game = defineGame({
  name: 'shop',
  tickHz: 60,
  snapshotHz: 20,
  entities: { stall: entity({ x: f.fixed(0, 9) }) },
  events: { mark: event({ number: f.uint(10_000) }) },
  requests: {
    buy: request({ number: f.uint(10_000) }, { left: f.uint(10_000) }),
    wait: request({}, {}),
    break: request({ how: f.enumOf('now', 'later') }, {}),
  },
});
type Shop = typeof game;

class ShopRoom extends Room<Shop> {
  readonly seen: number[] = [];
  readonly waiting: (() => void)[] = [];
  override onCreate(): void {
    this.on('mark', (_client, { number }) => void this.seen.push(number));
    this.onAsk('buy', (_client: Client<Shop>, { number }) => {
      this.seen.push(number);
      if (number % 7 === 0) throw new Refused(`no ${number}`);
      return { left: number };
    });
    this.onAsk('wait', () => new Promise((resolve) => this.waiting.push(() => resolve({}))));
    this.onAsk('break', async (_client, { how }) => {
      if (how === 'later') await Promise.resolve();
      throw new Error(`broken ${how}`);
    });
  }
}

/** Lets promises run that the virtual clock has settled. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function opened(profile: NetworkProfileName, seed: number): Promise<{ sim: Stepper<Shop>; room: ShopRoom; peer: Peer<Shop> }> {
  const room = new ShopRoom();
  const sim = new Stepper({ game, room, seed, profile: networkProfiles[profile] });
  const peer = sim.join();
  sim.run(3000);
  expect(peer.room.predictor).toBeDefined();
  return { sim, room, peer };
}

function codeOf(error: unknown): string {
  return error instanceof TickwireError ? `${error.code}: ${error.detail}` : String(error);
}

describe('Requests', () => {
  it.each(['clean', 'lan', '4g', 'badWifi', 'lossy20', 'far', 'everything'] as const)(
    '[AK9] each is handled once, in order with events, and answered: %s',
    async (profile) => {
      const seed = profile.length;
      const { sim, room, peer } = await opened(profile, seed);
      const said = new Map<number, string>();
      for (let number = 1; number <= 120; number++) {
        if (number % 3 === 0) peer.room.emit('mark', { number });
        else
          peer.room.ask('buy', { number }, { timeoutMs: 30_000 }).then(
            ({ left }) => said.set(number, `left ${left}`),
            (error) => said.set(number, codeOf(error)),
          );
        if (number % 10 === 0) {
          sim.run(900);
          await settle();
        }
      }
      sim.run(20_000);
      await settle();
      const place = `profile ${profile}, seed ${seed}`;
      expect(room.seen, place).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
      for (let number = 1; number <= 120; number++)
        if (number % 3 !== 0)
          expect(said.get(number), `${place}, request ${number}`).toBe(number % 7 === 0 ? `ask-refused: no ${number}` : `left ${number}`);
      expect(sim.errors, place).toEqual([]);
    },
  );

  it('[AK9] also when its links are cut again and again, and others take their places', async () => {
    const { sim, room, peer } = await opened('badWifi', 9);
    const dice = new Random(9);
    const pairs = [peer.pair];
    peer.room.keeper = { advance() {}, retryNow() {}, counters: {} as never, state: 'connected' };
    const advance = (): boolean => {
      for (const pair of pairs) pair.advance(sim.now);
      return false;
    };
    let reconnects = 0;
    peer.room.onReconnect(() => void reconnects++);
    const said = new Map<number, string>();
    for (let number = 1; number <= 120; number++) {
      if (number % 3 === 0) peer.room.emit('mark', { number });
      else
        peer.room.ask('buy', { number }, { timeoutMs: 60_000 }).then(
          ({ left }) => said.set(number, `left ${left}`),
          (error) => said.set(number, codeOf(error)),
        );
      if (number % 4 !== 0) continue;
      sim.run(dice.int(400), undefined, advance);
      pairs.at(-1)?.cut('link-lost');
      sim.run(dice.int(300), undefined, advance);
      const pair = memoryLinkPair({ seed: number, profile: networkProfiles.badWifi, now0: sim.now });
      pairs.push(pair);
      sim.core.accept(peer.room.sessionId, pair.a);
      peer.room.accept(pair.b).catch(() => {});
      sim.run(600, undefined, advance);
      await settle();
    }
    sim.run(10_000, undefined, advance);
    await settle();
    expect(reconnects).toBeGreaterThan(15);
    expect(room.seen).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
    for (let number = 1; number <= 120; number++)
      if (number % 3 !== 0) expect(said.get(number), `request ${number}`).toBe(number % 7 === 0 ? `ask-refused: no ${number}` : `left ${number}`);
    expect([peer.room.ended, sim.errors]).toEqual([undefined, []]);
  });

  it('[AK7] one that nobody answers is given up after its time, in frames and in a page whose frames stand still', async () => {
    const { sim, room, peer } = await opened('badWifi', 3);
    const said: string[] = [];
    const ask = (timeoutMs?: number): void =>
      void peer.room.ask('wait', {}, timeoutMs === undefined ? {} : { timeoutMs }).catch((error) => said.push(codeOf(error)));
    ask();
    sim.run(4900);
    await settle();
    expect(said).toEqual([]);
    sim.run(200);
    await settle();
    expect(said).toEqual(['ask-timeout: wait']);
    // Frames come, and no packet does.
    peer.pair.blackout(sim.now + 2000);
    ask(1000);
    sim.run(1020);
    await settle();
    expect(said.splice(1)).toEqual(['ask-timeout: wait']);
    sim.run(3000);
    // No frame comes: packets do.
    ask(1000);
    sim.run(50);
    peer.nextFrameAt = Number.POSITIVE_INFINITY;
    sim.run(900);
    await settle();
    expect(said).toHaveLength(1);
    sim.run(700);
    await settle();
    expect(said).toEqual(['ask-timeout: wait', 'ask-timeout: wait']);
    peer.nextFrameAt = sim.now;
    for (const answer of room.waiting) answer();
    await settle();
    sim.run(1000);
    await settle();
    expect([said.length, peer.room.stats.packetsWrong, sim.errors]).toEqual([2, 0, []]);
  });

  it('[AK8] the end of the room ends what waits, with its code; so does leaving', async () => {
    const { sim, room, peer } = await opened('lan', 4);
    const other = sim.join();
    sim.run(1000);
    const said: string[] = [];
    for (const one of [peer, other]) one.room.ask('wait', {}).catch((error) => said.push(codeOf(error)));
    sim.run(100);
    other.room.leave();
    await settle();
    expect(said).toEqual(['left: undefined']);
    room.close();
    sim.run(100);
    await settle();
    expect(said).toEqual(['left: undefined', 'room-closed: undefined']);
    await expect(peer.room.ask('buy', { number: 1 })).rejects.toMatchObject({ code: 'room-closed' });
  });

  it.each(['now', 'later'] as const)('[AK4] a handler that throws (%s) ends its room, and is reported with its place', async (how) => {
    const { sim, peer } = await opened('lan', 5);
    const said: string[] = [];
    peer.room.ask('break', { how }).catch((error) => said.push(codeOf(error)));
    sim.run(60);
    await settle();
    sim.run(100);
    await settle();
    expect(said).toEqual(['room-error: undefined']);
    expect(sim.errors.map(String)).toEqual([`Error: broken ${how}`]);
    expect(sim.core.isClosed).toBe(true);
  });

  it('[AK6] a client that asks thousands of times in a message has 16 handlers wait, is ended, and harms nobody', async () => {
    const { sim, room, peer } = await opened('lan', 6);
    const guest = new HostileGuest(sim.core as never, sim.now);
    const advance = (): boolean => {
      guest.advance(sim.now);
      return false;
    };
    sim.run(20, undefined, advance);
    guest.hello();
    const [, wait] = game.requestTypes as [unknown, { number: number }];
    let asked = 0;
    let answered = 0;
    for (let turn = 0; turn < 60; turn++) {
      guest.events(...Array.from({ length: 2000 }, () => [wait.number, asked++]));
      if (turn % 10 === 0) peer.room.ask('buy', { number: 1 }).then(() => answered++);
      sim.run(100, undefined, advance);
      await settle();
    }
    expect(room.waiting).toHaveLength(limits.asksOpen);
    expect(guest.closed).toMatch(/^(overflow|flood)$/);
    expect([answered, sim.core.members.size, sim.errors]).toEqual([6, 1, []]);
    for (const answer of room.waiting) answer();
    await settle();
    expect([sim.core.isClosed, peer.room.ended]).toEqual([false, undefined]);
  });
});
