// A game in one process: its frames come from the test, so nothing here waits.

import { ClientRoom } from '@tickwire/client/core';
import { type Client, type JoinOptions, Room } from '@tickwire/server/core';
import { defineGame, entity, event, f, networkProfiles, request } from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import type { LocalGame } from '../local-game.ts';
import { playLocally } from './play-locally.ts';

const game = defineGame({
  name: 'yard',
  tickHz: 60,
  snapshotHz: 20,
  entities: { runner: entity({ x: f.fixed(0, 1000), name: f.string(16) }, { predict: 'owner' }) },
  input: { right: f.button() },
  events: { hail: event({ text: f.string(16) }), fail: event({}) },
  requests: { count: request({}, { players: f.uint(9) }) },
  steps: {
    runner(runner, input, { dt }) {
      if (input.right) runner.x += 100 * dt;
    },
  },
});
type Yard = typeof game;

class YardRoom extends Room<Yard> {
  override maxClients = 2;
  static readonly log: string[] = [];
  static override onAuth({ name }: JoinOptions): unknown {
    return name !== 'Mallory';
  }
  override onCreate(): void {
    this.on('hail', (_client, { text }) => this.emit('hail', { text }));
    this.on('fail', () => {
      throw new Error('oops');
    });
    this.onAsk('count', () => ({ players: this.clients.length }));
  }
  override onJoin(client: Client<Yard>, { name }: JoinOptions): void {
    client.control(this.world.spawn('runner', { name: String(name) }));
  }
  override onLeave(client: Client<Yard>, code: string): void {
    YardRoom.log.push(`leave ${code}`);
    for (const runner of client.entities) this.world.despawn(runner);
  }
  override onDispose(): void {
    YardRoom.log.push('dispose');
  }
}

