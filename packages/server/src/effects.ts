// Effects on their way to one client: events that expire. They ride in snapshot packets, again and again, until one of these is acknowledged or the
// effect's time is over.
//
// Invariant: ids count up, modulo 65536, and the client plays each id once; at most `limits.effectsPerPacket` wait, the oldest go first.
// Units: ticks.

import { limits } from '@tickwire/shared';
import type { EventType, Layout } from '@tickwire/shared/internal';

export interface WaitingEffect {
  readonly id: number;
  readonly type: EventType;
  readonly tick: number;
  readonly expiresTick: number;
  readonly row: Int32Array;
}

export class Effects {
  readonly waiting: WaitingEffect[] = [];
  #lastId = 0;

  add(type: EventType, values: object, tick: number, expiresTick: number): void {
    if (this.waiting.length === limits.effectsPerPacket) this.waiting.shift();
    const row = new Int32Array(type.layout.words);
    type.layout.store(values, row, 0);
    this.#lastId = (this.#lastId + 1) & 0xffff;
    this.waiting.push({ id: this.#lastId, type, tick, expiresTick, row });
  }

  /** Drops what is worthless by now. */
  expire(tick: number): void {
    let kept = 0;
    for (const effect of this.waiting) if (effect.expiresTick >= tick) this.waiting[kept++] = effect;
    this.waiting.length = kept;
  }

  /** The client has this one. */
  done(id: number): void {
    const index = this.waiting.findIndex((effect) => effect.id === id);
    if (index >= 0) this.waiting.splice(index, 1);
  }
}

/** Bits of an effect at most: id, type, age and fields. */
export function effectBits(layout: Layout): number {
  return 16 + 6 + 40 + layout.bitsMax('step', true);
}
