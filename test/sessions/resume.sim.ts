// Resuming a session, case by case: cuts at every point of a handshake and of events, one link in place of another, a page in place of another, a server that
// was restarted. Each case is decided by its seed; a failure names it. Units: milliseconds of virtual time; ticks.

import { packPlain, unpackAny } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import type { LinkCut } from '../stepper.ts';
import { Scene } from './scene.ts';
import { play, takePage } from './session-script.ts';

const from = ['server', 'client'] as const;
const when = ['before', 'after'] as const;

describe('a link that is cut at a message', () => {
  for (const end of from) {
    it(`[RS16] of the ${end}: the client is back, and every event is there once`, () => {
      let seed = 0;
      for (const lane of ['reliable', 'unreliable'] as const)
        for (const moment of when)
          for (let message = 1; message <= 12; message++) {
            const cut: LinkCut = { from: end, lane, message, when: moment };
            const scene = new Scene(++seed, 'badWifi');
            const { peer } = scene.join(50);
            scene.run(600);
            peer.pair.cut('link-lost');
            scene.run(30);
            // The first way back breaks, and so does the one after it.
            scene.stepper.link(peer, cut);
            scene.run(700);
            scene.stepper.link(peer, cut);
            scene.run(700);
            scene.expectWhole(`seed ${seed}, ${JSON.stringify(cut)}`);
          }
    });
  }

  it('[RS1] [RS16] of the first handshake of all: the seat is taken at the next attempt, whichever message was lost', () => {
    for (const end of from)
      for (const moment of when)
        for (const message of [1, 2]) {
          const scene = new Scene(7, 'lan');
          const player = scene.join();
          // The link that join made is not used: its server end never hears of a hello.
          player.peer.pair.blackout(Number.MAX_SAFE_INTEGER);
          for (let attempt = 0; attempt < 4; attempt++) {
            scene.stepper.keep(player.peer, 0);
            scene.stepper.link(player.peer, { from: end, lane: 'reliable', message, when: moment });
            scene.run(200);
          }
          scene.stepper.link(player.peer);
          scene.run(1500);
          scene.expectWhole(`${end} ${moment} ${message}`);
          expect(scene.room.clients.length).toBe(1);
        }
  });
});

describe('one link in place of another', () => {
  it('[RS6] keeps bases and clocks: nothing is sent anew, nothing jumps, no input is missed', () => {
    const scene = new Scene(5, 'lan');
    const { peer } = scene.join(50);
    scene.run(4000);
    const { room } = peer;
    const member = scene.stepper.core.members.get(room.sessionId);
    const [replica, sent] = [member?.replica, member?.sent];
    const { inputsMissed, largestPacket } = { inputsMissed: room.stats.inputsMissed, largestPacket: peer.down.largestPacket };
    const bytesBefore = peer.down.bytes;
    scene.run(1000);
    const usualBytes = peer.down.bytes - bytesBefore;
    let viewTick = room.view.tick;
    let steps = 0;
    for (let switches = 0; switches < 10; switches++) {
      const before = peer.down.bytes;
      const old = peer.pair;
      scene.stepper.link(peer);
      scene.run(1000, () => {
        const passed = room.view.tick - viewTick;
        expect(passed).toBeGreaterThan(0.5);
        expect(passed).toBeLessThan(1.6);
        viewTick = room.view.tick;
        steps++;
      });
      expect([old.isOver, member?.session.active === undefined, room.connection]).toEqual([true, false, 'connected']);
      expect(peer.down.bytes - before).toBeLessThan(1.5 * usualBytes);
    }
    expect(steps).toBeGreaterThan(550);
    expect([member?.replica === replica, member?.sent === sent, member?.session.epoch]).toEqual([true, true, 11]);
    expect(room.stats.inputsMissed - inputsMissed).toBeLessThanOrEqual(2);
    expect(peer.down.largestPacket).toBeLessThanOrEqual(largestPacket + 200);
    expect([room.stats.resyncs, scene.players[0]?.drops]).toEqual([0, 0]);
    scene.expectWhole('ten switches');
  });

  it('[RS17] a welcome that was overtaken by that of a later link changes nothing', () => {
    const scene = new Scene(6, 'lan');
    const { peer } = scene.join(50);
    scene.run(1000);
    // The welcome of the first comes last: by then its token is over, since the other two have shown theirs.
    for (const delayMs of [600, 1, 1]) {
      scene.stepper.link(peer).setProfile([{ delayMs }, { delayMs: 1 }]);
      scene.run(100);
    }
    scene.run(1000);
    const member = scene.stepper.core.members.get(peer.room.sessionId);
    expect(member?.session.accepts(peer.room.seat.token)).toBe(true);
    peer.pair.cut('link-lost');
    scene.run(500);
    expect(peer.room.connection).toBe('connected');
    scene.expectWhole('overtaken welcomes');
  });
});

