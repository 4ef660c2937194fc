// What each client may see: what its type lets it see, of that what lies near it (a spatial grid with hysteresis), and of that what the room's `visible`
// lets through.
//
// The grid is made anew for each tick in which a snapshot is due: each entity's position is read once, then a counting sort puts slots into cells.
// Invariant: a client sees the room's state, what it controls and what everyone predicts, whatever the rules say; an entity that came into view within
// `radius` stays until it is beyond `leaveRadius`, so that nothing flickers at the edge. What a client is given depends on nothing that it may not see.
// Reused arrays only: no tick allocates once they have grown. Units: the game's own lengths; slots.
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
  /** Slots that the client controls: from there it sees. Without any it sees nothing that has a position, or a team. */
  readonly controls: ReadonlySet<number>;
}

/** The room's own rule: whether a viewer may see an entity. */
export type VisibleRule<V extends Viewer> = (viewer: V, entity: Entity) => boolean;

/** What a viewer saw: by slot the number of the last call that had it. */
interface Sight {
  call: number;
  seenIn: Int32Array;
  /** The ticks of this call and of the one before. */
  tick: number;
  before: number;
}

/** Cells at most: a world much larger than the radius shares cells, which only costs comparisons. */
const cellsMax = 4096;

export class Interest<V extends Viewer = Viewer> {
  readonly #world: World<AnyGame>;
  readonly #grid: Required<GridInterest> | undefined;
  readonly #rule: VisibleRule<V> | undefined;
  /** By type: who may see it, as `seenBy`. */
  readonly #seenBy: Uint8Array;
  readonly #hasTeams: boolean;
  readonly #sights = new WeakMap<V, Sight>();
  /** By slot: its cell, or what else is to be known of it; and where it is. */
  #cellOf = new Int32Array(64);
  #x = new Float64Array(64);
  #y = new Float64Array(64);
  #z = new Float64Array(64);
  #hasPlace = new Uint8Array(64);
  /** By slot: the version that lives there, and the tick in which it was first found. */
  #versions: Int32Array = new Int32Array(64);
  #foundTick: Int32Array = new Int32Array(64);
  /** Slots by cell, where each cell begins, and the slots that are in none. */
  #sorted = new Int32Array(64);
  readonly #starts = new Int32Array(cellsMax + 1);
  #everywhere = new Int32Array(64);
  #everywhereCount = 0;
  #tick = -1;
  /** The list that the last call gave, and by length the part of it that is to be sorted. */
  readonly #seen = { slots: new Int32Array(64), count: 0 };
  #parts: (Int32Array | undefined)[] = [];
  /** Teams of the viewer at hand. */
  readonly #teams: unknown[] = [];

  /** @param rule asked for each entity that everything else lets the viewer see. */
  constructor(world: World<AnyGame>, grid: GridInterest | undefined, rule: VisibleRule<V> | undefined) {
    if (grid && !(grid.radius > 0 && (grid.leaveRadius ?? grid.radius) >= grid.radius)) {
      throw new RangeError(`interest: radius ${grid.radius} must be above 0, and leaveRadius ${grid.leaveRadius} at least that`);
    }
    this.#world = world;
    this.#grid = grid && { radius: grid.radius, leaveRadius: grid.leaveRadius ?? grid.radius * 1.15, position: grid.position ?? 'pos' };
    this.#rule = rule;
    this.#seenBy = Uint8Array.from(world.game.types, ({ predict, visible }) => (predict === 'everyone' ? seenBy.all : seenBy[visible]));
    this.#hasTeams = this.#seenBy.includes(seenBy.team);
  }

