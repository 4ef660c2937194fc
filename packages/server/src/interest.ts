// What each client may see: everything, what lies near it (a spatial grid with hysteresis), and of that what the room's `visible` lets through.
//
// The grid is made anew for each tick in which a snapshot is due: a counting sort of the entities into cells, in typed arrays that are used again.
// Invariant: a client sees the room's state, what it controls and what everyone predicts, whatever the rules say; an entity that came into view within
// `radius` stays until it is beyond `leaveRadius`, so that nothing flickers at the edge. Units: the game's own lengths; slots.
// Method: uniform grid by counting sort, as in S. Green, "Particle simulation using CUDA" (2010).

import type { AnyGame } from '@tickwire/shared';
import type { Entity, World } from '@tickwire/shared/internal';
import type { VisibleSlots } from './due-list.ts';

/** How near an entity must be to be seen. */
export interface GridInterest {
  /** An entity within this distance of anything that the client controls comes into its view. */
  radius: number;
  /** Beyond this distance it leaves. Default 1.15 times `radius`. */
  leaveRadius?: number;
  /** The field that says where an entity is: { x, y } or { x, y, z }. Entities without it are seen everywhere. Default `pos`. */
  position?: string;
}

/** Whom the slots are for. */
export interface Viewer {
  /** Slots that the client controls: from there it sees. Without any it sees nothing that has a position. */
  readonly controls: ReadonlySet<number>;
}

/** What a viewer sees: the list that it is given, and by slot whether it saw it in this call and in the one before. */
interface Sight {
  slots: Int32Array;
  count: number;
  seen: Uint8Array;
}

interface Place {
  x: number;
  y: number;
  z?: number;
}

/** Cells at most: a world much larger than the radius shares cells, which only costs comparisons. */
const cellsMax = 4096;

export class Interest {
  readonly #world: World<AnyGame>;
  readonly #grid: Required<GridInterest> | undefined;
  /** Slots by cell, where each cell begins, and the slots that have no position. */
  #sorted = new Int32Array(64);
  #cellOf = new Int32Array(64);
  readonly #starts = new Int32Array(cellsMax + 1);
  #placeless = new Int32Array(64);
  #placelessCount = 0;
  #tick = -1;
  /** For each viewer what it saw last, by slot, and the list that it is given. */
  readonly #views = new WeakMap<Viewer, Sight>();

  constructor(world: World<AnyGame>, grid: GridInterest | undefined) {
    if (grid && !(grid.radius > 0 && (grid.leaveRadius ?? grid.radius) >= grid.radius)) {
      throw new RangeError(`interest: radius ${grid.radius} must be above 0, and leaveRadius ${grid.leaveRadius} at least that`);
    }
    this.#world = world;
    this.#grid = grid && { radius: grid.radius, leaveRadius: grid.leaveRadius ?? grid.radius * 1.15, position: grid.position ?? 'pos' };
  }

  /** The slots that a viewer may see now, ascending; valid until its next call. @param allows the room's own rule, asked for each candidate. */
  slotsFor(viewer: Viewer, allows: ((entity: Entity) => boolean) | undefined): VisibleSlots {
    if (this.#tick !== this.#world.tick) this.#rebuild();
    const view = this.#viewOf(viewer);
    view.count = 0;
    this.#add(view, 0);
    for (const slot of viewer.controls) if (this.#world.at(slot)) this.#add(view, slot);
    for (let index = 0; index < this.#placelessCount; index++) this.#offer(view, this.#placeless[index] as number, allows);
    if (this.#grid) for (const slot of viewer.controls) this.#addNear(view, this.#placeOf(this.#world.at(slot)), allows);
    for (let slot = 0; slot < view.seen.length; slot++)
      if (view.seen[slot] !== 0) view.seen[slot] = (view.seen[slot] as number) & current ? previous : 0;
    view.slots.subarray(0, view.count).sort();
    return view;
  }

  /** Everything within reach of a place. */
  #addNear(view: Sight, from: Place | undefined, allows: ((entity: Entity) => boolean) | undefined): void {
    const grid = this.#grid;
    if (!grid || !from) return;
    const reach = Math.ceil(grid.leaveRadius / grid.radius);
    const column = Math.floor(from.x / grid.radius);
    const row = Math.floor(from.y / grid.radius);
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        const cell = cellIndex(column + dx, row + dy);
        for (let index = this.#starts[cell] as number; index < (this.#starts[cell + 1] as number); index++) {
          const slot = this.#sorted[index] as number;
          if (((view.seen[slot] as number) & current) !== 0) continue;
          const place = this.#placeOf(this.#world.at(slot));
          const radius = ((view.seen[slot] as number) & previous) !== 0 ? grid.leaveRadius : grid.radius;
          if (place && distanceSquared(from, place) <= radius * radius) this.#offer(view, slot, allows);
        }
      }
    }
  }

  #offer(view: Sight, slot: number, allows: ((entity: Entity) => boolean) | undefined): void {
    const entity = this.#world.at(slot);
    if (entity && (!allows || this.#isShared(slot) || allows(entity))) this.#add(view, slot);
  }

  #add(view: Sight, slot: number): void {
    if (((view.seen[slot] as number) & current) !== 0) return;
    view.seen[slot] = (view.seen[slot] as number) | current;
    view.slots[view.count++] = slot;
  }

  #isShared(slot: number): boolean {
    return this.#world.game.types[this.#world.typeAt(slot)]?.predict === 'everyone';
  }

