// The arena: 50 players who walk, stop, aim, shoot and get hit, and their bullets; all see all. 60 ticks and 20 snapshots a second.
//
// People's hands move it: eight directions held for a third of a second to one and a half, a turn of the aim towards the nearest enemy with a
// tremble, fire in bursts. Invariant: ids are never used again. Units: world units, ticks; velocities in units a tick.

import { Random } from '@tickwire/shared';
import { directionX, directionY } from './directions.ts';
import { angle, point, uint } from './fields.ts';
import { strideOf, type Trace, type TraceFrame, traceType } from './trace.ts';

const players = 50;
const size = 2000;
const tickHz = 60;
const walkSpeed = 220 / tickHz;
const bulletSpeed = 700 / tickHz;
const bulletTicks = 66;
const radius = 16;
const reloadTicks = 14;
const deadTicks = 120;

const types = [
  traceType('player', [point('pos', 2, 0, size, 1 / 16), angle('aim'), uint('hp', 100), uint('score', 1023), uint('mode', 3)]),
  traceType('bullet', [point('pos', 2, 0, size, 1 / 16), angle('aim'), uint('owner', 63)]),
];

interface Player {
  x: number;
  y: number;
  vx: number;
  vy: number;
  wishX: number;
  wishY: number;
  wishUntil: number;
  aim: number;
  turning: number;
  lookUntil: number;
  target: number;
  isFiring: boolean;
  fireUntil: number;
  loadedAt: number;
  hp: number;
  score: number;
  deadUntil: number;
}

interface Bullet {
  readonly id: number;
  readonly owner: number;
  readonly aim: number;
  x: number;
  y: number;
  endsAt: number;
}

export function arenaTrace(seed: number, seconds: number): Trace {
  const random = new Random(seed);
  const everyone = Array.from({ length: players }, () => spawned(random));
  let bullets: Bullet[] = [];
  let nextId = players;
  const frames: TraceFrame[] = [];
  for (let tick = 0; tick <= seconds * tickHz; tick++) {
    for (const [index, player] of everyone.entries()) {
      if (tick === player.deadUntil) Object.assign(player, spawned(random), { score: player.score });
      if (player.hp === 0) continue;
      walk(player, tick, random);
      aim(player, index, everyone, tick, random);
      if (shoots(player, tick, random))
        bullets.push({ id: nextId++, owner: index, aim: player.aim, x: player.x, y: player.y, endsAt: tick + bulletTicks });
    }
    for (const bullet of bullets) fly(bullet, everyone, tick);
    bullets = bullets.filter(({ endsAt }) => endsAt > tick);
    frames.push(frame(everyone, bullets));
  }
  return { name: 'arena', tickHz, snapshotHz: 20, types, stride: strideOf(types), frames, clients: players, views: undefined };
}

function spawned(random: Random): Player {
  const at = { x: random.range(40, size - 40), y: random.range(40, size - 40), vx: 0, vy: 0, wishX: 0, wishY: 0, wishUntil: 0 };
  const look = { aim: random.int(65_536), turning: 0, lookUntil: 0, target: -1, isFiring: false, fireUntil: 0, loadedAt: 0 };
  return { ...at, ...look, hp: 100, score: 0, deadUntil: -1 };
}

/** Keys are held for a while; the body follows them in a few ticks. */
function walk(player: Player, tick: number, random: Random): void {
  if (tick >= player.wishUntil) {
    const key = random.int(10);
    const diagonal = key % 2 === 1 ? Math.SQRT1_2 : 1;
    player.wishX = key > 7 ? 0 : (([1, 1, 0, -1, -1, -1, 0, 1] as const)[key] as number) * diagonal * walkSpeed;
    player.wishY = key > 7 ? 0 : (([0, 1, 1, 1, 0, -1, -1, -1] as const)[key] as number) * diagonal * walkSpeed;
    player.wishUntil = tick + 12 + random.int(key > 7 ? 60 : 50);
  }
  player.vx = towards(player.vx, player.wishX, walkSpeed / 5);
  player.vy = towards(player.vy, player.wishY, walkSpeed / 5);
  player.x = within(player.x + player.vx);
  player.y = within(player.y + player.vy);
}

