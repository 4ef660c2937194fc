// A tab that is hidden for a while: how soon its picture is right again when it is seen, and whether others jump after that.
//
// Hidden, a page has no animation frames and its timers come once a second, after five minutes once a minute, as in Chrome; packets come in all the while.
// The picture is right when its age is what it was before (within 50 ms) and everybody is as near to the truth at the shown time as 99 % were before.
// Invariant: right means right from then on. Units: milliseconds; units of the game for jumps.

import { percentile } from '../percentile.ts';
import { topSpeed, wireStep } from './feel-game.ts';
import { type FeelRun, type FeelSetup, runFeel, type Screen, warmMs } from './feel-run.ts';
import { usualFrameMs } from './virtual-room.ts';

export interface HiddenFigures {
  readonly hiddenSeconds: number;
  readonly rightAfterMs: number;
  /** How much farther anyone went between two frames, in the second after the picture was right, than at top speed and than ever before it was hidden. */
  readonly largestJump: number;
}

interface Frame {
  readonly now: number;
  readonly shownTick: number;
  readonly places: readonly { readonly player: number; readonly x: number; readonly y: number }[];
}

const seenBeforeMs = 20_000;
const seenAfterMs = 5000;
const ageSlackMs = 50;
const throttledMs = 1000;
const intensiveAfterMs = 300_000;
const intensiveMs = 60_000;

export function runHidden(setup: Pick<FeelSetup, 'seed' | 'profile' | 'pointer' | 'tamper'>, hiddenSeconds: number): HiddenFigures {
  const hidesAt = warmMs + seenBeforeMs;
  const returnsAt = hidesAt + hiddenSeconds * 1000;
  const before: Frame[] = [];
  const after: Frame[] = [];
  const run = runFeel({
    ...setup,
    players: 3,
    seconds: (returnsAt + seenAfterMs - warmMs) / 1000,
    frameMs({ player }, now) {
      if (player > 0 || now < hidesAt || now >= returnsAt) return usualFrameMs;
      return Math.min(now - hidesAt < intensiveAfterMs ? throttledMs : intensiveMs, returnsAt - now);
    },
    drawn(screen, now) {
      if (screen.player > 0 || (now >= hidesAt && now < returnsAt)) return;
      (now < hidesAt ? before : after).push(frameOf(screen, now));
    },
  });
  const errors = before.flatMap((frame) => errorsOf(frame, run)).sort((a, b) => a - b);
  const ages = before.map((frame) => ageOf(frame, run)).sort((a, b) => a - b);
  const limit = percentile(errors, 99) + 2 * wireStep;
  const age = percentile(ages, 50);
  const isRight = (frame: Frame): boolean => Math.abs(ageOf(frame, run) - age) <= ageSlackMs && errorsOf(frame, run).every((error) => error <= limit);
  const from = firstForGood(after, isRight);
  return {
    hiddenSeconds,
    rightAfterMs: from < 0 ? Number.NaN : (after[from] as Frame).now - returnsAt,
    largestJump: from < 0 ? Number.NaN : Math.max(0, largestJump(after.slice(from, from + 60)) - largestJump(before)),
  };
}

/** Right, and in the half second after it mostly so: human input has its own errors of interpolation. */
function firstForGood(frames: readonly Frame[], isRight: (frame: Frame) => boolean): number {
  const right = frames.map(isRight);
  return right.findIndex((is, index) => is && right.slice(index, index + 30).filter(Boolean).length >= 24);
}

function largestJump(frames: readonly Frame[]): number {
  let largest = 0;
  for (const [index, frame] of frames.entries()) {
    const last = frames[index - 1];
    for (const { player, x, y } of frame.places) {
      const place = last?.places.find((other) => other.player === player);
      if (!last || !place) continue;
      const most = (topSpeed * Math.SQRT2 * 1.25 * (frame.now - last.now)) / 1000;
      largest = Math.max(largest, Math.hypot(x - place.x, y - place.y) - most);
    }
  }
  return largest;
}

function frameOf({ room, player }: Screen, now: number): Frame {
  // Players are spawned in the order of their numbers, and shown by slot.
  const places = room.view.all('player').map(({ pos }, index) => ({ player: index, x: pos.x, y: pos.y }));
  return { now, shownTick: room.view.tick, places: places.filter((place) => place.player !== player) };
}

function errorsOf({ shownTick, places }: Frame, { truth }: FeelRun): number[] {
  return places.map(({ player, x, y }) => truth.distance(player, shownTick, x, y));
}

function ageOf({ now, shownTick }: Frame, { tickMs }: FeelRun): number {
  return now - shownTick * tickMs;
}
