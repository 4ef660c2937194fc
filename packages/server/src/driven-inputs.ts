// The inputs of entities that no client controls, as the room's code gives them: bots that play by the rules that hold for players.
//
// Invariant: levels hold until the room gives others, presses are those of one tick. One object a slot, made at its first use and used again: a tick
// allocates nothing here. Units: slots.

import type { AnyGame, EntityId, InputOf, InputSample } from '@tickwire/shared';
import { slotOf } from '@tickwire/shared/internal';
import { BotInput } from './bot-input.ts';

interface Driven<G extends AnyGame> {
  /** Whose it is; another entity in its slot has none. */
  id: EntityId | undefined;
  readonly input: InputOf<G>;
}

export class DrivenInputs<G extends AnyGame> {
  readonly #writer: BotInput<G>;
  readonly #bySlot: (Driven<G> | undefined)[] = [];
  readonly #presses: readonly string[];
  /** Given since the last tick, so many of them; a list that is emptied and filled again would be made anew. */
  readonly #fresh: InputOf<G>[] = [];
  #freshCount = 0;

  constructor(game: G) {
    this.#writer = new BotInput(game);
    this.#presses = game.inputLayout.fields.filter(({ kind }) => kind.text === 'press').map(({ name }) => name);
  }

  /** @throws TypeError for a value that its field cannot hold. */
  drive(id: EntityId, sample: InputSample<G>): void {
    const slot = slotOf(id);
    let driven = this.#bySlot[slot];
    if (!driven) {
      driven = { id, input: {} as InputOf<G> };
      this.#bySlot[slot] = driven;
    }
    this.#writer.fill(driven.input, sample);
    driven.id = id;
    this.#fresh[this.#freshCount++] = driven.input;
  }

  /** What was given to an entity; undefined when nothing was. */
  inputOf(id: EntityId): InputOf<G> | undefined {
    const driven = this.#bySlot[slotOf(id)];
    return driven?.id === id ? driven.input : undefined;
  }

  /** What is in this slot has a client now. */
  free(slot: number): void {
    const driven = this.#bySlot[slot];
    if (driven) driven.id = undefined;
  }

  /** The steps have run: what was pressed is over. */
  stepped(): void {
    for (let index = 0; index < this.#freshCount; index++)
      for (const name of this.#presses) (this.#fresh[index] as Record<string, unknown>)[name] = 0;
    this.#freshCount = 0;
  }
}