describe('a client without a link', () => {
  it('[RS5] [RS10] says so, goes on with its frames, keeps what it emits, and is back, with nothing taken for known', () => {
    const scene = new Scene(3);
    const player = scene.join();
    const { peer } = player;
    const heard: string[] = [];
    peer.room.onDrop((code, message) => heard.push(`drop ${code} ${message.length > 20} ${peer.room.connection}`));
    peer.room.onReconnect(() => heard.push(`back ${peer.room.connection}`));
    peer.room.onLeave((code) => heard.push(`leave ${code}`));
    scene.stepper.keep(peer, 2500);
    scene.run(1500);
    const member = scene.stepper.core.members.get(player.name);
    expect(member?.replica.newestTick).toBeGreaterThan(0);
    scene.room.onReconnect = () => void heard.push(`room back ${member?.replica.newestTick}`);
    const token = peer.room.reconnectionToken;
    expect(token).toBe(`room.${peer.room.sessionId}.${peer.room.seat.token}`);
    peer.pair.blackout(scene.stepper.now + 1100);
    scene.run(1000);
    expect(peer.room.connection).toBe('suspect');
    scene.run(1000);
    expect(peer.room.connection).toBe('connected');
    peer.pair.cut('link-lost');
    scene.run(10);
    const { tick } = peer.room.view;
    let frames = 0;
    scene.run(2000, () => frames++);
    expect([heard, peer.room.connection, frames]).toEqual([['drop link-lost true reconnecting'], 'reconnecting', 120]);
    expect(peer.room.view.tick - tick).toBeCloseTo(120, -1);
    scene.run(2000);
    expect(heard).toEqual(['drop link-lost true reconnecting', 'room back -1', 'back connected']);
    expect(peer.room.reconnectionToken).not.toBe(token);
    scene.expectWhole('back');
  });

  it('[RS10] a handler of the page that throws changes nothing', () => {
    const scene = new Scene(3);
    const { peer } = scene.join(50);
    const thrown: unknown[] = [];
    peer.room.onError((error) => thrown.push(String(error)));
    for (const handler of [peer.room.onDrop, peer.room.onReconnect])
      handler.call(peer.room, () => {
        throw new Error('a bug of the page');
      });
    scene.run(500);
    peer.pair.cut('link-lost');
    scene.run(1500);
    expect([thrown, peer.room.connection]).toEqual([['Error: a bug of the page', 'Error: a bug of the page'], 'connected']);
  });

  it('[RS10] a link that is silent for ten seconds is given up, and another one looked for', () => {
    const scene = new Scene(4);
    const player = scene.join(50);
    scene.run(1000);
    player.peer.pair.blackout(Number.MAX_SAFE_INTEGER);
    scene.run(9800);
    expect(player.drops).toBe(0);
    scene.run(1500);
    expect([player.drops, player.returns, player.peer.room.connection]).toEqual([1, 1, 'connected']);
    scene.expectWhole('silence');
  });

  it('[RS10] gives up when the server has, and ends at once by a code that says so, or without anybody who opens links', () => {
    const scene = new Scene(4, 'lan');
    const late = scene.join(1e9);
    const kicked = scene.join(50);
    const alone = scene.join();
    const codes: string[] = [];
    for (const { peer } of [late, kicked, alone]) peer.room.onLeave((code) => codes.push(`${peer.room.sessionId} ${code}`));
    scene.run(500);
    alone.peer.pair.cut('link-lost');
    scene.room.clients[1]?.leave();
    late.peer.pair.cut('link-lost');
    scene.run(100);
    expect([...codes].sort()).toEqual(['session-2 kicked', 'session-3 link-lost']);
    scene.run(19_000);
    expect([late.peer.room.connection, kicked.peer.room.connection]).toEqual(['reconnecting', 'ended']);
    scene.run(1500);
    expect(codes.at(-1)).toBe('session-1 link-lost');
    expect([kicked.drops, alone.drops, late.drops]).toEqual([0, 0, 1]);
    expect(() => late.peer.room.emit('asked', { number: 1 })).toThrow('connection was lost');
  });

  it('[RS11] its clocks never run backwards, nor is an input made twice', () => {
    for (const seed of [1, 2, 3, 4]) {
      const scene = new Scene(seed, seed % 2 === 0 ? 'badWifi' : 'lossy20');
      const { peer } = scene.join(150);
      let viewTick = -1;
      let predicted = -1;
      const look = (): void => {
        expect(peer.room.view.tick, `seed ${seed}`).toBeGreaterThanOrEqual(viewTick);
        expect(peer.room.predictor?.tick ?? -1, `seed ${seed}`).toBeGreaterThanOrEqual(Math.min(predicted, (peer.room.predictor?.tick ?? 0) + 1));
        viewTick = peer.room.view.tick;
        predicted = peer.room.predictor?.tick ?? -1;
      };
      scene.run(1000, look);
      for (let cuts = 0; cuts < 12; cuts++) {
        peer.pair.cut('link-lost');
        scene.run(400 + 60 * cuts, look);
      }
      scene.expectWhole(`seed ${seed}`);
    }
  });
});

