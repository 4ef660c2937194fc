// One player, as a room's code sees it. Made by the framework when the player's link has opened; passed to onJoin, onLeave and event handlers.
//
// Invariant: a client is the same object from onJoin to onLeave. What the framework keeps about the player is in its Member.

import type { AnyGame, CloseCode, EntityId, EntityName, EntityOf, EventName, EventOf, InputOf } from '@tickwire/shared';
import type { Plain } from '@tickwire/shared/internal';
import type { BudgetReason } from './budget.ts';
import type { FlowState } from './flow.ts';
import type { Member } from './member.ts';
import type { Traffic } from './traffic.ts';

/** What a client asked for when it joined: plain data of the game's own making, from the network. Check it. */
export type JoinOptions = { readonly [key: string]: Plain };

/**
 * Why a client gets what it gets. `full`: everything that is due. `starting`: its path is being tried, or tried again. `budget`: something waits, for the
 * room's `budgetBytes` or the four packets of a snapshot. `loss`, `queue`: something waits, for its path carries less. `queue` and `silence` also leave
 * snapshots out until its acks come in time again.
 */
export type PaceReason = 'full' | 'budget' | Exclude<BudgetReason, 'none'> | Exclude<FlowState, 'open'>;

/** How fast state goes to a client, and why. */
export interface Pace {
  readonly reason: PaceReason;
  /** Bytes a second that it may be sent now: the room's `budgetBytes`, or less where its path carries less. */
  readonly budgetBytes: number;
  /** Smoothed share of snapshot packets that its path loses, 0 to 1. */
  readonly loss: number;
  /** Smoothed round-trip time, 0 before it is known. */
  readonly rttMs: number;
  /** Snapshots left out so far because of a queue or of silence. */
  readonly skipped: number;
}

/** @typeParam Auth what the room's `onAuth` returns. */
export class Client<G extends AnyGame = AnyGame, Auth = unknown> {
  readonly sessionId: string;
  /** What `onAuth` returned. */
  readonly auth: Auth;
  readonly options: JoinOptions;
  /** A place for the room's own notes about this player. It is not saved with the room. */
  readonly data: { [key: string]: unknown } = {};
  readonly #member: Member<G>;

  constructor(member: Member<G>, auth: Auth, options: JoinOptions) {
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

  /** Whether it has a link. Without one it is kept for a while, see `onDrop`; events for it wait. */
  get isConnected(): boolean {
    return this.#member.isConnected;
  }

  /** Smoothed round-trip time, 0 before it is known. */
  get rttMs(): number {
    return this.#member.flow.rttMs;
  }

  /** How fast state goes to this client now, and why. Made anew at each reading. */
  get pace(): Pace {
    return this.#member.pace;
  }

  /** What this client's snapshots were spent on so far, in bytes, by entity type and reason. */
  get traffic(): Traffic {
    return this.#member.traffic;
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
