// A room as plain data: what `save` writes and `restore` reads, and the hash that shows that both are the same.
//
// Invariant: a save holds no closure and no object of the process; a restored room has the same hash, and the same hash after any number of ticks with
// the same inputs. Units: ticks; words.

import type { AnyGame } from '@tickwire/shared';
import { type History, hashWord, hashWords, type Plain, type World } from '@tickwire/shared/internal';
import type { JoinOptions } from './client.ts';

export interface SavedMember {
  sessionId: string;
  auth: Plain;
  options: JoinOptions;
  session: unknown;
  /** The input in force: its levels go on, and its presses were counted. */
  input: number[];
  /** Events that came and were not handled yet. */
  events: Plain;
  /** The newest id of its effects. */
  effects: number;
  controls: number[];
}

export interface SavedRoom {
  schemaHash: string;
  seed: number;
  /** How often it was restored. */
  lives: number;
  world: unknown;
  /** For each slot in use its row on the step grid. */
  rows: [slot: number, words: number[]][];
  random: number[];
  timers: Plain;
  /** What the game's engine saves. */
  engine: Plain;
  members: SavedMember[];
  /** Whether it is locked and unlisted, its metadata and its code. */
  door: Plain;
  own: Plain;
}

/**
 * Every entity as it is now, what has changed since the last tick included, as rows on the step grid. The entities themselves are rounded to these rows:
 * the saved room and the restored one go on from the same numbers.
 */
export function saveRows(world: World<AnyGame>): SavedRoom['rows'] {
  const rows: SavedRoom['rows'] = [];
  for (let slot = 0; slot < world.slotCount; slot++) {
    const entity = world.at(slot);
    const layout = world.game.types[world.typeAt(slot)]?.layout;
    if (!entity || !layout) continue;
    const row = new Int32Array(layout.words);
    layout.store(entity, row, 0);
    layout.load(row, 0, entity);
    rows.push([slot, [...row]]);
  }
  return rows;
}

/** Gives the entities of a restored world their fields, and records them. */
export function restoreRows(world: World<AnyGame>, history: History, rows: SavedRoom['rows']): void {
  for (const [slot, words] of rows) {
    const entity = world.at(slot);
    if (!entity) continue;
    world.game.types[world.typeAt(slot)]?.layout.load(Int32Array.from(words), 0, entity);
    history.record(slot, world.versionAt(slot), world.typeAt(slot), entity, world.tick);
  }
}

/** A hash over tick, ids and rows. */
export function worldHash(world: World<AnyGame>, history: History): number {
  let hash = hashWord(0, world.tick);
  forEachRow(world, history, (slot, ring, at, words) => {
    hash = hashWords(hashWord(hashWord(hash, slot), world.versionAt(slot)), ring, at, words);
  });
  return hash >>> 0;
}

function forEachRow(world: World<AnyGame>, history: History, visit: (slot: number, ring: Int32Array, at: number, words: number) => void): void {
  for (let slot = 0; slot < world.slotCount; slot++) {
    if (!world.at(slot)) continue;
    const at = history.rowAt(slot, world.versionAt(slot), world.tick);
    if (at >= 0) visit(slot, history.rows(slot), at, world.game.types[world.typeAt(slot)]?.layout.words ?? 0);
  }
}