describe('another page', () => {
  it('[RS7] loaded anew goes on as the same player: what it controls, what the one before had not had, and what it says', () => {
    for (const isSilent of [false, true]) {
      const scene = new Scene(8, 'badWifi');
      const player = scene.join(50);
      scene.run(12_000);
      const controlled = [...(scene.stepper.core.members.get(player.name)?.controls ?? [])];
      const heard: string[] = [];
      const { room } = scene;
      room.onDrop = (_client: unknown, code: string) => void heard.push(`drop ${code}`);
      room.onReconnect = (_client: unknown, isNewPage: boolean) => void heard.push(`back ${isNewPage}`);
      room.onLeave = (_client: unknown, code?: string) => void heard.push(`leave ${code}`);
      scene.stepper.reload(player.peer, isSilent);
      scene.stepper.keep(player.peer, 50);
      takePage(player, scene.faults);
      scene.run(1500);
      expect([heard, player.peer.room.connection]).toEqual([[isSilent ? 'drop taken-over' : 'drop link-lost', 'back true'], 'connected']);
      expect([...(scene.stepper.core.members.get(player.name)?.controls ?? [])]).toEqual(expect.arrayContaining(controlled.slice(0, 1)));
      expect(player.peer.room.stats.inputsMissed).toBeLessThan(12);
      // It is heard: its packets are not taken for old ones of the page before.
      expect(scene.stepper.core.members.get(player.name)?.flow.state).toBe('open');
      scene.expectWhole(`silent ${isSilent}`);
    }
  });

  it('[RS7] in a second tab takes over, and the first ends with taken-over and does not come back', () => {
    const scene = new Scene(9);
    const first = scene.join(50);
    scene.run(1500);
    const codes: string[] = [];
    first.peer.room.onLeave((code) => codes.push(code));
    const second = play(scene.stepper.enter(first.peer.room.seat), scene.faults);
    second.received = first.received;
    scene.stepper.keep(second.peer, 50);
    scene.players.splice(0, 1, second);
    scene.run(4000);
    expect([codes, first.drops, first.peer.room.connection]).toEqual([['taken-over'], 0, 'ended']);
    // The token that the first one has is over: whoever tries it gets nothing.
    const third = scene.stepper.enter(first.peer.room.seat);
    scene.stepper.errors.length = 0;
    scene.run(1000);
    expect(third.room.connection).not.toBe('connected');
    scene.stepper.peers.splice(2, 1);
    scene.stepper.errors.length = 0;
    expect(scene.room.clients.length).toBe(1);
    scene.expectWhole('second tab');
  });
});

