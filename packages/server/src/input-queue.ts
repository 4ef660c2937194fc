// The inputs of one client, waiting for their ticks; and the one that is in force.
//
// Invariant: exactly one input is used for each tick. The first accepted for a tick is final. When a tick's input is missing, the levels of the last
// one go on and nothing is pressed; a press that comes late counts at the next tick, since presses travel as counts (law 14).
// Units: ticks; margins in quarter ticks; view lag in sixteenths of a tick.

import { type AnyGame, type InputOf, limits } from '@tickwire/shared';
import { type Layout, noMargin, pressesBetween } from '@tickwire/shared/internal';

const ring = limits.inputsQueued;

export class InputQueue<G extends AnyGame> {
  readonly #layout: Layout;
  readonly #rows: Int32Array;
  readonly #ticks: Int32Array = new Int32Array(ring).fill(-1);
  readonly #lags: Int32Array = new Int32Array(ring);
  /** The row in force, the tick it was for, and the presses counted when it was last used. */
  readonly #row: Int32Array;
  #rowTick = -1;
  readonly #pressAt: { readonly name: string; readonly at: number }[] = [];
  readonly #used: Int32Array;
  /** What steps and rooms read; one object, filled anew each tick. */
  readonly input: InputOf<G>;
  /** How far the client's view was behind the input in force. */
  viewLag = 0;
  /** Tick of the newest input in force or waiting, -1 before the first. */
  newestTick = -1;
  /** Ticks without an input since the first one came. */
  missed = 0;
  /** Least margin since the last `takeMargin`. */
  #margin = Number.POSITIVE_INFINITY;

  constructor(game: G) {
    this.#layout = game.inputLayout;
    this.#rows = new Int32Array(ring * this.#layout.words);
    this.#row = new Int32Array(this.#layout.words);
    this.#used = new Int32Array(this.#layout.words);
    for (const { name, kind, at } of this.#layout.fields) if (kind.text === 'press') this.#pressAt.push({ name, at });
    const input = {};
    this.#layout.initialise(input as Record<string, unknown>);
    this.#layout.store(input, this.#row, 0);
    this.input = input as InputOf<G>;
  }

  /**
   * Takes an input for `tick` from the row at the start of `row`.
   * @param next the tick that will be made next. @param ticksNow the present time in ticks, with its fraction: 811.25 is before tick 812.
   * @returns false when it came before, is too far ahead, or too late to be of use.
   */
  accept(tick: number, row: Int32Array, viewLag: number, next: number, ticksNow: number): boolean {
    if (tick >= next + ring) {
      this.#margin = Math.min(this.#margin, tick - ticksNow); // so that the client learns that it is far ahead
      return false;
    }
    const { words } = this.#layout;
    if (tick < next) {
      if (tick <= this.#rowTick) return false;
      this.#row.set(row);
      this.#rowTick = tick;
      this.newestTick = Math.max(this.newestTick, tick);
      this.#margin = Math.min(this.#margin, tick - ticksNow);
      return true;
    }
    const index = tick % ring;
    if (this.#ticks[index] === tick) return false;
    this.#ticks[index] = tick;
    this.#lags[index] = viewLag;
    this.#rows.set(row, index * words);
    this.newestTick = Math.max(this.newestTick, tick);
    this.#margin = Math.min(this.#margin, tick - ticksNow);
    return true;
  }

  /** Puts the input for `tick` in force. Call once for each tick, ascending. */
  take(tick: number): void {
    const index = tick % ring;
    const { words } = this.#layout;
    if (this.#ticks[index] === tick) {
      for (let word = 0; word < words; word++) this.#row[word] = this.#rows[index * words + word] as number;
      this.#rowTick = tick;
      this.viewLag = this.#lags[index] as number;
    } else if (this.newestTick >= 0) {
      this.missed++;
    }
    this.#layout.load(this.#row, 0, this.input);
    for (const { name, at } of this.#pressAt) {
      (this.input as Record<string, unknown>)[name] = pressesBetween(this.#used[at] as number, this.#row[at] as number);
      this.#used[at] = this.#row[at] as number;
    }
  }

  /** Inputs that are here, without a gap, for the ticks after `tick`; 63 at most. */
  lead(tick: number): number {
    let lead = 0;
    while (lead < 63 && this.#ticks[(tick + lead + 1) % ring] === tick + lead + 1) lead++;
    return lead;
  }

  /** The least margin since the last call, in quarter ticks, -127 to 127; `noMargin` when no input came. Begins anew. */
  takeMargin(): number {
    const margin = this.#margin;
    this.#margin = Number.POSITIVE_INFINITY;
    return margin === Number.POSITIVE_INFINITY ? noMargin : Math.max(-127, Math.min(127, Math.floor(margin * 4)));
  }
}
