// The bodies: 400 rigid bodies that fly, collide, tumble, roll to rest and are thrown up again; all see all. 60 ticks and 60 snapshots a second.
//
// A look-alike of physics, not physics: balls with spin under gravity, impulses between them and with floor and walls, friction that turns sliding into
// rolling, sleep when slow. Some are thrown up every `blastTicks`. Positions are in a cube of 128 m at 1/512 m, as in Fiedler's cubes.
// Invariant: quaternions are brought back to length 1 each tick. Units: metres, seconds; velocities in metres a second, spins in radians a second.

import { Random } from '@tickwire/shared';
import { point, quat } from './fields.ts';
import { strideOf, type Trace, type TraceFrame, traceType } from './trace.ts';

const bodies = 400;
const clients = 32;
const tickHz = 60;
const dt = 1 / tickHz;
const half = 64;
const wall = 16;
const gravity = 9.8;
const bounce = 0.35;
const friction = 0.25;
const rollingLoss = 0.97;
const sleepAfter = 15;
const blastTicks = 100;
const blastReach = 4.5;

const types = [traceType('body', [point('pos', 3, -half, half, 1 / 512), quat('rot')])];

interface Body {
  readonly radius: number;
  readonly p: number[];
  readonly v: number[];
  readonly spin: number[];
  readonly q: number[];
  stillTicks: number;
}

export function bodiesTrace(seed: number, seconds: number): Trace {
  const random = new Random(seed);
  const all = Array.from({ length: bodies }, () => dropped(random));
  const frames: TraceFrame[] = [];
  for (let tick = -4 * tickHz; tick <= seconds * tickHz; tick++) {
    if (tick % blastTicks === 0) blast(all, random);
    for (const body of all) if (isAwake(body)) move(body);
    collide(all);
    if (tick >= 0) frames.push(frame(all));
  }
  return { name: 'bodies', tickHz, snapshotHz: tickHz, types, stride: strideOf(types), frames, clients, views: undefined };
}

function isAwake(body: Body): boolean {
  return body.stillTicks < sleepAfter;
}

function dropped(random: Random): Body {
  const p = [random.range(-wall + 1, wall - 1), random.range(0.6, 12), random.range(-wall + 1, wall - 1)];
  const spin = [random.range(-3, 3), random.range(-3, 3), random.range(-3, 3)];
  return { radius: random.range(0.3, 0.6), p, v: [0, 0, 0], spin, q: [0, 0, 0, 1], stillTicks: 0 };
}

/** Throws up what lies near a random place. */
function blast(all: readonly Body[], random: Random): void {
  const x = random.range(-wall, wall);
  const z = random.range(-wall, wall);
  for (const body of all) {
    const dx = (body.p[0] as number) - x;
    const dz = (body.p[2] as number) - z;
    const distance = Math.sqrt(dx * dx + dz * dz) + 0.3;
    if (distance > blastReach) continue;
    const push = 6 / distance;
    add(body.v, [dx * push, 5 + random.range(0, 4), dz * push]);
    add(body.spin, [random.range(-8, 8), random.range(-8, 8), random.range(-8, 8)]);
    body.stillTicks = 0;
  }
}

function move(body: Body): void {
  const { p, v, radius } = body;
  v[1] = (v[1] as number) - gravity * dt;
  for (let axis = 0; axis < 3; axis++) p[axis] = (p[axis] as number) + (v[axis] as number) * dt;
  if ((p[1] as number) < radius) touchFloor(body);
  for (const axis of [0, 2]) {
    if (Math.abs(p[axis] as number) <= wall - radius) continue;
    p[axis] = (p[axis] as number) < 0 ? radius - wall : wall - radius;
    v[axis] = -(v[axis] as number) * bounce;
  }
  turn(body);
  const slow = squared(v) < 0.04 && squared(body.spin) < 0.15;
  body.stillTicks = slow ? body.stillTicks + 1 : 0;
  if (isAwake(body)) return;
  v.fill(0);
  body.spin.fill(0);
}