describe('a server that was restarted', () => {
  it('[RS12] its clients come back to the restored room with what they have, and events go on, each once', () => {
    for (const seed of [1, 2, 3]) {
      const scene = new Scene(seed, seed === 1 ? 'lan' : 'badWifi');
      const players = [scene.join(100), scene.join(300)];
      scene.run(2500);
      for (let restarts = 0; restarts < 3; restarts++) {
        scene.restart();
        expect(scene.room.clients.map(({ isConnected }) => isConnected)).toEqual([false, false]);
        const effects = players.map(({ flashes }) => flashes);
        scene.run(2500);
        expect(
          players.every(({ flashes }, index) => flashes > (effects[index] ?? 0) + 3),
          `effects of seed ${seed}`,
        ).toBe(true);
        for (const { peer } of players) {
          expect(peer.room.connection, `seed ${seed}`).toBe('connected');
          expect(scene.stepper.core.world.tick - peer.room.received.newestTick).toBeLessThan(40);
          expect(peer.room.predictor?.world.tick ?? 0).toBeLessThan(scene.stepper.core.world.tick + 60);
        }
      }
      expect(players.map(({ returns }) => returns)).toEqual([3, 3]);
      scene.expectWhole(`seed ${seed}`);
    }
  });

  it('[RS12] who was away as it was saved comes back, too; who does not is gone when the time is over', () => {
    const scene = new Scene(4, 'lan');
    const back = scene.join(4000);
    const gone = scene.join(1e9);
    scene.run(1000);
    back.peer.pair.cut('link-lost');
    gone.peer.pair.cut('link-lost');
    scene.run(1000);
    scene.restart();
    scene.run(5000);
    expect([back.peer.room.connection, scene.room.clients.length]).toEqual(['connected', 2]);
    scene.run(16_000);
    expect([gone.peer.room.connection, scene.room.clients.map(({ sessionId }) => sessionId)]).toEqual(['ended', [back.name]]);
    scene.players.splice(1, 1);
    scene.stepper.peers.splice(1, 1);
    scene.expectWhole('away');
  });

  it('[RS12] its clock may have gone back by seconds: the picture goes with it, and goes on', () => {
    const scene = new Scene(5, 'lan');
    const player = scene.join(9000);
    const { peer } = player;
    scene.run(3000);
    // Nobody says anything from now on, so that the save of this moment can be used eight seconds later: what has happened in the room since then never has.
    scene.stepper.run(1000);
    // Its packets were numbered a quarter of the circle before: to the client they would be old ones.
    const saved = numberedBefore(scene.stepper.core.save(), 16_384);
    const notes = new Map(structuredClone([...scene.room.notes]));
    scene.room.freeze();
    scene.stepper.run(3000);
    peer.pair.cut('link-lost');
    scene.stepper.run(5000);
    const { tick } = scene.stepper.core.world;
    scene.restart(saved);
    scene.room.notes = notes;
    expect(tick - scene.stepper.core.world.tick).toBeGreaterThan(470);
    expect(peer.room.view.tick).toBeGreaterThan(tick - 20);
    scene.run(5500);
    const { world } = scene.stepper.core;
    expect([peer.room.connection, player.returns]).toEqual(['connected', 1]);
    expect(Math.abs(world.tick - peer.room.view.tick)).toBeLessThan(40);
    expect(world.tick - peer.room.received.newestTick).toBeLessThan(20);
    expect((peer.room.predictor?.tick ?? 0) - world.tick).toBeLessThan(20);
    expect(peer.room.stats.inputsMissed).toBeLessThan(20);
    expect(scene.stepper.core.members.get(player.name)?.inputs.newestTick).toBeGreaterThan(world.tick - 5);
    scene.expectWhole('back in time');
  });

  it('[RS13] a save that is older than what a client has had or said ends the session with session-stale at both ends, instead of hanging', () => {
    for (const isMute of [false, true]) {
      for (const seed of [1, 2, 3]) {
        const scene = new Scene(seed, 'lan');
        const { peer } = scene.join(50);
        scene.run(1000);
        // A room that says nothing does not know what it has had: it is the client that does.
        if (isMute) scene.room.freeze();
        scene.run(500);
        const saved = scene.stepper.core.save();
        scene.run(4000);
        scene.restart(saved);
        scene.run(1500);
        expect(peer.room.ended, `seed ${seed}`).toBe('session-stale');
        expect(scene.room.clients, `seed ${seed}`).toEqual([]);
      }
    }
  });
});

/** A saved room whose packets go on so many numbers earlier. */
function numberedBefore(bytes: Uint8Array, packets: number): Uint8Array {
  const saved = unpackAny(bytes) as { members: { session: number[] }[] };
  for (const { session } of saved.members) session[2] = ((session[2] as number) - packets) & 0xffff;
  return packPlain(saved);
}
