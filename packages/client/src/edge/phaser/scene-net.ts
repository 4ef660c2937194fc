// SceneNet: a room's life inside a scene. Frames it with the scene, shows its entities as game objects, and lets go of everything when the scene ends.
//
// Invariant: one loop frames the room at a time. While the scene runs that is Phaser's; while it is paused, asleep or over, the one that the room had before.
// Units: milliseconds of performance.now(), which packets are timed by as well. Phaser's own time stands still while its loop does.

import type { AnyGame, EntityName, EventName, EventOf } from '@tickwire/shared';
import type { Scene } from 'phaser';
import type { ClientRoom } from '../../client-room.ts';
import type { View } from '../../view.ts';
import { type Binding, Bound, type Figure } from './bound.ts';

export interface SceneNetOptions {
  /** What moves the room on. Default: `room.frame(now)`. With @tickwire/local and `loop: 'manual'`: `(now) => local.frame(now)`. */
  frame?(now: number): void;
}

/**
 * Puts a room into a scene. Call it in the scene's `create`: from then on the scene's frames are the room's (`room.loop` need not be `manual`), and entities
 * show as the game objects that `bind` names, moved before the scene's own `update` runs. The scene's shutdown ends that and keeps nothing; the room goes on.
 * One scene at a time.
 */
export function tickwire<G extends AnyGame>(scene: Scene, room: ClientRoom<G>, options: SceneNetOptions = {}): SceneNet<G> {
  return new SceneNet(scene, room, options);
}

export class SceneNet<G extends AnyGame> {
  readonly room: ClientRoom<G>;
  readonly #scene: Scene;
  readonly #frame: (now: number) => void;
  readonly #loopBefore: 'auto' | 'manual';
  readonly #bounds: { draw(): void; clear(): void }[] = [];
  readonly #undo: (() => void)[] = [];
  #runs = false;

  constructor(scene: Scene, room: ClientRoom<G>, options: SceneNetOptions) {
    this.room = room;
    this.#scene = scene;
    this.#frame = options.frame ?? ((now) => room.frame(now));
    this.#loopBefore = room.loop;
    for (const [name, handler] of this.#handlers) scene.events.on(name, handler);
    this.#take();
  }

  /** What is shown now. */
  get view(): View<G> {
    return this.room.view;
  }

  /**
   * Shows every entity of a type as an object that `make` gives. Objects are used again: one whose entity has gone is hidden until the next entity comes.
   * `net.bind('rocket', { make: () => this.add.image(0, 0, 'rocket'), add: (image, rocket) => image.setTint(tints[rocket.team]) })`.
   * @throws TypeError when the game has no such type.
   */
  bind<Name extends EntityName<G>, O extends Figure>(type: Name, binding: Binding<G, Name, O>): Bound<G, Name, O> {
    const bound = new Bound<G, Name, O>(this.room, type, binding);
    this.#bounds.push(bound);
    return bound;
  }

  /**
   * As `room.on`, until the scene ends; but an effect (an event with `expiresMs`) that comes while nobody sees the scene, which is paused, asleep or in a
   * hidden page, is not handed over: what it would show would wait there with all others. @returns a function that removes the handler.
   */
  on<Name extends EventName<G>>(name: Name, handler: (fields: EventOf<G, Name>) => unknown): () => void {
    const isEffect = this.room.game.events[name]?.expiresMs !== undefined;
    const off = this.room.on(name, isEffect ? (fields) => (this.#isSeen ? handler(fields) : undefined) : handler);
    this.#undo.push(off);
    return off;
  }

  /** Takes the room out of the scene, and every object of it. The scene's shutdown does it by itself. */
  close(): void {
    for (const [name, handler] of this.#handlers) this.#scene.events.off(name, handler);
    for (const off of this.#undo.splice(0)) off();
    for (const bound of this.#bounds.splice(0)) bound.clear();
    this.#giveBack();
  }

  /** Before the scene's own `update`, which finds every object in its place. */
  readonly #update = (): void => {
    this.#frame(performance.now());
    for (let index = 0; index < this.#bounds.length; index++) this.#bounds[index]?.draw();
  };

  get #isSeen(): boolean {
    return this.#runs && !this.room.hidden;
  }

  readonly #take = (): void => {
    this.#runs = true;
    this.room.loop = 'manual';
  };

  readonly #giveBack = (): void => {
    this.#runs = false;
    this.room.loop = this.#loopBefore;
  };

  readonly #end = (): void => this.close();

  readonly #handlers: readonly (readonly [event: string, handler: () => void])[] = [
    ['update', this.#update],
    ['resume', this.#take],
    ['wake', this.#take],
    ['pause', this.#giveBack],
    ['sleep', this.#giveBack],
    ['shutdown', this.#end],
    ['destroy', this.#end],
  ];
}
