// The crowd: 2,000 actors on a large field; 100 of them are players who each see about 35 actors near them. 20 ticks and 20 snapshots a second.
//
// Most wander: straight for some seconds, a pause, a turn; some fight where they stand. A client sees what is within `seeRadius` and goes on seeing it
// up to `loseRadius`. Invariant: the players are the entities 0 to 99, and each sees itself. Units: world units, ticks.

import { Random } from '@tickwire/shared';
import { directionX, directionY } from './directions.ts';
import { angle, point, uint } from './fields.ts';
import { strideOf, type Trace, type TraceFrame, traceType } from './trace.ts';

const actors = 2000;
const clients = 100;
const size = 4000;
const tickHz = 20;
const seeRadius = 285;
const loseRadius = 310;

const types = [traceType('actor', [point('pos', 2, 0, size, 1 / 16), angle('heading'), uint('hp', 100), uint('action', 15)])];

interface Actor {
  x: number;
  y: number;
  heading: number;
  turning: number;
  speed: number;
  until: number;
  isFighting: boolean;
  hp: number;
  action: number;
}

export function crowdTrace(seed: number, seconds: number): Trace {
  const random = new Random(seed);
  const everyone = Array.from({ length: actors }, () => placed(random));
  const frames: TraceFrame[] = [];
  const views: Int32Array[][] = Array.from({ length: clients }, () => []);
  for (let tick = 0; tick <= seconds * tickHz; tick++) {
    for (const [index, actor] of everyone.entries()) act(actor, index < clients, tick, random);
    frames.push(frame(everyone));
    for (const [client, seen] of views.entries()) seen.push(look(everyone, client, seen.at(-1)));
  }
  return { name: 'crowd', tickHz, snapshotHz: tickHz, types, stride: strideOf(types), frames, clients, views };
}

function placed(random: Random): Actor {
  const at = { x: random.range(0, size), y: random.range(0, size), heading: random.int(65_536) };
  return { ...at, turning: 0, speed: 0, until: 0, isFighting: false, hp: 100, action: 0 };
}

function act(actor: Actor, isPlayer: boolean, tick: number, random: Random): void {
  if (tick >= actor.until) decide(actor, isPlayer, tick, random);
  actor.heading = (actor.heading + actor.turning + 65_536) & 65_535;
  actor.x += directionX(actor.heading) * actor.speed;
  actor.y += directionY(actor.heading) * actor.speed;
  if (actor.x < 0 || actor.x > size || actor.y < 0 || actor.y > size) {
    actor.x = Math.max(0, Math.min(size, actor.x));
    actor.y = Math.max(0, Math.min(size, actor.y));
    actor.heading = (actor.heading + 32_768) & 65_535;
  }
  if (!actor.isFighting) return;
  actor.action = 8 + (Math.floor(tick / 6) % 3);
  if (random.chance(0.04)) actor.hp = actor.hp > 12 ? actor.hp - 3 - random.int(9) : 100;
}

/** What an actor does next, and for how long. */
function decide(actor: Actor, isPlayer: boolean, tick: number, random: Random): void {
  const dice = random.next();
  actor.turning = 0;
  actor.isFighting = !isPlayer && dice < 0.08;
  if (actor.isFighting || dice > (isPlayer ? 0.85 : 0.6)) {
    actor.speed = 0;
    actor.action = 0;
    actor.until = tick + 20 + random.int(100);
    return;
  }
  const turns = random.chance(0.3);
  actor.turning = turns ? random.int(1200) - 600 : 0;
  if (!turns) actor.heading = (actor.heading + random.int(24_000) - 12_000 + 65_536) & 65_535;
  actor.speed = (isPlayer ? 180 : 60 + random.int(100)) / tickHz;
  actor.action = actor.speed > 6 ? 2 : 1;
  actor.until = tick + (turns ? 6 + random.int(20) : 15 + random.int(isPlayer ? 30 : 90));
}

function frame(everyone: readonly Actor[]): TraceFrame {
  const stride = strideOf(types);
  const rows = new Int32Array(actors * stride);
  for (const [index, { x, y, heading, hp, action }] of everyone.entries()) {
    rows.set([Math.round(x * 1024), Math.round(y * 1024), heading, hp, action], index * stride);
  }
  return { ids: Int32Array.from(everyone, (_, index) => index), types: new Uint8Array(actors), rows };
}

function look(everyone: readonly Actor[], client: number, before: Int32Array | undefined): Int32Array {
  const { x, y } = everyone[client] as Actor;
  const sawBefore = new Set(before);
  const seen: number[] = [];
  for (const [index, actor] of everyone.entries()) {
    const dx = actor.x - x;
    const dy = actor.y - y;
    const reach = sawBefore.has(index) ? loseRadius : seeRadius;
    if (dx * dx + dy * dy <= reach * reach) seen.push(index);
  }
  return Int32Array.from(seen);
}
