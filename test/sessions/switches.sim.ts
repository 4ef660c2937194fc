// A session that goes over to a link with a longer path, as from WebRTC to a WebSocket through a proxy: the longer round trip is no queue. And one that went
// over to another page.
//
// Units: milliseconds of virtual time.

import { Room } from '@tickwire/server/core';
import { defineGame, entity, f } from '@tickwire/shared';
import { expect, test } from 'vitest';
import { Stepper } from '../stepper.ts';

const game = defineGame({
  name: 'longer',
  tickHz: 60,
  snapshotHz: 20,
  entities: { mover: entity({ x: f.fixed(0, 1000, { wire: 1 / 16 }) }) },
});

class Field extends Room<typeof game> {
  override onCreate(): void {
    this.world.spawn('mover', { x: 500 });
  }
  override onTick(): void {
    for (const mover of this.world.all('mover')) mover.x = this.random.range(0, 1000);
  }
}

test('[KP30] when a session goes over to a link with a longer path, the server leaves no snapshot out for it', () => {
  const stepper = new Stepper({ game, room: new Field(), seed: 1, profile: { delayMs: 10 } });
  const peer = stepper.join();
  stepper.run(5000);
  const [member] = [...stepper.core.members.values()];
  expect(member?.client.pace.reason).toBe('full');
  stepper.setProfile({ delayMs: 100 });
  stepper.link(peer);
  stepper.run(1000);
  const skipped = member?.flow.skipped ?? Number.NaN;
  const received = peer.room.stats.packetsReceived;
  stepper.run(5000);
  expect(stepper.errors).toEqual([]);
  expect([(member?.flow.skipped ?? Number.NaN) - skipped, member?.client.pace.reason]).toEqual([0, 'full']);
  expect(peer.room.stats.packetsReceived - received).toBeGreaterThan(95);
});

test('[KP31] a page whose session went over to another page cannot take it back, however soon after it says hello', () => {
  const ends = new Set<string | undefined>();
  for (const lateMs of [0, 4, 8, 12, 16, 20, 24, 30, 40, 60, 500]) {
    const stepper = new Stepper({ game, room: new Field(), seed: 1, profile: { delayMs: 10 } });
    const old = stepper.join();
    stepper.keep(old, 0);
    stepper.run(1000);
    // It hears nothing on its first link any more.
    old.pair.blackout(Number.MAX_SAFE_INTEGER);
    const page = stepper.enter(old.room.seat);
    stepper.run(lateMs);
    stepper.link(old);
    stepper.run(1000);
    expect([lateMs, page.room.ended, page.room.connection, stepper.errors]).toEqual([lateMs, undefined, 'connected', []]);
    ends.add(old.room.ended);
  }
  // Told so while its token is good; later it is refused for that.
  expect([...ends]).toEqual(['taken-over', undefined]);
});
