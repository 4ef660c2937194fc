// Hides jumps of the picture: when the source of an entity says that it is elsewhere than it was drawn, it is drawn beside it for a while, ever closer.
//
// Such a source is a prediction that was corrected, a state that came too late, or the other source: an entity that is predicted from now on, or no longer.
// The error goes as a critically damped spring does (as in T. Lowe 2004, "Critically damped ease-in/ease-out smoothing"): it leaves and arrives softly, errors
// that come one after another add up, and what is left after a time does not depend on the frames in between.
// Invariant: only what is drawn is touched, never the simulation; what has no between (counts, names) is never touched; a teleport and an error of more than
// an eighth of a field's range are shown at once. After the first frame of an entity nothing is allocated. Units: milliseconds of the caller's clock.

import type { Layout } from '@tickwire/shared/internal';
import type { Shown } from './view.ts';

/** What was drawn of one entity. */
export interface Track {
  /** The view's object; another one is another entity, or one that was out of view. */
  readonly shown: Shown;
  /** Whether it was drawn from the prediction, and whether it was drawn at all. */
  isPredicted: boolean;
  isDrawn: boolean;
  /**
   * The numbers of all moving fields, five times: as drawn, the error that is left, its change a millisecond, as the source has them, the error found. Behind
   * them how long the error has faded and how long it takes; 0 when there is none.
   */
  readonly numbers: Float64Array;
  readonly teleports: number[];
}

export class Smoothing {
  /** Ticks of the last frame: of what is drawn from received states, and of what is predicted. */
  viewTick = 0;
  inputTick = 0;
  /** Ticks that the prediction had run again at the last frame. */
  replayedTicks = 0;
  readonly #tracks: (Track | undefined)[] = [];
  readonly #guests = new WeakMap<Shown, Track>();
  #errorMs = 0;
  #passedMs = 0;
  #now = Number.NaN;

  /** Begins a frame. @param errorMs how long a correction takes; 0 shows everything at once. */
  begin(now: number, errorMs: number): void {
    this.#passedMs = now > this.#now ? now - this.#now : 0;
    this.#now = now;
    this.#errorMs = errorMs;
  }

  /** What was drawn of the entity that is shown in a slot. */
  trackOf(slot: number, shown: Shown, layout: Layout): Track {
    const known = this.#tracks[slot];
    if (known?.shown === shown) return known;
    // A guest that became the server's entity: its object has another place, and is seen where it was.
    const track = this.guestTrack(shown, layout);
    this.#guests.delete(shown);
    this.#tracks[slot] = track;
    return track;
  }

  /** What was drawn of an entity that this client's steps have spawned, which has no slot yet. */
  guestTrack(shown: Shown, layout: Layout): Track {
    let track = this.#guests.get(shown);
    if (!track) {
      const numbers = new Float64Array(5 * layout.movingNumbers + 2);
      track = { shown, isPredicted: false, isDrawn: false, numbers, teleports: layout.teleports.map(() => 0) };
      this.#guests.set(shown, track);
    }
    return track;
  }

  /** What comes next is shown at once. */
  clear(track: Track, layout: Layout): void {
    track.numbers.fill(0, layout.movingNumbers);
  }

  /** The source has changed, and has filled the entity's object with what it says now of the time of the last frame. Notes how far it is from what was drawn. */
  changed(track: Track, layout: Layout, isPredicted: boolean): void {
    const { numbers, shown } = track;
    const size = layout.movingNumbers;
    if (this.#errorMs <= 0 || teleported(track, layout)) {
      this.clear(track, layout);
      return;
    }
    let isOther = false;
    for (const { name, motion, numbersAt } of layout.moving) {
      const [drawn, error, source, found] = [numbersAt, size + numbersAt, 3 * size + numbersAt, 4 * size + numbersAt];
      motion.put(shown[name], numbers, source);
      motion.offset(numbers, source, drawn, found);
      const isLarge = motion.along === 'line' && exceeds(numbers, found, motion.size, motion.range / largestShare);
      for (let axis = 0; axis < motion.size; axis++) {
        if (isLarge) numbers[found + axis] = 0;
        // What is less than others are sent at finest is not seen: it is shown at once.
        if (Math.abs((numbers[found + axis] as number) - (numbers[error + axis] as number)) > Math.max(tiny, motion.finest)) isOther = true;
        if (isLarge) numbers[size + error + axis] = 0;
      }
    }
    if (!isOther) return;
    numbers.copyWithin(size, 4 * size, 5 * size);
    const life = track.isPredicted === isPredicted ? this.#errorMs : this.#errorMs * switchLives;
    numbers[5 * size + 1] = Math.max(life, numbers[5 * size + 1] as number);
    numbers[5 * size] = 0;
  }

