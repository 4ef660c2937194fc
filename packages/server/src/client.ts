// One player, as a room's code sees it. Made by the framework when the player's link has opened; passed to onJoin, onLeave and event handlers.
//
// Invariant: a client is the same object from onJoin to onLeave. What the framework keeps about the player is in its Member.

import type { AnyGame, CloseCode, EntityId, EntityName, EntityOf, EventName, EventOf, InputOf } from '@tickwire/shared';
import type { Plain } from '@tickwire/shared/internal';
import type { Member } from './member.ts';

/** What a client asked for when it joined: plain data of the game's own making, from the network. Check it. */
export type JoinOptions = { readonly [key: string]: Plain };

export class Client<G extends AnyGame = AnyGame> {
  readonly sessionId: string;
  /** What `onAuth` returned. */
  readonly auth: unknown;
  readonly options: JoinOptions;
  /** A place for the room's own notes about this player. It is not saved with the room. */
  readonly data: { [key: string]: unknown } = {};
  readonly #member: Member<G>;

  constructor(member: Member<G>, auth: unknown, options: JoinOptions) {
    this.#member = member;
    this.sessionId = member.session.sessionId;
    this.auth = auth;
    this.options = options;
  }

  /** This tick's input. A press is the number of presses in this tick. The object is filled anew each tick: copy what must last. */
  get input(): InputOf<G> {
    return this.#member.inputs.input;
  }

  /** The entities that this client controls, by slot. */
  get entities(): EntityOf<G>[] {
    return this.#member.controlled() as unknown as EntityOf<G>[];
  }

  /** Smoothed round-trip time, 0 before it is known. */
  get rttMs(): number {
    return this.#member.flow.rttMs;
  }

  /**
   * Gives the client control of an entity: its input moves it, its owner fields reach it, and it predicts it where the type says so. Takes effect with
   * this tick; another client that controlled it no longer does.
   * @throws RangeError when everything that the client would predict could not fit one packet.
   */
  control(entity: EntityOf<G, EntityName<G>> | { readonly id: EntityId }): void {
    this.#member.control(entity.id);
  }

  /** Takes control away. */
  release(entity: { readonly id: EntityId }): void {
    this.#member.release(entity.id);
  }

  /** Sends an event to this client alone. */
  emit<Name extends EventName<G>>(name: Name, fields: EventOf<G, Name>): void {
    this.#member.emit(name, fields);
  }

  /** Ends this client's stay; `onLeave` follows. */
  leave(code: CloseCode = 'kicked'): void {
    this.#member.dismiss(code);
  }
}
