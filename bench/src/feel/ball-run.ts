// A ball that everyone predicts, pushed by one player and watched by another: how far the watcher's ball was off when the push became known, and how soon
// that was gone.
//
// The watcher cannot know of the push for half a round trip, a snapshot's wait and its own lead. A ball of 16 units radius is walked into at 4.7 radii a
// second and leaves at 5.6: a person of 1.4 m/s in front of a ball of 25 cm. Error: what is drawn against the truth at the tick it is drawn for.
// Invariant: a push is gone when the error stays under an eighth of a radius until the ball is put back. Units: radii; milliseconds.

import { type Client, Room } from '@tickwire/server/core';
import { defineGame, entity, f } from '@tickwire/shared';
import { percentile } from '../percentile.ts';
import type { FeelProfile } from './feel-profiles.ts';
import { Truth } from './truth.ts';
import { usualFrameMs, type VirtualClient, VirtualRoom } from './virtual-room.ts';

export interface BallFigures {
  readonly pushes: number;
  readonly correctionMedianRadii: number;
  readonly correctionMaxRadii: number;
  /** From the largest error on. */
  readonly goneMedianMs: number;
  readonly goneMaxMs: number;
  /** The largest error of the last half second of each push, when all is long known. */
  readonly settledRadii: number;
}

const radius = 16;
const walkSpeed = 75;
const bounce = 1.2;
const gone = 1 / 8;
/** Every push: rest, a walk into the ball, rest; then everything is put back. */
const pushTicks = 200;
const walkFrom = 60;
const walkTicks = 45;
/** Long enough for what was put back to be known. */
const settledTicks = 40;
const lastTicks = 30;
const warmTicks = 2 * pushTicks;
const ballPlayer = 0;

const game = defineGame({
  name: 'push',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    walker: entity({ pos: f.vec2(0, 512, { wire: 1 / 8 }), speed: f.fixed(0, 100) }, { predict: 'owner' }),
    ball: entity({ pos: f.vec2(0, 512, { wire: 1 / 8 }), speed: f.fixed(0, 400) }, { predict: 'everyone' }),
  },
  input: { walk: f.button() },
  steps: {
    walker(walker, { walk }, { dt }) {
      walker.speed = walk ? walkSpeed : 0;
      walker.pos.x += walker.speed * dt;
    },
    ball(ball, _, { dt, world }) {
      for (const walker of world.all('walker')) {
        const touches = Math.abs(walker.pos.y - ball.pos.y) < radius && Math.abs(ball.pos.x - walker.pos.x) < 2 * radius;
        if (touches && walker.speed > ball.speed) ball.speed = walker.speed * bounce;
      }
      ball.speed = Math.max(0, ball.speed - 30 * dt);
      ball.pos.x += ball.speed * dt;
    },
  },
});
type PushGame = typeof game;

class Pitch extends Room<PushGame> {
  override autoDispose = false;

  override onCreate(): void {
    this.world.spawn('ball', { pos: { x: 200, y: 100 } });
  }

  override onJoin(client: Client<PushGame>): void {
    client.control(this.world.spawn('walker', { pos: { x: 140, y: this.world.all('walker').length === 0 ? 100 : 400 } }));
  }

  override onTick(): void {
    if (this.tick % pushTicks !== 0) return;
    const [ball] = this.world.all('ball');
    const [walker] = this.world.all('walker');
    if (ball) Object.assign(ball, { pos: { x: 200, y: 100 }, speed: 0 });
    if (walker) walker.pos.x = 140;
  }
}

interface Drawn {
  readonly now: number;
  readonly tick: number;
  readonly x: number;
  readonly y: number;
}

export function runBall(seed: number, profile: FeelProfile, pushes: number): BallFigures {
  const virtual = new VirtualRoom<PushGame>(game, new Pitch(), seed);
  const tickMs = 1000 / game.tickHz;
  const truth = new Truth();
  const drawn: Drawn[] = [];
  const walker = virtual.join(profile);
  const watcher = virtual.join(profile);
  walker.room.onInput(() => ({ walk: isWalking(virtual.now / tickMs, walker) }));
  watcher.room.onInput(() => ({ walk: false }));
  virtual.run((warmTicks + pushes * pushTicks) * tickMs, {
    ticked() {
      const [ball] = virtual.core.world.all('ball');
      if (ball) truth.record(virtual.core.world.tick, ballPlayer, ball.pos.x, ball.pos.y);
    },
    frame(client) {
      client.room.frame(virtual.now);
      const [ball] = client.room.view.all('ball');
      // What is predicted is drawn between the last two ticks made, so a tick behind.
      if (client === watcher && ball) drawn.push({ now: virtual.now, tick: client.room.view.inputTick - 1, x: ball.pos.x, y: ball.pos.y });
      return client.nextFrameAt + usualFrameMs;
    },
  });
  return figures(Array.from({ length: pushes }, (_, push) => onePush(drawn, truth, warmTicks + push * pushTicks)));
}

/** In every push one tick later than in the one before: contact meets every phase of snapshots. */
function isWalking(ticks: number, { random }: VirtualClient<PushGame>): boolean {
  const push = Math.floor(ticks / pushTicks);
  const within = ticks - push * pushTicks - walkFrom - (push % 12) - random.fork(push).next();
  return within >= 0 && within < walkTicks;
}

function onePush(drawn: readonly Drawn[], truth: Truth, fromTick: number): Push {
  let [worst, worstAt, offAt, settled] = [0, Number.NaN, Number.NaN, 0];
  for (const { now, tick, x, y } of drawn) {
    if (tick < fromTick + settledTicks || tick > fromTick + pushTicks - 1 || tick > truth.newestTick) continue;
    const error = truth.distance(ballPlayer, tick, x, y) / radius;
    if (error > worst) [worst, worstAt] = [error, now];
    if (error > gone) offAt = now;
    if (tick > fromTick + pushTicks - lastTicks) settled = Math.max(settled, error);
  }
  return { radii: worst, goneMs: Number.isNaN(offAt) ? 0 : offAt + usualFrameMs - worstAt, settled };
}

interface Push {
  readonly radii: number;
  readonly goneMs: number;
  readonly settled: number;
}

function figures(pushes: readonly Push[]): BallFigures {
  const radii = pushes.map((push) => push.radii).sort((a, b) => a - b);
  const times = pushes.map(({ goneMs }) => goneMs).sort((a, b) => a - b);
  return {
    pushes: pushes.length,
    correctionMedianRadii: percentile(radii, 50),
    correctionMaxRadii: percentile(radii, 100),
    goneMedianMs: percentile(times, 50),
    goneMaxMs: percentile(times, 100),
    settledRadii: Math.max(...pushes.map(({ settled }) => settled)),
  };
}