  /** The entity's object has what its source says of this frame: adds what is left of the error. @returns whether there is any. */
  draw(track: Track, layout: Layout, isPredicted: boolean): boolean {
    const { numbers, shown } = track;
    const size = layout.movingNumbers;
    if (layout.teleports.length > 0 && teleported(track, layout)) this.clear(track, layout);
    for (let index = 0; index < layout.teleports.length; index++) track.teleports[index] = shown[layout.teleports[index]?.name as string] as number;
    track.isPredicted = isPredicted;
    track.isDrawn = true;
    const isLeft = numbers[5 * size + 1] !== 0 && this.#fade(numbers, layout);
    for (const { name, motion, numbersAt } of layout.moving) {
      motion.put(shown[name], numbers, numbersAt);
      if (!isLeft) continue;
      motion.move(numbers, numbersAt, numbers, size + numbersAt, 1);
      shown[name] = motion.take(numbers, numbersAt, shown[name]);
    }
    return isLeft;
  }

  /** Lets an error fade for a while. @returns whether there is any left. */
  #fade(numbers: Float64Array, layout: Layout): boolean {
    const size = layout.movingNumbers;
    const passedMs = this.#passedMs;
    const life = numbers[5 * size + 1] as number;
    const age = (numbers[5 * size] as number) + passedMs;
    if (age >= life * livesMax) {
      numbers.fill(0, size);
      return false;
    }
    numbers[5 * size] = age;
    const stiffness = springs / life;
    const rest = Math.exp(-stiffness * passedMs);
    for (let error = size; error < 2 * size; error++) {
      const off = numbers[error] as number;
      const rate = numbers[error + size] as number;
      const pull = rate + stiffness * off;
      numbers[error] = (off + pull * passedMs) * rest;
      numbers[error + size] = (rate - stiffness * pull * passedMs) * rest;
    }
    for (const { motion, numbersAt } of layout.moving) {
      for (let error = size + numbersAt; error < size + numbersAt + motion.size; error++) {
        const left = Math.abs(numbers[error] as number) + Math.abs(numbers[error + size] as number) * life;
        if (left > motion.finest / 4) return true;
      }
    }
    numbers.fill(0, size);
    return false;
  }
}

function teleported({ shown, teleports, isDrawn }: Track, layout: Layout): boolean {
  for (let index = 0; isDrawn && index < teleports.length; index++)
    if (shown[layout.teleports[index]?.name as string] !== teleports[index]) return true;
  return false;
}

function exceeds(numbers: Float64Array, at: number, size: number, most: number): boolean {
  for (let axis = 0; axis < size; axis++) if (Math.abs(numbers[at + axis] as number) > most) return true;
  return false;
}

/** An error of more than this part of a field's range is no error but another place. */
const largestShare = 8;
/**
 * An entity that is from now on drawn in the present, or in the past, moves by the time between: mostly 150 to 250 ms of its way. In three times 100 ms it
 * slows down or hurries, and does not go backwards.
 */
const switchLives = 3;
/** How stiff a spring is of whose error 4 % is left after its life: (1 + 5) / e^5. */
const springs = 5;
/** After so many lives 1 / 20,000 is left: that is nothing. */
const livesMax = 2.5;
/** Less than any grid has. */
const tiny = 1e-6;
