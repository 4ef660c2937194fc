// How a client's own player fares: corrections with their size and cause, and how far ahead its inputs are made.
//
// Invariant: a correction is explained when the server made a tick since the one before with another input than the client; else the simulation itself
// went apart. Its size is how far the newest predicted place moved. Units: milliseconds; units of the game.

import type { ClientRoom } from '@tickwire/client/core';
import type { EntityId } from '@tickwire/shared';
import { slotOf, versionOf } from '@tickwire/shared/internal';
import { percentile } from '../percentile.ts';
import { type FeelGame, quantum } from './feel-game.ts';
import type { InputAgreement } from './input-agreement.ts';

export interface OwnFigures {
  readonly correctionsPerMinute: number;
  readonly correctionP99: number;
  readonly correctionMax: number;
  readonly correctionsOverQuantum: number;
  readonly correctionsUnexplained: number;
  readonly leadP50Ms: number;
  readonly leadP99Ms: number;
}

export class OwnMeter {
  readonly #room: ClientRoom<FeelGame>;
  readonly #inputs: InputAgreement;
  readonly #tickMs: number;
  readonly #sizes: number[] = [];
  readonly #leads: number[] = [];
  readonly #place = { pos: { x: 0, y: 0 } };
  #unexplained = 0;
  #corrections = 0;
  #leadTick = -1;
  #tick = -1;
  #x = 0;
  #y = 0;

  constructor(room: ClientRoom<FeelGame>, inputs: InputAgreement, tickMs: number) {
    this.#room = room;
    this.#inputs = inputs;
    this.#tickMs = tickMs;
  }

  /** Before a frame: where the prediction has the own player now. */
  before(id: EntityId): void {
    const { predictor } = this.#room;
    const own = predictor?.world.get(id);
    if (!predictor || !own) return;
    this.#tick = predictor.tick;
    this.#x = own.pos.x;
    this.#y = own.pos.y;
  }

  /** After the frame. @param counts whether the measured time has begun. */
  after(id: EntityId, now: number, counts: boolean): void {
    const { stats, received, view } = this.#room;
    if (counts) this.#leads.push(view.inputTick * this.#tickMs - now);
    if (stats.corrections > this.#corrections) {
      this.#corrections = stats.corrections;
      if (counts) {
        this.#sizes.push(this.#sizeOfCorrection(id));
        if (this.#inputs.differences(id, this.#leadTick, received.leadTick) === 0) this.#unexplained++;
      }
    }
    this.#leadTick = received.leadTick;
  }

  /** Of several clients together. @param minutes of play of all of them. */
  static figures(meters: readonly OwnMeter[], minutes: number): OwnFigures {
    const sizes = meters.flatMap((meter) => meter.#sizes).sort((a, b) => a - b);
    const leads = meters.flatMap((meter) => meter.#leads).sort((a, b) => a - b);
    return {
      correctionsPerMinute: sizes.length / minutes,
      correctionP99: sizes.length === 0 ? 0 : percentile(sizes, 99),
      correctionMax: sizes[sizes.length - 1] ?? 0,
      correctionsOverQuantum: sizes.filter((size) => size > quantum).length,
      correctionsUnexplained: meters.reduce((sum, meter) => sum + meter.#unexplained, 0),
      leadP50Ms: percentile(leads, 50),
      leadP99Ms: percentile(leads, 99),
    };
  }

  /** How far the place at the tick that was the newest before the frame has moved. */
  #sizeOfCorrection(id: EntityId): number {
    const { predictor, received } = this.#room;
    const entity = received.get(id);
    const at = predictor?.history.rowAt(slotOf(id), versionOf(id), this.#tick) ?? -1;
    if (!predictor || !entity || at < 0) return Number.NaN;
    entity.type.layout.load(predictor.history.rows(slotOf(id)), at, this.#place);
    return Math.hypot(this.#place.pos.x - this.#x, this.#place.pos.y - this.#y);
  }
}