function touchFloor({ p, v, spin, radius }: Body): void {
  p[1] = radius;
  const fall = -(v[1] as number);
  v[1] = fall > 0.5 ? fall * bounce : 0;
  // The spin that rolls without sliding is (vz, 0, -vx) / radius; friction draws speed and spin towards each other.
  const slipX = (v[0] as number) + (spin[2] as number) * radius;
  const slipZ = (v[2] as number) - (spin[0] as number) * radius;
  v[0] = ((v[0] as number) - slipX * friction) * rollingLoss;
  v[2] = ((v[2] as number) - slipZ * friction) * rollingLoss;
  spin[0] = ((spin[0] as number) + (slipZ * friction) / radius) * rollingLoss;
  spin[1] = (spin[1] as number) * 0.9;
  spin[2] = ((spin[2] as number) - (slipX * friction) / radius) * rollingLoss;
}

/** q grows by half of spin * q * dt. */
function turn({ q, spin }: Body): void {
  const [x, y, z, w] = q as [number, number, number, number];
  const [a, b, c] = spin as [number, number, number];
  const h = dt / 2;
  const next = [x + h * (a * w + b * z - c * y), y + h * (b * w + c * x - a * z), z + h * (c * w + a * y - b * x), w - h * (a * x + b * y + c * z)];
  const length = Math.sqrt(squared(next));
  for (let axis = 0; axis < 4; axis++) q[axis] = (next[axis] as number) / length;
}

/** Balls of different sizes and equal mass: pushed apart, with an impulse along the line between them and some spin from the rest. */
function collide(all: readonly Body[]): void {
  const cells = new Map<number, Body[]>();
  for (const body of all) {
    const key = cellOf(body.p[0] as number) * 4096 + cellOf(body.p[2] as number);
    for (const near of [key, key + 1, key - 1, key + 4096, key + 4097, key + 4095, key - 4096, key - 4095, key - 4097]) {
      for (const other of cells.get(near) ?? []) if (isAwake(body) || isAwake(other)) touch(body, other);
    }
    const cell = cells.get(key);
    if (cell) cell.push(body);
    else cells.set(key, [body]);
  }
}

function cellOf(at: number): number {
  return Math.floor((at + half) / 1.25);
}

function touch(a: Body, b: Body): void {
  const apart = [0, 1, 2].map((axis) => (a.p[axis] as number) - (b.p[axis] as number));
  const reach = a.radius + b.radius;
  const distance = Math.sqrt(squared(apart)) + 1e-9;
  if (distance >= reach) return;
  const normal = apart.map((one) => one / distance);
  const closing = [0, 1, 2].reduce((sum, axis) => sum + ((a.v[axis] as number) - (b.v[axis] as number)) * (normal[axis] as number), 0);
  const deep = (reach - distance) * 0.4;
  add(a.p, scaled(normal, deep));
  add(b.p, scaled(normal, -deep));
  if (closing >= 0) return;
  const impulse = (-(1 + bounce) * closing) / 2;
  add(a.v, scaled(normal, impulse));
  add(b.v, scaled(normal, -impulse));
  add(a.spin, scaled([normal[2] as number, normal[0] as number, normal[1] as number], impulse * 0.6));
  add(b.spin, scaled([normal[1] as number, normal[2] as number, normal[0] as number], impulse * 0.6));
  if (impulse < 0.3) return;
  a.stillTicks = 0;
  b.stillTicks = 0;
}

function frame(all: readonly Body[]): TraceFrame {
  const stride = strideOf(types);
  const rows = new Int32Array(bodies * stride);
  for (const [index, { p, q }] of all.entries()) {
    const inside = p.map((at) => Math.round((Math.max(-half, Math.min(half, at)) + half) * 1024));
    rows.set([...inside, ...q.map((part) => Math.round((part + 1) * 16_384))], index * stride);
  }
  return { ids: Int32Array.from(all, (_, index) => index), types: new Uint8Array(bodies), rows };
}

function add(to: number[], more: readonly number[]): void {
  for (let axis = 0; axis < to.length; axis++) to[axis] = (to[axis] as number) + (more[axis] as number);
}

function scaled(vector: readonly number[], by: number): number[] {
  return vector.map((one) => one * by);
}

function squared(vector: readonly number[]): number {
  return vector.reduce((sum, one) => sum + one * one, 0);
}
