// Bound: the entities of one type as game objects of a scene, and the objects that wait for their next entity.
//
// Invariant: after `draw` every entity in view has one object and no other object is visible. An object goes on with its entity when what was spawned ahead
// gets the server's id. Drawing makes no garbage while nobody comes or goes. Units: the game's own; angles in radians, which Phaser calls rotation.

import type { AnyGame, EntityId, EntityName } from '@tickwire/shared';
import type { ClientRoom } from '../../client-room.ts';
import type { ViewEntity } from '../../view.ts';

/** What shows an entity: any game object of Phaser, or a class of your own that has what it needs of this. */
export interface Figure {
  setPosition?(x: number, y: number): unknown;
  setRotation?(radians: number): unknown;
  setActive?(isActive: boolean): unknown;
  setVisible?(isVisible: boolean): unknown;
  destroy(): void;
}

/** How entities of a type are shown. */
export interface Binding<G extends AnyGame, Name extends EntityName<G>, O extends Figure> {
  /** Makes an object when none is free. It is for any entity: what one entity decides is for `add`. */
  make(): O;
  /** An entity has come into view. A used object comes as its last entity left it. */
  add?(object: O, entity: ViewEntity<G, Name>): void;
  /** Each frame, when the object is in its place. */
  update?(object: O, entity: ViewEntity<G, Name>): void;
  /** The entity has left the view, its fields are what was drawn last. The object is made invisible and inactive behind this. Not called when the scene ends. */
  remove?(object: O, entity: ViewEntity<G, Name>): void;
  /** Puts the object where the entity is. Default: `setPosition` by its field `pos`, if that is a `vec2`, and `setRotation` by its first angle. */
  place?(object: O, entity: ViewEntity<G, Name>): void;
}

export class Bound<G extends AnyGame, Name extends EntityName<G>, O extends Figure> {
  readonly #room: ClientRoom<G>;
  readonly #type: Name;
  readonly #binding: Binding<G, Name, O>;
  readonly #place: (object: O, entity: ViewEntity<G, Name>) => void;
  /** By the view's own objects: they outlive a change of their id. */
  readonly #shown = new Map<unknown, O>();
  readonly #free: O[] = [];
  #entities: readonly ViewEntity<G, Name>[] = [];

  constructor(room: ClientRoom<G>, type: Name, binding: Binding<G, Name, O>) {
    this.#room = room;
    this.#type = type;
    this.#binding = binding;
    this.#place = binding.place?.bind(binding) ?? placer(room.game, type);
  }

  /** The object of an entity, by its id; undefined when it is not shown (yet: what has come into view in this frame gets its object behind the events). */
  get(id: EntityId | null): O | undefined {
    return this.#shown.get(this.#room.view.get(id));
  }

  /** The object of the first entity that this client controls: what a camera follows. */
  get mine(): O | undefined {
    return this.#shown.get(this.#room.view.mine(this.#type));
  }

  /** Shows the view as it is now. For the framework. */
  draw(): void {
    const entities = this.#room.view.all(this.#type);
    // The list of a view is another one when somebody has come or gone.
    if (entities !== this.#entities) this.#change(entities);
    for (let index = 0; index < entities.length; index++) {
      const entity = entities[index] as ViewEntity<G, Name>;
      const object = this.#shown.get(entity) as O;
      this.#place(object, entity);
      this.#binding.update?.(object, entity);
    }
  }

  /** Destroys all objects. For the framework. */
  clear(): void {
    for (const object of this.#shown.values()) object.destroy();
    for (const object of this.#free) object.destroy();
    this.#shown.clear();
    this.#free.length = 0;
    this.#entities = [];
  }

  #change(entities: readonly ViewEntity<G, Name>[]): void {
    const here = new Set(entities);
    // Those that go make room for those that come.
    for (const entity of this.#entities) if (!here.has(entity)) this.#remove(entity);
    for (const entity of entities) if (!this.#shown.has(entity)) this.#add(entity);
    this.#entities = entities;
  }

  #add(entity: ViewEntity<G, Name>): void {
    const object = this.#free.pop() ?? this.#binding.make();
    object.setActive?.(true);
    object.setVisible?.(true);
    this.#shown.set(entity, object);
    this.#binding.add?.(object, entity);
  }

  #remove(entity: ViewEntity<G, Name>): void {
    const object = this.#shown.get(entity) as O;
    this.#shown.delete(entity);
    this.#binding.remove?.(object, entity);
    object.setActive?.(false);
    object.setVisible?.(false);
    this.#free.push(object);
  }
}

/** @throws TypeError when the game has no such type. */
function placer(game: AnyGame, type: string): (object: Figure, entity: object) => void {
  const fields = game.types.find(({ name }) => name === type)?.layout.fields;
  if (!fields) throw new TypeError(`there is no entity type '${type}' in the game '${game.name}'`);
  const hasPos = fields.some(({ name, kind }) => name === 'pos' && kind.text.startsWith('vec2'));
  const angle = fields.find(({ kind }) => kind.text.startsWith('angle'))?.name;
  return (object, entity) => {
    const values = entity as { readonly pos: { readonly x: number; readonly y: number } } & Readonly<Record<string, number>>;
    if (hasPos) object.setPosition?.(values.pos.x, values.pos.y);
    if (angle !== undefined) object.setRotation?.(values[angle] as number);
  };
}