function towards(from: number, to: number, most: number): number {
  return from < to ? Math.min(to, from + most) : Math.max(to, from - most);
}

function within(at: number): number {
  return at < radius ? radius : at > size - radius ? size - radius : at;
}

/** The aim follows an enemy, or rests while its player looks elsewhere. */
function aim(player: Player, self: number, everyone: readonly Player[], tick: number, random: Random): void {
  if (tick >= player.lookUntil) {
    player.target = random.chance(0.8) ? nearestEnemy(player, self, everyone) : -1;
    player.lookUntil = tick + 30 + random.int(90);
  }
  const target = everyone[player.target];
  const wish = target && target.hp > 0 ? turnTowards(player, target) + random.range(-450, 450) : 0;
  player.turning = towards(player.turning, wish, 260);
  player.aim = (player.aim + Math.round(player.turning) + 65_536) & 65_535;
}

function turnTowards(player: Player, { x, y }: Player): number {
  const dx = x - player.x;
  const dy = y - player.y;
  const length = Math.sqrt(dx * dx + dy * dy) + 1;
  const aimX = directionX(player.aim);
  const aimY = directionY(player.aim);
  const sine = (aimX * dy - aimY * dx) / length;
  const isBehind = aimX * dx + aimY * dy < 0;
  return (isBehind ? (sine < 0 ? -1 : 1) : sine) * 1400;
}

function nearestEnemy(player: Player, self: number, everyone: readonly Player[]): number {
  let nearest = -1;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, { x, y, hp }] of everyone.entries()) {
    const distance = (x - player.x) * (x - player.x) + (y - player.y) * (y - player.y);
    if (index === self || hp === 0 || distance >= least) continue;
    nearest = index;
    least = distance;
  }
  return nearest;
}

function shoots(player: Player, tick: number, random: Random): boolean {
  if (tick >= player.fireUntil) {
    player.isFiring = player.target >= 0 && random.chance(0.6);
    player.fireUntil = tick + 20 + random.int(60);
  }
  if (!player.isFiring || tick < player.loadedAt) return false;
  player.loadedAt = tick + reloadTicks;
  return true;
}

function fly(bullet: Bullet, everyone: readonly Player[], tick: number): void {
  bullet.x += directionX(bullet.aim) * bulletSpeed;
  bullet.y += directionY(bullet.aim) * bulletSpeed;
  if (bullet.x < 0 || bullet.y < 0 || bullet.x > size || bullet.y > size) bullet.endsAt = tick;
  for (const [index, player] of everyone.entries()) {
    const dx = player.x - bullet.x;
    const dy = player.y - bullet.y;
    if (index === bullet.owner || player.hp === 0 || dx * dx + dy * dy > radius * radius) continue;
    bullet.endsAt = tick;
    player.hp = Math.max(0, player.hp - 15);
    if (player.hp > 0) continue;
    player.deadUntil = tick + deadTicks;
    const shooter = everyone[bullet.owner] as Player;
    shooter.score = Math.min(1023, shooter.score + 1);
  }
}

function frame(everyone: readonly Player[], bullets: readonly Bullet[]): TraceFrame {
  const stride = strideOf(types);
  const count = players + bullets.length;
  const ids = Int32Array.from({ length: count }, (_, index) => (index < players ? index : (bullets[index - players] as Bullet).id));
  const rows = new Int32Array(count * stride);
  const kinds = new Uint8Array(count).fill(1, players);
  for (const [index, { x, y, vx, vy, aim, hp, score }] of everyone.entries()) {
    const mode = hp === 0 ? 3 : vx !== 0 || vy !== 0 ? 1 : 0;
    rows.set([Math.round(x * 1024), Math.round(y * 1024), aim, hp, score, mode], index * stride);
  }
  for (const [index, { x, y, aim, owner }] of bullets.entries()) {
    rows.set([Math.round(x * 1024), Math.round(y * 1024), aim, owner], (players + index) * stride);
  }
  return { ids, types: kinds, rows };
}
