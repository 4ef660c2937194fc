// An input that the room's code makes, for a client that is away or for an entity without one: the same numbers that it would be if a client had sent them.
//
// Invariant: it goes over the wire's grid, as every input does; what a sample leaves out has its initial value. Units: none.

import { type AnyGame, type InputOf, type InputSample, limits } from '@tickwire/shared';
import { BitReader, BitWriter, type Layout } from '@tickwire/shared/internal';

export class BotInput<G extends AnyGame> {
  readonly #layout: Layout;
  readonly #initial: readonly unknown[];
  readonly #row: Int32Array;
  readonly #sample: Record<string, unknown> = {};
  readonly #writer = new BitWriter(64 + limits.packetBytes);
  readonly #reader = new BitReader();

  constructor(game: G) {
    this.#layout = game.inputLayout;
    this.#initial = this.#layout.fields.map(({ kind }) => kind.initial());
    this.#row = new Int32Array(this.#layout.words);
  }

  /** Puts a sample into what steps and rooms read. A press is a boolean, or how often in this tick. @throws TypeError for a value that its field cannot hold. */
  fill(input: InputOf<G>, sample: InputSample<G>): void {
    const layout = this.#layout;
    for (let index = 0; index < layout.fields.length; index++) {
      const { name, kind } = layout.fields[index] as (typeof layout.fields)[number];
      const value = (sample as Record<string, unknown>)[name] ?? this.#initial[index];
      this.#sample[name] = kind.text === 'press' ? Number(value) : value;
    }
    layout.store(this.#sample, this.#row, 0);
    this.#writer.reset();
    layout.write(this.#writer, this.#row, 0, 'wire', true);
    this.#reader.reset(this.#writer.bytes, 0, this.#writer.end());
    layout.read(this.#reader, this.#row, 0, 'wire', true);
    layout.load(this.#row, 0, input as Record<string, unknown>);
  }
}
