// What both clocks of a client are worth over a network: a mover that never goes straight, watched by a client whose input changes all the time.
//
// Invariant: misses are counted by the server's own queue, and starvation against the states that had arrived. What is counted
// begins after the join. Units: milliseconds, ticks, shares.

import type { ClientRoom } from '@tickwire/client/core';
import { type Client, Room } from '@tickwire/server/core';
import { defineGame, entity, f, type NetworkProfile } from '@tickwire/shared';
import { Stepper } from '../stepper.ts';

const game = defineGame({
  name: 'clocks',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    own: entity({ x: f.fixed(0, 4000, { wire: 1 / 16 }) }, { predict: 'owner' }),
    mover: entity({ x: f.fixed(-4000, 4000, { wire: 1 / 16 }) }),
  },
  input: { move: f.vec2(-1, 1, { wire: 1 / 8 }), fire: f.press() },
  steps: {
    own(own, input, { dt }) {
      own.x = Math.max(0, Math.min(4000, own.x + input.move.x * 100 * dt));
    },
  },
});

class Field extends Room<typeof game> {
  override onCreate(): void {
    this.world.spawn('mover', { x: 0 });
  }
  override onJoin(client: Client<typeof game>): void {
    client.control(this.world.spawn('own', { x: 2000 }));
  }
  override onTick(): void {
    for (const mover of this.world.all('mover')) mover.x = ((this.tick * 7) % 8000) - 4000;
  }
}

export interface Clocks {
  /** Share of ticks whose input was not there. */
  readonly missed: number;
  /** Of those in the first five seconds. */
  readonly missedEarly: number;
  readonly leadMs: number;
  readonly viewDelayMs: number;
  /** Share of frames at which the view was beyond the newest state. */
  readonly starved: number;
  readonly corrections: number;
  readonly upPerSecond: number;
}

/** Plays `seconds` and measures after the first `fromSeconds`. */
export function measureClocks(
  profile: NetworkProfile,
  seed: number,
  seconds: number,
  fromSeconds = 10,
  set: (room: ClientRoom<typeof game>) => void = () => {},
): Clocks {
  const stepper = new Stepper({ game, room: new Field(), seed, profile });
  const peer = stepper.join();
  set(peer.room);
  let made = 0;
  peer.room.onInput(() => ({ move: { x: (made++ % 16) / 8 - 1, y: 0 }, fire: made % 7 === 0 }));
  const missedNow = () => [...stepper.core.members.values()][0]?.inputs.missed ?? 0;
  stepper.run(5000);
  const missedEarly = missedNow() / 300;
  stepper.run((fromSeconds - 5) * 1000);
  const before = [missedNow(), peer.room.predictor?.corrections ?? 0, peer.room.stats.packetsSent] as const;
  const sum = { frames: 0, lead: 0, delay: 0, starved: 0 };
  stepper.run(seconds * 1000, () => {
    sum.frames++;
    sum.lead += (peer.room.stats.leadTicks * 1000) / 60;
    sum.delay += peer.room.stats.viewDelayMs;
    if (peer.room.view.tick > peer.room.received.newestTick) sum.starved++;
  });
  if (stepper.errors.length > 0 || peer.room.ended) throw new Error(`seed ${seed}: ${String(stepper.errors[0] ?? peer.room.ended)}`);
  return {
    missed: (missedNow() - before[0]) / (seconds * 60),
    missedEarly,
    leadMs: sum.lead / sum.frames,
    viewDelayMs: sum.delay / sum.frames,
    starved: sum.starved / sum.frames,
    corrections: (peer.room.predictor?.corrections ?? 0) - before[1],
    upPerSecond: (peer.room.stats.packetsSent - before[2]) / seconds,
  };
}
