// A room's timers: names and data that are due at a tick. Data, never closures, so that a room can be saved with them.
//
// Invariant: timers fire in the order of their ticks, and those of one tick in the order in which they were set. Bounded by `limits.timersPerRoom`.
// Units: ticks.

import { limits } from '@tickwire/shared';
import type { Plain } from '@tickwire/shared/internal';

interface Timer {
  readonly tick: number;
  readonly name: string;
  readonly data: Plain;
}

export class Timers {
  #timers: Timer[] = [];

  /** @throws RangeError when the tick is no number (it would hold up every timer behind it) or too many are waiting. */
  add(tick: number, name: string, data: Plain): void {
    if (!Number.isFinite(tick)) throw new RangeError(`after('${name}'): the number of ticks comes to ${tick}`);
    if (this.#timers.length === limits.timersPerRoom) throw new RangeError(`after('${name}'): ${limits.timersPerRoom} timers are waiting already`);
    let at = this.#timers.length;
    while (at > 0 && (this.#timers[at - 1] as Timer).tick > tick) at--;
    this.#timers.splice(at, 0, { tick, name, data });
  }

  /** Takes out the next timer that is due at `tick`, or undefined. */
  takeDue(tick: number): Timer | undefined {
    const next = this.#timers[0];
    return next && next.tick <= tick ? this.#timers.shift() : undefined;
  }

  save(): Plain {
    return this.#timers.map(({ tick, name, data }) => [tick, name, data]);
  }

  restore(saved: Plain): void {
    this.#timers = (saved as [number, string, Plain][]).map(([tick, name, data]) => ({ tick, name, data }));
  }
}