/** Promises that a frame has settled run on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

class Play {
  readonly errors: string[] = [];
  readonly local: LocalGame<Yard>;
  now = 5000;

  constructor(options: { network?: keyof typeof networkProfiles; seed?: number } = {}) {
    this.local = playLocally(game, YardRoom, {
      loop: 'manual',
      seed: options.seed ?? 1,
      network: networkProfiles[options.network ?? 'clean'],
      onError: (error, where) => this.errors.push(`${where}: ${(error as Error).message}`),
    });
    YardRoom.log.length = 0;
  }

  async run(ms: number, frameMs = 16): Promise<void> {
    for (const until = this.now + ms; this.now < until; ) {
      this.now += frameMs;
      this.local.frame(this.now);
      await settle();
    }
  }

  async join(options: JoinOptions = {}): Promise<ClientRoom<Yard>> {
    const joining = this.local.join(options);
    let room: ClientRoom<Yard> | undefined;
    joining.then((joined) => (room = joined)).catch(() => {});
    for (let frames = 0; frames < 400 && !room; frames++) await this.run(16);
    return joining;
  }

  get core() {
    return [...this.local.lobby.rooms.values()][0];
  }
}

describe('playLocally', () => {
  it('[LP1] gives the room that a server gives: inputs, views, events and requests go both ways', async () => {
    const play = new Play();
    const room = await play.join({ name: 'Ada' });
    expect([room instanceof ClientRoom, room.stats.transport]).toEqual([true, 'memory']);
    const hails: string[] = [];
    let isRight = false;
    let frames = 0;
    room.onInput(() => ({ right: isRight }));
    room.onRender(() => void frames++);
    room.on('hail', ({ text }) => void hails.push(text));
    await play.run(1000);
    isRight = true;
    room.emit('hail', { text: 'ahoy' });
    const count = room.ask('count', {});
    await play.run(1000);
    isRight = false;
    await play.run(500);
    expect(await count).toEqual({ players: 1 });
    expect(hails).toEqual(['ahoy']);
    expect(frames).toBeGreaterThan(100);
    const [mine] = room.view.all('runner');
    expect(mine).toMatchObject({ name: 'Ada', mine: true, x: play.core?.world.all('runner')[0]?.['x'] });
    expect(mine?.x).toBeGreaterThan(90);
    expect(mine?.x).toBeLessThan(115);
    expect([room.stats.corrections, play.errors]).toEqual([0, []]);
  });

  it('[LP2] each join is one more player of the same room, and one that the room refuses is refused with its code', async () => {
    const play = new Play();
    const ada = await play.join({ name: 'Ada' });
    const bob = await play.join({ name: 'Bob' });
    await play.run(500);
    for (const room of [ada, bob]) expect(room.view.all('runner').map(({ name }) => name)).toEqual(['Ada', 'Bob']);
    expect(ada.roomId).toBe(bob.roomId);
    await expect(play.join({ name: 'Mallory' })).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(play.join({ name: 'x'.repeat(5000) })).rejects.toMatchObject({ code: 'bad-request' });
    bob.leave();
    await play.run(500);
    expect(ada.view.all('runner').map(({ name }) => name)).toEqual(['Ada']);
    expect(YardRoom.log).toEqual(['leave left']);
  });

  it('[LP2] when its last player has left the room ends, and the next join opens another', async () => {
    const play = new Play({ network: 'badWifi' });
    const first = await play.join();
    first.leave();
    await play.run(3000);
    expect([play.core, YardRoom.log]).toEqual([undefined, ['leave left', 'dispose']]);
    const second = await play.join();
    expect(second.roomId).not.toBe(first.roomId);
  });

  it('[LP3] the network is as bad as it is told to be, also in the middle of a game', async () => {
    const play = new Play({ network: 'far' });
    const room = await play.join();
    room.onInput(() => ({ right: play.now % 400 < 200 }));
    await play.run(4000);
    expect(room.stats.rttMs).toBeGreaterThan(550);
    play.local.setNetwork(networkProfiles.lan);
    await play.run(12_000);
    expect(room.stats.rttMs).toBeLessThan(100);
    play.local.setNetwork(networkProfiles.lossy20);
    const before = room.stats.packetsLost;
    await play.run(5000);
    expect(room.stats.packetsLost - before).toBeGreaterThan(8);
  });

  it('[LP3] the same seed and the same frames give the same game, another seed another one', async () => {
    const played = async (seed: number): Promise<unknown[]> => {
      const play = new Play({ network: 'everything', seed });
      const room = await play.join({ name: 'Ada' });
      room.onInput(() => ({ right: play.now % 700 < 300 }));
      await play.run(4000);
      const { packetsReceived, packetsLost, bytesReceived, rttMs } = room.stats;
      return [play.core?.hash(), packetsReceived, packetsLost, bytesReceived, rttMs, room.view.tick];
    };
    const one = await played(7);
    expect(await played(7)).toEqual(one);
    expect(await played(8)).not.toEqual(one);
  });

  it('[LP4] the game has the time of its frames: one of a page that stood still moves it on by 250 ms, and nobody times out', async () => {
    const play = new Play();
    const joining = play.local.join();
    await settle();
    await play.run(100);
    const room = await joining;
    // The first frame is where time begins, whatever the page's clock says.
    expect(play.core?.world.tick).toBeLessThan(8);
    await play.run(1000);
    const before = play.core?.world.tick ?? 0;
    play.now += 60_000;
    play.local.frame(play.now);
    expect((play.core?.world.tick ?? 0) - before).toBe(15);
    play.now -= 30_000;
    play.local.frame(play.now);
    expect((play.core?.world.tick ?? 0) - before).toBe(15);
    await play.run(1000);
    const after = play.core?.world.tick ?? 0;
    expect(after - before).toBeGreaterThanOrEqual(74);
    expect(after - before).toBeLessThanOrEqual(77);
    expect([room.ended, play.core?.ticksSkipped, room.view.all('runner').length]).toEqual([undefined, 0, 1]);
  });

  it.each([4, 16, 100])('[LP5] ticks and packets have their own times within a frame of %i ms', async (frameMs) => {
    const play = new Play({ network: '4g' });
    const room = await play.join();
    await play.run(1000, frameMs);
    const before = [play.core?.world.tick ?? 0, room.stats.packetsReceived];
    room.onInput(() => ({ right: true }));
    await play.run(5000, frameMs);
    const ticks = (play.core?.world.tick ?? 0) - (before[0] ?? 0);
    expect(Math.abs(ticks - 300)).toBeLessThanOrEqual(1);
    // 20 a second, less what is lost: were packets handed over by frames, those of a long one would come in a heap and be stale.
    expect(room.stats.packetsReceived - (before[1] ?? 0)).toBeGreaterThan(85);
    expect(room.stats.packetsStale).toBe(0);
    expect(room.stats.rttMs).toBeGreaterThan(60);
    expect(room.stats.rttMs).toBeLessThan(100 + frameMs);
    expect(room.ended).toBeUndefined();
  });

  it('[LP6] close ends the room and tells the players at once; nobody joins any more', async () => {
    const play = new Play({ network: 'far' });
    const room = await play.join();
    const ends: string[] = [];
    room.onLeave((code) => void ends.push(code));
    const opening = play.local.join({ name: 'Bob' });
    await settle();
    play.local.close();
    play.local.close();
    expect([ends, play.local.ended]).toEqual([['room-closed'], 'room-closed']);
    await expect(opening).rejects.toMatchObject({ code: 'room-closed' });
    await expect(play.local.join()).rejects.toMatchObject({ code: 'room-closed' });
    await play.run(100);
    expect(YardRoom.log).toEqual(['leave room-closed', 'dispose']);
  });

  it('[LP7] what the room throws is told, its players hear `room-error`, and the next join opens a room that works', async () => {
    const play = new Play();
    const room = await play.join();
    room.emit('fail', {});
    await play.run(200);
    expect([room.ended, play.errors]).toEqual(['room-error', ["local: on('fail'): oops"]]);
    const again = await play.join();
    await play.run(200);
    expect(again.view.all('runner')).toHaveLength(1);
  });

  it('[LP8] by itself it has a frame every 16 ms in Node, until it is closed', async () => {
    const local = playLocally(game, YardRoom);
    const room = await local.join();
    const start = performance.now();
    const before = room.view.tick;
    await new Promise((resolve) => setTimeout(resolve, 300));
    const ticks = ((performance.now() - start) * 60) / 1000;
    expect(room.view.tick - before).toBeGreaterThan(ticks / 2);
    local.close();
    expect(room.ended).toBe('room-closed');
  });
});
