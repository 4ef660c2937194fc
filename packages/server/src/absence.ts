// What becomes of a client that has no link, and of what it controls, until it is back or its time is over.
//
// Invariant: with everybody here, a tick runs as if this did not exist. Units: ticks; seconds where a name says so.

import type { AnyGame, CloseCode } from '@tickwire/shared';
import type { Entity } from '@tickwire/shared/internal';
import { BotInput } from './bot-input.ts';
import type { Control } from './control.ts';
import type { Member } from './member.ts';
import type { Room } from './room.ts';

/** Runs code of the game; when it throws, the room ends. */
type Guard = (where: string, run: () => void) => void;

export class Absence<G extends AnyGame> {
  readonly #room: Room<G>;
  readonly #control: Control<G>;
  readonly #guard: Guard;
  readonly #botInput: BotInput<G>;
  #isAnyAway = false;
  readonly #isAwake = ({ id }: Entity): boolean => this.#control.memberOf(id)?.isConnected !== false;

  constructor(game: G, room: Room<G>, control: Control<G>, guard: Guard) {
    this.#room = room;
    this.#control = control;
    this.#guard = guard;
    this.#botInput = new BotInput(game);
  }

  /** A tick begins. */
  begin(): void {
    this.#isAnyAway = false;
  }

  /** Sees to the input of a client that has no link. It is neutral already. */
  input({ client, inputs }: Member<G>): void {
    this.#isAnyAway = true;
    const sample = this.#room.whileDropped === 'ai' ? this.#room.botInput(client) : undefined;
    if (sample === undefined) return;
    this.#botInput.fill(inputs.input, sample);
    // It plays in the present.
    inputs.viewLag = 0;
  }

  /** Which entities step in this tick; undefined for all. */
  get stepping(): ((entity: Entity) => boolean) | undefined {
    return this.#isAnyAway && this.#room.whileDropped === 'freeze' ? this.#isAwake : undefined;
  }

  /** @returns seconds for which the client is kept. */
  dropped({ client }: Member<G>, code: CloseCode): number {
    const { allowReconnection } = this.#room;
    if (!(allowReconnection > 0)) return 0;
    let seconds: number | undefined;
    this.#guard('onDrop', () => {
      seconds = this.#room.onDrop(client, code) as number | undefined;
    });
    return seconds ?? allowReconnection;
  }

  reconnected({ client }: Member<G>, isNewPage: boolean): void {
    this.#guard('onReconnect', () => this.#room.onReconnect(client, isNewPage));
  }
}
