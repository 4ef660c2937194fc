// What the server does with what steps ask for: it spawns, despawns and tells of events, and tells those who predict the step which ones these are.
//
// Invariant: whoever controls the entity that steps controls what it spawns, if that is for its controller to predict. An event of a step goes to every
// client; to those who predict the step it goes with its origin, and a mark that it was made goes with their snapshots. Units: ticks.

import type { AnyGame, EntityId } from '@tickwire/shared';
import type { Entity, SpawnOrigin, StepHost, World } from '@tickwire/shared/internal';
import type { Control } from './control.ts';
import type { Member } from './member.ts';

export class StepServices<G extends AnyGame> implements StepHost {
  readonly #world: World<AnyGame>;
  readonly #control: Control<G>;
  readonly #tell: (name: string, fields: object, origin: SpawnOrigin, predicts: (member: Member<G>) => boolean) => void;

  /** Of the step at hand. */
  #by: Entity | undefined;
  #tick = -1;
  #member: Member<G> | undefined;

  /** @param tell sends an event to every client, with its origin to those who predict it. */
  constructor(
    world: World<AnyGame>,
    control: Control<G>,
    tell: (name: string, fields: object, origin: SpawnOrigin, predicts: (member: Member<G>) => boolean) => void,
  ) {
    this.#world = world;
    this.#control = control;
    this.#tell = tell;
  }

  isExact(): boolean {
    return true;
  }

  spawn(type: string, values: object, origin: SpawnOrigin, by: Entity): Entity {
    const owner = this.#memberOf(by);
    const entity = this.#world.spawn(type, values, origin) as unknown as Entity;
    const member = this.#world.game.entities[type].predict === 'owner' ? owner : undefined;
    if (member) this.#control.takeIfFits(member, entity.id);
    return entity;
  }

  despawn(id: EntityId, by: Entity): void {
    this.#memberOf(by);
    this.#world.despawn(id);
  }

  emit(name: string, fields: object, origin: SpawnOrigin, by: Entity): void {
    // What runs for no entity, `stepWorld`, runs on every client.
    const predict = by.id === 0 ? 'everyone' : this.#world.game.entities[by.type].predict;
    const owner = predict === 'owner' ? this.#memberOf(by) : undefined;
    this.#tell(name, fields, origin, (member) => predict === 'everyone' || member === owner);
  }

  /** Who controlled the entity when its step began: a step that despawns it may go on, and its slot be another's by then. */
  #memberOf(by: Entity): Member<G> | undefined {
    if (by !== this.#by || this.#tick !== this.#world.tick) {
      this.#by = by;
      this.#tick = this.#world.tick;
      this.#member = this.#control.memberOf(by.id);
    }
    return this.#member;
  }
}