  /** The slots that a viewer may see now, ascending; valid until the next call. */
  slotsFor(viewer: V): VisibleSlots {
    if (this.#tick !== this.#world.tick) this.#rebuild();
    const sight = this.#sightOf(viewer);
    sight.call++;
    sight.before = sight.tick;
    sight.tick = this.#tick;
    this.#seen.count = 0;
    this.#add(sight, 0);
    this.#teams.length = 0;
    for (const slot of viewer.controls) {
      const entity = this.#world.at(slot);
      if (!entity) continue;
      this.#add(sight, slot);
      if (this.#hasTeams && entity['team'] !== undefined) this.#teams.push(entity['team']);
    }
    for (let index = 0; index < this.#everywhereCount; index++) this.#offer(viewer, sight, this.#everywhere[index] as number);
    if (this.#grid) for (const slot of viewer.controls) this.#addNear(viewer, sight, slot, this.#grid);
    this.#sort();
    return this.#seen;
  }

  /** Everything within reach of an entity. */
  #addNear(viewer: V, sight: Sight, from: number, { radius, leaveRadius }: Required<GridInterest>): void {
    if (this.#hasPlace[from] !== 1) return;
    const { call, seenIn, before } = sight;
    const xs = this.#x;
    const ys = this.#y;
    const zs = this.#z;
    const starts = this.#starts;
    const x = xs[from] as number;
    const y = ys[from] as number;
    const z = zs[from] as number;
    const column = Math.floor(x / leaveRadius);
    const row = Math.floor(y / leaveRadius);
    const near = radius * radius;
    const stays = leaveRadius * leaveRadius;
    for (let cellRow = row - 1; cellRow <= row + 1; cellRow++) {
      for (let cellColumn = column - 1; cellColumn <= column + 1; cellColumn++) {
        const cell = cellIndex(cellColumn, cellRow);
        const end = starts[cell + 1] as number;
        for (let index = starts[cell] as number; index < end; index++) {
          const slot = this.#sorted[index] as number;
          const dx = (xs[slot] as number) - x;
          const dy = (ys[slot] as number) - y;
          const dz = (zs[slot] as number) - z;
          const squared = dx * dx + dy * dy + dz * dz;
          const wasSeen = (seenIn[slot] as number) >= call - 1 && (this.#foundTick[slot] as number) <= before;
          if (squared <= near || (wasSeen && squared <= stays)) this.#offer(viewer, sight, slot);
        }
      }
    }
  }

  /** Adds a slot if its type and the room's rule let the viewer see it. */
  #offer(viewer: V, sight: Sight, slot: number): void {
    if (sight.seenIn[slot] === sight.call) return;
    const entity = this.#world.at(slot);
    if (!entity) return;
    const seen = this.#seenBy[this.#world.typeAt(slot)];
    if (seen === seenBy.team && !this.#teams.includes(entity['team'])) return;
    if (seen !== seenBy.all && this.#rule && !this.#rule(viewer, entity)) return;
    this.#add(sight, slot);
  }

  #add(sight: Sight, slot: number): void {
    if (sight.seenIn[slot] === sight.call) return;
    sight.seenIn[slot] = sight.call;
    this.#seen.slots[this.#seen.count++] = slot;
  }

  #sort(): void {
    const { slots, count } = this.#seen;
    let part = this.#parts[count];
    if (!part) {
      part = slots.subarray(0, count);
      this.#parts[count] = part;
    }
    part.sort();
  }

  #rebuild(): void {
    const world = this.#world;
    const { slotCount } = world;
    this.#tick = world.tick;
    this.#grow(slotCount);
    const starts = this.#starts;
    const cellOf = this.#cellOf;
    starts.fill(0);
    this.#everywhereCount = 0;
    for (let slot = 1; slot < slotCount; slot++) {
      cellOf[slot] = -1;
      this.#hasPlace[slot] = 0;
      const entity = world.at(slot);
      if (!entity) continue;
      if (this.#versions[slot] !== world.versionAt(slot)) {
        this.#versions[slot] = world.versionAt(slot);
        this.#foundTick[slot] = world.tick;
      }
      const isPlaced = this.#place(slot, entity);
      const seen = this.#seenBy[world.typeAt(slot)];
      if (seen === seenBy.owner) continue;
      if (!isPlaced || seen === seenBy.all) {
        this.#everywhere[this.#everywhereCount++] = slot;
        continue;
      }
      const size = (this.#grid as Required<GridInterest>).leaveRadius;
      const cell = cellIndex(Math.floor((this.#x[slot] as number) / size), Math.floor((this.#y[slot] as number) / size));
      cellOf[slot] = cell;
      starts[cell + 1] = (starts[cell + 1] as number) + 1;
    }
    for (let cell = 0; cell < cellsMax; cell++) starts[cell + 1] = (starts[cell + 1] as number) + (starts[cell] as number);
    const placed = starts[cellsMax] as number;
    // Filled from the back, so that the starts end where they began.
    for (let slot = slotCount - 1; slot > 0; slot--) {
      const cell = cellOf[slot] as number;
      if (cell < 0) continue;
      starts[cell + 1] = (starts[cell + 1] as number) - 1;
      this.#sorted[starts[cell + 1] as number] = slot;
    }
    for (let cell = 0; cell < cellsMax; cell++) starts[cell] = starts[cell + 1] as number;
    starts[cellsMax] = placed;
  }

  /** Notes where an entity is. @returns false when it is nowhere, or when nobody asks. */
  #place(slot: number, entity: Entity): boolean {
    const place = this.#grid && (entity[this.#grid.position] as Partial<Place> | undefined);
    if (typeof place?.x !== 'number' || typeof place.y !== 'number') return false;
    this.#hasPlace[slot] = 1;
    this.#x[slot] = place.x;
    this.#y[slot] = place.y;
    this.#z[slot] = place.z ?? 0;
    return true;
  }

  #sightOf(viewer: V): Sight {
    let sight = this.#sights.get(viewer);
    if (!sight) {
      // The call before the first one was none.
      sight = { call: 1, seenIn: new Int32Array(this.#sorted.length), tick: -1, before: -1 };
      this.#sights.set(viewer, sight);
    } else if (sight.seenIn.length < this.#sorted.length) {
      sight.seenIn = grown(sight.seenIn, this.#sorted.length);
    }
    return sight;
  }

  #grow(slots: number): void {
    if (slots <= this.#sorted.length) return;
    const size = slots * 2;
    this.#sorted = new Int32Array(size);
    this.#cellOf = new Int32Array(size);
    this.#everywhere = new Int32Array(size);
    this.#hasPlace = new Uint8Array(size);
    this.#x = new Float64Array(size);
    this.#y = new Float64Array(size);
    this.#z = new Float64Array(size);
    this.#versions = grown(this.#versions, size);
    this.#foundTick = grown(this.#foundTick, size);
    this.#seen.slots = new Int32Array(size);
    this.#parts = [];
  }
}

interface Place {
  x: number;
  y: number;
  z?: number;
}

/** Who may see a type. `all`: everyone predicts it, so everyone needs it. */
const seenBy = { everyone: 0, owner: 1, team: 2, all: 3 } as const;

function grown(table: Int32Array, size: number): Int32Array {
  const larger = new Int32Array(size);
  larger.set(table);
  return larger;
}

/** The cell of a column and row; far ones fold onto near ones. */
function cellIndex(column: number, row: number): number {
  return (((row & 63) << 6) | (column & 63)) & (cellsMax - 1);
}
