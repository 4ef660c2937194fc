// Which inputs the server made its ticks with, and which the clients did: where they differ, an input was missing at its tick.
//
// Invariant: a tick's note is that of its newest simulation; a replay uses the same input again. Units: ticks.

export class InputAgreement {
  /** By entity, then tick. */
  readonly #served = new Map<number, number[]>();
  readonly #foreseen = new Map<number, number[]>();

  note(isServer: boolean, id: number, tick: number, x: number, y: number): void {
    const notes = isServer ? this.#served : this.#foreseen;
    let list = notes.get(id);
    if (!list) {
      list = [];
      notes.set(id, list);
    }
    list[tick] = x * 4096 + y;
  }

  /** Ticks after `afterTick` up to `toTick` that the server made with another input than the client. */
  differences(id: number, afterTick: number, toTick: number): number {
    const served = this.#served.get(id) ?? [];
    const foreseen = this.#foreseen.get(id) ?? [];
    let differences = 0;
    for (let tick = Math.max(0, afterTick + 1); tick <= toTick; tick++) {
      if (served[tick] !== undefined && served[tick] !== foreseen[tick]) differences++;
    }
    return differences;
  }
}