  /** What everyone predicts is everywhere: each client needs it to predict. */
  #placeOf(entity: Entity | null): Place | undefined {
    const place = this.#grid && entity ? (entity[this.#grid.position] as Partial<Place> | undefined) : undefined;
    return typeof place?.x === 'number' && typeof place.y === 'number' ? (place as Place) : undefined;
  }

  #rebuild(): void {
    const { slotCount } = this.#world;
    this.#tick = this.#world.tick;
    this.#grow(slotCount);
    this.#starts.fill(0);
    this.#placelessCount = 0;
    for (let slot = 1; slot < slotCount; slot++) {
      const entity = this.#world.at(slot);
      this.#cellOf[slot] = -1;
      if (!entity) continue;
      const place = this.#isShared(slot) ? undefined : this.#placeOf(entity);
      if (!place || !this.#grid) {
        this.#placeless[this.#placelessCount++] = slot;
        continue;
      }
      const cell = cellIndex(Math.floor(place.x / this.#grid.radius), Math.floor(place.y / this.#grid.radius));
      this.#cellOf[slot] = cell;
      this.#starts[cell + 1] = (this.#starts[cell + 1] as number) + 1;
    }
    for (let cell = 0; cell < cellsMax; cell++) this.#starts[cell + 1] = (this.#starts[cell + 1] as number) + (this.#starts[cell] as number);
    const placed = this.#starts[cellsMax] as number;
    // Filled from the back, so that the starts end where they began.
    for (let slot = slotCount - 1; slot > 0; slot--) {
      const cell = this.#cellOf[slot] as number;
      if (cell < 0) continue;
      this.#starts[cell + 1] = (this.#starts[cell + 1] as number) - 1;
      this.#sorted[this.#starts[cell + 1] as number] = slot;
    }
    for (let cell = 0; cell < cellsMax; cell++) this.#starts[cell] = this.#starts[cell + 1] as number;
    this.#starts[cellsMax] = placed;
  }

  #viewOf(viewer: Viewer): Sight {
    let view = this.#views.get(viewer);
    if (!view || view.seen.length < this.#world.slotCount) {
      const size = this.#sorted.length;
      const seen = new Uint8Array(size);
      if (view) seen.set(view.seen);
      view = { slots: new Int32Array(size), count: 0, seen };
      this.#views.set(viewer, view);
    }
    return view;
  }

  #grow(slots: number): void {
    if (slots <= this.#sorted.length) return;
    this.#sorted = new Int32Array(slots * 2);
    this.#cellOf = new Int32Array(slots * 2);
    this.#placeless = new Int32Array(slots * 2);
  }
}

/** Marks of a slot in a view: seen in this call, and in the one before. */
const current = 1;
const previous = 2;

/** The cell of a column and row; far ones fold onto near ones. */
function cellIndex(column: number, row: number): number {
  return (((row & 63) << 6) | (column & 63)) & (cellsMax - 1);
}

function distanceSquared(a: Place, b: Place): number {
  const dz = (a.z ?? 0) - (b.z ?? 0);
  return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y) + dz * dz;
}
