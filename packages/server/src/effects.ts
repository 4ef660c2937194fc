// Effects on their way to one client: events that expire. They ride in snapshot packets, again and again, until one of these is acknowledged or the
// effect's time is over. What was made in a step that the client predicts waits for an ack in any case, and so does the mark of a reliable event that was:
// from what is not there, the client concludes that the server did not make it.
//
// Invariant: ids count up, modulo 65536, and the client plays each id once; at most `limits.effectsPerPacket` wait, the oldest go first.
// Units: ticks.

import { limits } from '@tickwire/shared';
import type { EventType, SpawnOrigin } from '@tickwire/shared/internal';

export interface WaitingEffect {
  readonly id: number;
  readonly type: EventType;
  readonly tick: number;
  readonly expiresTick: number;
  /** Empty in the mark of a reliable event. */
  readonly row: Int32Array;
  readonly origin: SpawnOrigin | undefined;
}

export class Effects {
  readonly waiting: WaitingEffect[] = [];
  #lastId = 0;

  /** @param origin when the client predicts the step that made it. */
  add(type: EventType, values: object, tick: number, expiresTick: number, origin?: SpawnOrigin): void {
    const row = new Int32Array(type.layout.words);
    type.layout.store(values, row, 0);
    this.#wait(type, tick, origin ? Number.POSITIVE_INFINITY : expiresTick, row, origin);
  }

  /** The client predicts the step that made this reliable event: it learns that it was made. */
  mark(type: EventType, origin: SpawnOrigin): void {
    this.#wait(type, origin.tick, Number.POSITIVE_INFINITY, noRow, origin);
  }

  /** Drops what is worthless by now. */
  expire(tick: number): void {
    let kept = 0;
    for (const effect of this.waiting) if (effect.expiresTick >= tick) this.waiting[kept++] = effect;
    this.waiting.length = kept;
  }

  get lastId(): number {
    return this.#lastId;
  }

  /** Ids go on far from those that were given since the save with this one: the client has played them. */
  restore(lastId: number): void {
    this.#lastId = (lastId + 0x8000) & 0xffff;
  }

  /** The client has this one. */
  done(id: number): void {
    const index = this.waiting.findIndex((effect) => effect.id === id);
    if (index >= 0) this.waiting.splice(index, 1);
  }

  #wait(type: EventType, tick: number, expiresTick: number, row: Int32Array, origin: SpawnOrigin | undefined): void {
    if (this.waiting.length === limits.effectsPerPacket) this.waiting.shift();
    this.#lastId = (this.#lastId + 1) & 0xffff;
    this.waiting.push({ id: this.#lastId, type, tick, expiresTick, row, origin });
  }
}

const noRow = new Int32Array(0);

/** Bits of an effect at most: id, type, age, origin and fields. */
export function effectBits({ type, row, origin }: WaitingEffect): number {
  return 16 + 6 + 40 + 1 + (origin ? 16 + 40 : 0) + (row === noRow ? 0 : type.layout.bitsMax('step', true));
}
