// A server that was restarted from a save: its clients come back to the room, also when its clock and its world have gone back. Each case is decided by its
// seed; a failure names it. Units: milliseconds of virtual time; ticks.

import { packPlain, unpackAny } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { Scene } from './scene.ts';

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
    const player = scene.join(5200);
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
    scene.run(1500);
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
