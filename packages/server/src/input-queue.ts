// The inputs of one client, waiting for their ticks; and the one that is in force.
//
// Invariant: exactly one input is used for each tick. The first accepted for a tick is final. When a tick's input is missing, the levels of the last
// one go on, or are the initial ones where the game wants that, and nothing is pressed; a press that comes late counts at the next tick, since presses
// travel as counts (law 14), and there it has the view in which it was made. A held input is not
// missing: its client said that it is the input of all later ticks too, until another one comes.
// Units: ticks; margins in quarter ticks; view lag in parts of a tick (`viewTickParts`).

import { type AnyGame, type InputOf, limits } from '@tickwire/shared';
import { type Layout, noMargin, pressesBetween, viewTickParts } from '@tickwire/shared/internal';

const ring = limits.inputsQueued;
/** More than any margin. */
const noneYet = 1000;

export class InputQueue<G extends AnyGame> {
  /** Nobody is there: levels are the initial ones, nothing is pressed, and nothing counts as missed. */
  isIdle = false;
  readonly #layout: Layout;
  readonly #missingIsNeutral: boolean;
  readonly #rows: Int32Array;
  readonly #ticks: Int32Array = new Int32Array(ring).fill(-1);
  readonly #lags: Int32Array = new Int32Array(ring);
  /** The newest tick of each place for which an input came, in time or not. */
  readonly #came: Int32Array = new Int32Array(ring).fill(-1);
  /** The row in force, the tick it was for, and the row that the last tick used. */
  readonly #row: Int32Array;
  #rowTick = -1;
  #rowLag = 0;
  /** The oldest late input that has all presses of the row in force: they were made there, or before. */
  #pressTick = -1;
  #pressLag = 0;
  readonly #pressAt: { readonly name: string; readonly at: number }[] = [];
  readonly #used: Int32Array;
  /** The newest input is that of all later ticks too, until another one comes. */
  #holds = false;
  /** The last ticks, from the one to before the other, were made with a held input. */
  #heldFrom = 0;
  #heldTo = 0;
  /** What steps and rooms read; one object, filled anew each tick. */
  readonly input: InputOf<G>;
  /** How far the client's view was behind the tick that is made, when the input in force was made; in a tick of late presses, when those were. */
  viewLag = 0;
  /** Tick of the newest input in force or waiting, -1 before the first. */
  newestTick = -1;
  /** Ticks without an input since the first one came. */
  missed = 0;
  /** The client was away: what it has pressed meanwhile is not made up for. */
  #wasAway = false;
  /** Least margin since the last `takeMargin`, in quarter ticks. Whole numbers take no memory of their own when they are stored. */
  #margin = noneYet;

