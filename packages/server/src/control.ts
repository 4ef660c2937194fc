// Who controls which entity of a room, and whose input moves it: a client's, or what the room drives it with.
//
// Invariant: an entity has one controller at most, and whoever controls it has its slot in `controls`. A slot that another entity has taken is nobody's,
// whatever was noted for the one before. Units: slots.

import type { AnyGame, EntityId, InputSample } from '@tickwire/shared';
import { type Entity, slotOf, type World } from '@tickwire/shared/internal';
import { DrivenInputs } from './driven-inputs.ts';
import type { Member } from './member.ts';
import { checkPredictionGroup, groupBits, groupBitsMax } from './prediction-group.ts';

/** Who controls what is in a slot. The id tells when the slot is another entity's. */
interface Controlled<G extends AnyGame> {
  readonly member: Member<G>;
  readonly id: EntityId | undefined;
}

export class Control<G extends AnyGame> {
  readonly #world: World<AnyGame>;
  readonly #bySlot: (Controlled<G> | undefined)[] = [];
  readonly #idleInput: object = {};
  readonly #driven: DrivenInputs<G>;
  /** What a step is given. */
  readonly inputOf = ({ id }: Entity): object => this.memberOf(id)?.inputs.input ?? this.#driven.inputOf(id) ?? this.#idleInput;

  constructor(world: World<AnyGame>) {
    this.#world = world;
    this.#driven = new DrivenInputs(world.game as G);
    world.game.inputLayout.initialise(this.#idleInput as Record<string, unknown>);
  }

  memberOf(id: EntityId): Member<G> | undefined {
    const controlled = this.#bySlot[slotOf(id)];
    return controlled?.id === id ? controlled.member : undefined;
  }

  /** Gives control; whoever had it loses it. @throws RangeError when what the member would predict could outgrow a packet. */
  take(member: Member<G>, id: EntityId): void {
    checkPredictionGroup(this.#world, this.#isWith(member, slotOf(id)));
    this.#give(member, id);
  }

  /** As `take`, for what a step has spawned: it stays nobody's when it does not fit. */
  takeIfFits(member: Member<G>, id: EntityId): void {
    if (groupBits(this.#world, this.#isWith(member, slotOf(id))) > groupBitsMax) return;
    this.#give(member, id);
    member.controls.add(slotOf(id));
  }

  /** Gives an entity its input. @throws Error for one that is gone, or that a client controls. */
  drive(id: EntityId, sample: InputSample<G>): void {
    if (!this.#world.entityOf(id)) throw new Error(`drive(): there is no entity ${id} any more: drive it no longer when it is despawned`);
    if (this.memberOf(id))
      throw new Error(`drive(): a client controls entity ${id}, and its input is the client's; botInput plays for a client that has lost its link`);
    this.#driven.drive(id, sample);
  }

  /** The steps of a tick have run. */
  stepped(): void {
    this.#driven.stepped();
  }

  free(slot: number): void {
    this.#bySlot[slot]?.member.controls.delete(slot);
    this.#bySlot[slot] = undefined;
  }

  /** Of a saved room: the member has the slot already. */
  restore(member: Member<G>, slot: number): void {
    this.#bySlot[slot] = { member, id: this.#world.at(slot)?.id };
  }

  /** Ends the control of what is gone from a slot. */
  sweep(slot: number): void {
    const controlled = this.#bySlot[slot];
    if (controlled && controlled.id !== this.#world.at(slot)?.id) this.free(slot);
  }

  #give(member: Member<G>, id: EntityId): void {
    const slot = slotOf(id);
    this.free(slot);
    this.#driven.free(slot);
    this.#bySlot[slot] = { member, id };
  }

  /** Whether a slot is among what a member controls when it gets one more. */
  #isWith(member: Member<G>, slot: number): (other: number) => boolean {
    return (other) => other === slot || this.#bySlot[other]?.member === member;
  }
}
