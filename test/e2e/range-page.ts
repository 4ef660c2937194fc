// What runs in the page of the shooting range: a player who walks by a key, and one who shoots at what is drawn and writes down what he hit on the screen.
//
// Built into one script by page-bundle.ts; the test calls what it exports. Invariant: what is on the screen is the view as it was drawn last; nothing else
// decides what a shot hits there. Units: milliseconds of performance.now(); the range's own; ticks.

import { type ClientRoom, connect } from '@tickwire/client';
import { type EntityOf, Random, type Vec2 } from '@tickwire/shared';
import { firstHit, game, range } from './range-game.ts';

export interface DrawnFrame {
  readonly atMs: number;
  readonly x: number;
}

/** A shot on the screen of the one who fired it. */
export interface Shot {
  readonly shot: number;
  /** What its line hits of what is drawn; and the same line from where the own player is drawn, which walks on to where the shot is fired. */
  readonly hit: number;
  readonly hitFromDrawn: number;
  /** The targets that are drawn where no state says. */
  readonly guesses: readonly number[];
  /** The own player is drawn where the shot is fired, to a grain of the grid. */
  readonly isStanding: boolean;
  /** The tick at which others are drawn. */
  readonly viewTick: number;
}

export interface Judgement {
  readonly shot: number;
  readonly tick: number;
  readonly seen: number;
  readonly present: number;
}

export interface RangeReport {
  readonly frames: readonly DrawnFrame[];
  /** When the key went down and when it was let go; -1 before. */
  readonly pressedMs: number;
  readonly releasedMs: number;
  readonly shots: readonly Shot[];
  readonly judgements: readonly Judgement[];
  readonly ended: string | undefined;
  readonly stats: ClientRoom<typeof game>['stats'];
}

/** Between two shots: 5 to 10 a second. */
const pauseMs = { min: 100, max: 180 };
/** He walks for so long, and then stands for as long; as one does who aims, not as fast as he can. */
const walkMs = 900;
const walkPart = 0.5;
/** A shot is aimed this far beside the middle of its target, at most: a little more than half of them hit. */
const besideMax = 1.9 * range.targetRadius;
/** So near, a place is the same on the grid of what a shot is fired from. */
const grain = 1 / 32;

const random = new Random(4);
const frames: DrawnFrame[] = [];
const shots = new Map<number, Shot>();
const judgements: Judgement[] = [];
const held = { move: { x: 0, y: 0 }, aim: 0, shot: 0 };
let room: ClientRoom<typeof game> | undefined;
let pressedMs = -1;
let releasedMs = -1;
let isFiring = false;
let nextShotMs = 0;
let nextWalkMs = 0;

export async function join(): Promise<void> {
  const joined = await connect(location.origin).joinOrCreate('range', game);
  room = joined;
  joined.onInput(() => {
    const fire = isFiring && performance.now() >= nextShotMs && aimAtSomebody(joined);
    return { ...held, fire };
  });
  joined.on('fired', ({ shot, from, aim }) => noteShot(joined, shot, from, aim));
  joined.on('judged', (judgement) => void judgements.push(judgement));
  joined.onRender((view) => {
    const mine = view.mine('player');
    if (mine) frames.push({ atMs: performance.now(), x: mine.pos.x });
    if (isFiring) walk(mine);
  });
  addEventListener('keydown', ({ code, repeat }) => {
    if (code !== 'KeyD' || repeat) return;
    held.move = { x: 1, y: 0 };
    pressedMs = performance.now();
  });
  addEventListener('keyup', ({ code }) => {
    if (code !== 'KeyD') return;
    held.move = { x: 0, y: 0 };
    releasedMs = performance.now();
  });
}

export function setFiring(fires: boolean): void {
  isFiring = fires;
  held.move = { x: 0, y: 0 };
}

export function report(): RangeReport {
  if (!room) throw new Error('not joined');
  return { frames, pressedMs, releasedMs, shots: [...shots.values()], judgements, ended: room.ended, stats: room.stats };
}

/** @returns whether there is anybody to shoot at. */
function aimAtSomebody({ view }: ClientRoom<typeof game>): boolean {
  const targets = view.all('target');
  const [mine, target] = [view.mine('player'), targets[Math.floor(random.range(0, targets.length))]];
  if (!mine || !target) return false;
  nextShotMs = performance.now() + random.range(pauseMs.min, pauseMs.max);
  const [x, y] = [target.pos.x - mine.pos.x, target.pos.y - mine.pos.y];
  held.aim = Math.atan2(y, x) + random.range(-besideMax, besideMax) / Math.max(range.targetRadius, Math.hypot(x, y));
  held.shot++;
  return true;
}

/** The step has fired, ahead of the server: in the frame of its input, before anything new is drawn. */
function noteShot({ view }: ClientRoom<typeof game>, shot: number, from: Vec2, aim: number): void {
  const mine = view.mine('player');
  if (!mine || shots.has(shot)) return;
  const targets = view.all('target');
  shots.set(shot, {
    shot,
    hit: firstHit(from, aim, targets),
    hitFromDrawn: firstHit(mine.pos, aim, targets),
    guesses: targets.filter(({ extrapolated }) => extrapolated).map(({ number }) => number),
    isStanding: Math.hypot(mine.pos.x - from.x, mine.pos.y - from.y) < grain,
    viewTick: view.tick,
  });
}

/** Walks and stands by turns, towards the middle when he is far from it. */
function walk(mine: EntityOf<typeof game, 'player'> | undefined): void {
  if (!mine || performance.now() < nextWalkMs) return;
  nextWalkMs = performance.now() + walkMs;
  const walks = held.move.x === 0 && held.move.y === 0;
  const [x, y] = [range.width / 2 - mine.pos.x, range.height / 2 - mine.pos.y];
  const heading = Math.hypot(x, y) > range.height / 3 ? Math.atan2(y, x) : random.range(-Math.PI, Math.PI);
  held.move = walks ? { x: walkPart * Math.cos(heading), y: walkPart * Math.sin(heading) } : { x: 0, y: 0 };
}