  constructor(game: G) {
    this.#layout = game.inputLayout;
    this.#missingIsNeutral = game.inputMissing === 'neutral';
    this.#rows = new Int32Array(ring * this.#layout.words);
    this.#row = new Int32Array(this.#layout.words);
    this.#used = new Int32Array(this.#layout.words);
    for (const { name, kind, at } of this.#layout.fields) if (kind.text === 'press') this.#pressAt.push({ name, at });
    const input = {};
    this.#layout.initialise(input as Record<string, unknown>);
    this.#layout.store(input, this.#row, 0);
    this.#used.set(this.#row);
    this.input = input as InputOf<G>;
  }

  /**
   * Takes an input for `tick` from the row at the start of `row`.
   * @param next the tick that will be made next. @param ticksNow the present time in ticks, with its fraction: 811.25 is before tick 812.
   * @returns false when it came before, is too far ahead, or too late to be of use.
   */
  accept(tick: number, row: Int32Array, viewLag: number, next: number, ticksNow: number): boolean {
    if (tick >= next + ring) {
      this.#note(tick, ticksNow); // so that the client learns that it is far ahead
      return false;
    }
    const { words } = this.#layout;
    const index = tick % ring;
    if (this.#wasAway) this.#forgive(tick, row);
    // The first copy says when the input could be used, whether it still is or not.
    if ((this.#came[index] as number) < tick) {
      this.#came[index] = tick;
      this.#note(tick, ticksNow);
    }
    if (tick < next) return this.#acceptLate(tick, row, viewLag, next);
    if (this.#ticks[index] === tick) return false;
    this.#ticks[index] = tick;
    this.#lags[index] = viewLag;
    this.#rows.set(row, index * words);
    this.newestTick = Math.max(this.newestTick, tick);
    return true;
  }

  /**
   * A packet's oldest input is for the tick `oldest`: if the newest one here holds, it is the input of the ticks between. Call before the packet's inputs
   * are accepted, when the packet has all inputs since the change. @param next the tick that will be made next.
   */
  bridge(oldest: number, next: number): void {
    if (!this.#holds || oldest >= next + ring) return;
    const { words } = this.#layout;
    const from = this.newestTick;
    const isWaiting = from >= next;
    const index = from % ring;
    const lag = isWaiting ? (this.#lags[index] as number) : this.#rowLag;
    for (let tick = Math.max(from + 1, next); tick < oldest; tick++) {
      this.#ticks[tick % ring] = tick;
      this.#lags[tick % ring] = lag;
      if (isWaiting) this.#rows.copyWithin((tick % ring) * words, index * words, (index + 1) * words);
      else this.#rows.set(this.#row, (tick % ring) * words);
    }
  }

  /** Whether a packet's newest input, for `tick`, holds. Call when the packet's inputs were accepted; what is older than the newest says nothing. */
  hold(tick: number, holds: boolean): void {
    if (tick === this.newestTick) this.#holds = holds;
    this.#wasAway = false;
  }

  /** The client has lost its link: until a packet of it comes, nothing is held or pressed. */
  away(): void {
    this.isIdle = true;
    this.#wasAway = true;
    this.#pressTick = -1;
  }

  /** Another page makes the inputs from now on, and counts its presses from 0. */
  clear(): void {
    this.#layout.initialise(this.input as Record<string, unknown>);
    this.#layout.store(this.input, this.#row, 0);
    this.#used.set(this.#row);
    for (const ticks of [this.#ticks, this.#came]) ticks.fill(-1);
    this.#rowTick = -1;
    this.#rowLag = 0;
    this.#pressTick = -1;
    this.#holds = false;
    this.#heldTo = 0;
    this.#margin = noneYet;
    this.#wasAway = false;
    this.viewLag = 0;
    this.newestTick = -1;
    this.missed = 0;
  }

  /** Puts the input for `tick` in force. Call once for each tick, ascending. */
  take(tick: number): void {
    const index = tick % ring;
    const { words } = this.#layout;
    const isLate = this.#pressTick >= 0 && !this.#hasPressesOf(this.#used, this.#row);
    this.viewLag = this.#pressLag + viewTickParts * (tick - this.#pressTick);
    let isMissing = false;
    if (this.#ticks[index] === tick) {
      for (let word = 0; word < words; word++) this.#row[word] = this.#rows[index * words + word] as number;
      this.#rowTick = tick;
      this.#heldTo = 0;
      this.#rowLag = this.#lags[index] as number;
    } else if (this.#holds && tick > this.newestTick) {
      if (this.#heldTo !== tick) this.#heldFrom = tick;
      this.#heldTo = tick + 1;
    } else if (this.newestTick >= 0) {
      isMissing = true;
      if (!this.isIdle) this.missed++;
    }
    if (!isLate) this.viewLag = this.#rowLag;
    this.#pressTick = -1;
    if (this.isIdle) this.#makeIdle();
    this.#layout.load(this.#row, 0, this.input);
    if (isMissing && this.#missingIsNeutral) this.#layout.initialise(this.input as Record<string, unknown>);
    for (const { name, at } of this.#pressAt) {
      (this.input as Record<string, unknown>)[name] = pressesBetween(this.#used[at] as number, this.#row[at] as number);
    }
    this.#used.set(this.#row);
  }

  /** Inputs that are here, without a gap, for the ticks after `tick`; 63 at most. */
  lead(tick: number): number {
    let lead = 0;
    while (lead < 63 && this.#ticks[(tick + lead + 1) % ring] === tick + lead + 1) lead++;
    return lead;
  }

  /** The least margin since it was last taken, in quarter ticks, -127 to 127; `noMargin` when no input came. */
  get margin(): number {
    return this.#margin === noneYet ? noMargin : Math.max(-127, this.#margin);
  }

  /** The margin, which begins anew. */
  takeMargin(): number {
    const { margin } = this;
    this.#margin = noneYet;
    return margin;
  }

  /** The input in force as plain data, for a saved room. */
  save(): number[] {
    return [...this.#used];
  }

  /** Takes back what `save` gave: its levels go on until an input comes, and its presses are not counted again. */
  restore(saved: readonly number[]): void {
    this.#used.set(saved);
    this.#row.set(saved);
  }

  /** What was pressed up to this input is over. Of a packet the oldest one, which comes last, decides. */
  #forgive(tick: number, row: Int32Array): void {
    for (const { at } of this.#pressAt) {
      this.#used[at] = row[at] as number;
      if (tick > this.#rowTick) this.#row[at] = row[at] as number;
    }
  }

  #note(tick: number, ticksNow: number): void {
    const margin = Math.min(127, Math.floor((tick - ticksNow) * 4)) | 0;
    if (margin < this.#margin) this.#margin = margin;
  }

  /** The tick was made without it: it counts from the next one on, if nothing newer does. */
  #acceptLate(tick: number, row: Int32Array, viewLag: number, next: number): boolean {
    if (tick >= this.#heldFrom && tick < this.#heldTo && this.#differs(row)) {
      this.missed += this.#heldTo - tick; // the change came too late: these ticks were made with the held input
      this.#heldTo = tick; // older ones may follow
    }
    if (tick < this.#pressTick && tick > next - ring && this.#hasPressesOf(row, this.#row)) {
      this.#pressTick = tick;
      this.#pressLag = viewLag;
    }
    if (tick <= this.#rowTick) return false;
    this.#row.set(row);
    this.#rowTick = tick;
    this.#rowLag = viewLag;
    this.#pressTick = tick;
    this.#pressLag = viewLag;
    this.newestTick = Math.max(this.newestTick, tick);
    return true;
  }

  #makeIdle(): void {
    this.#layout.load(this.#row, 0, this.input);
    for (const { name, kind } of this.#layout.fields) if (kind.text !== 'press') (this.input as Record<string, unknown>)[name] = kind.initial();
    this.#layout.store(this.input, this.#row, 0);
    for (const { at } of this.#pressAt) this.#used[at] = this.#row[at] as number;
  }

  #hasPressesOf(row: Int32Array, other: Int32Array): boolean {
    for (const { at } of this.#pressAt) if (row[at] !== other[at]) return false;
    return true;
  }

  #differs(row: Int32Array): boolean {
    for (let word = 0; word < this.#layout.words; word++) if (row[word] !== this.#used[word]) return true;
    return false;
  }
}
