// Which fields of predicted entities the server corrected, when and from what: the room's probe, for as long as the panel is open.
//
// Invariant: an entity has one entry for each field that ever differed, the newest; what is kept is bounded by the entities that are known.
// Units: milliseconds of the panel's clock; ticks; bytes.

import type { AnyGame } from '@tickwire/shared';
import { type History, slotOf, versionOf } from '@tickwire/shared/internal';
import type { ReceivedEntity } from '../../received.ts';
import type { RoomProbe } from '../../room-probe.ts';
import { shortText } from './figures.ts';

export interface Correction {
  readonly at: number;
  readonly tick: number;
  /** As texts. */
  readonly predicted: string;
  readonly server: string;
}

/** Entities that are remembered; the one corrected longest ago is forgotten for the next. */
const entitiesMax = 256;

export class Corrections implements RoomProbe {
  readonly recordBytes: Float64Array;
  readonly #now: () => number;
  readonly #byEntity = new Map<number, Map<string, Correction>>();

  constructor(game: AnyGame, now: () => number) {
    this.recordBytes = new Float64Array(game.types.length);
    this.#now = now;
  }

  corrected(received: ReceivedEntity, history: History, tick: number): void {
    const { id, type } = received;
    const at = received.rowFor(tick);
    const slot = slotOf(id);
    const predictedAt = history.rowAt(slot, versionOf(id), tick);
    if (at < 0 || predictedAt < 0) return;
    const predicted = history.rows(slot);
    for (const field of type.layout.fields) {
      const { words } = field.kind;
      let differs = false;
      for (let word = field.at; word < field.at + words; word++) if (predicted[predictedAt + word] !== received.rows[at + word]) differs = true;
      if (!differs) continue;
      this.#note(id, field.name, {
        at: this.#now(),
        tick,
        predicted: shortText(field.kind.load(predicted, predictedAt + field.at)),
        server: shortText(field.kind.load(received.rows, at + field.at)),
      });
    }
  }

  /** The newest correction of a field, if there was one. */
  of(id: number, field: string): Correction | undefined {
    return this.#byEntity.get(id)?.get(field);
  }

  #note(id: number, field: string, correction: Correction): void {
    const fields = this.#byEntity.get(id) ?? new Map<string, Correction>();
    this.#byEntity.delete(id);
    this.#byEntity.set(id, fields);
    fields.set(field, correction);
    if (this.#byEntity.size <= entitiesMax) return;
    for (const oldest of this.#byEntity.keys()) {
      this.#byEntity.delete(oldest);
      return;
    }
  }
}
