// The ways round the walls: a grid of the places where a player can stand, and how far it is from each to any other.
//
// Invariant: made from the map alone; distances to a place are worked out when they are asked for first, and kept for every room of the process.
// Units: arena units for places and distances; cells are squares of `cellSize`, counted row by row.

import type { Vec2 } from '@tickwire/shared';
import { arenaSize, walls } from '../arena-map.ts';
import { balance } from '../balance.ts';
import { touchesWall } from '../rules/collision.ts';

const cellSize = 50;
const columns = arenaSize.width / cellSize;
const rows = arenaSize.height / cellSize;
const unreached = 0xffff;

/** Whether a player can walk straight from one place to the other. It may slide along a wall on its way, so it need not keep off. */
export function isOpenWay(from: Readonly<Vec2>, to: Readonly<Vec2>): boolean {
  return touchesWall(from, to, balance.playerRadius - 1, walls) === undefined;
}

/** Whether a shot gets from one place to the other. */
export function isOpenLine(from: Readonly<Vec2>, to: Readonly<Vec2>): boolean {
  return touchesWall(from, to, 0, walls) === undefined;
}

/** How far it is to walk. */
export function walkDistance(from: Readonly<Vec2>, to: Readonly<Vec2>): number {
  return distancesTo(cellAt(to))[cellAt(from)] as number;
}

/** Where to walk to straight, to get from one place to the other: written into `way`. It is the other place when nothing is between. */
export function stepTowards(from: Readonly<Vec2>, to: Readonly<Vec2>, way: Vec2): void {
  way.x = to.x;
  way.y = to.y;
  if (isOpenWay(from, to)) return;
  const distances = distancesTo(cellAt(to));
  let cell = cellAt(from);
  centreOf(nextCell(cell, distances), way);
  // Corners are cut where that is possible: as far down the way as is seen from here.
  for (let ahead = 0; ahead < lookAhead; ahead++) {
    const next = nextCell(cell, distances);
    if (next === cell) return;
    cell = next;
    centreOf(cell, probe);
    if (!isOpenWay(from, probe)) continue;
    way.x = probe.x;
    way.y = probe.y;
  }
}

const probe: Vec2 = { x: 0, y: 0 };
/** Cells: 400 units. */
const lookAhead = 8;
const steps = [-1, 1, -columns, columns, -columns - 1, -columns + 1, columns - 1, columns + 1] as const;
const diagonal = Math.round(cellSize * Math.SQRT2);
const standing = makeStanding();
/** Of each cell: those beside it to which one can walk. */
const neighbours: readonly (readonly number[])[] = Array.from({ length: columns * rows }, (_, cell) => neighboursOf(cell));
const known: (Uint16Array | undefined)[] = [];

/** Cells in whose middle a player touches no wall. */
function makeStanding(): Uint8Array {
  const cells = new Uint8Array(columns * rows);
  const centre = { x: 0, y: 0 };
  for (let cell = 0; cell < cells.length; cell++) {
    centreOf(cell, centre);
    cells[cell] = touchesWall(centre, centre, balance.playerRadius, walls) === undefined ? 1 : 0;
  }
  return cells;
}

function centreOf(cell: number, into: Vec2): void {
  into.x = ((cell % columns) + 0.5) * cellSize;
  into.y = (Math.floor(cell / columns) + 0.5) * cellSize;
}

/** The cell of a place, or the nearest one in which a player can stand. */
function cellAt({ x, y }: Readonly<Vec2>): number {
  const column = Math.min(columns - 1, Math.max(0, Math.floor(x / cellSize)));
  const row = Math.min(rows - 1, Math.max(0, Math.floor(y / cellSize)));
  const own = row * columns + column;
  if (standing[own]) return own;
  let best = own;
  let least = Number.POSITIVE_INFINITY;
  for (let dy = -2; dy <= 2; dy++) {
    for (let dx = -2; dx <= 2; dx++) {
      if (column + dx < 0 || column + dx >= columns || row + dy < 0 || row + dy >= rows) continue;
      const cell = own + dy * columns + dx;
      if (!standing[cell]) continue;
      const [fromX, fromY] = [x - (column + dx + 0.5) * cellSize, y - (row + dy + 0.5) * cellSize];
      const squared = fromX * fromX + fromY * fromY;
      if (squared >= least) continue;
      least = squared;
      best = cell;
    }
  }
  return best;
}

/** The neighbour on the shortest way; the cell itself at its end. */
function nextCell(cell: number, distances: Uint16Array): number {
  let best = cell;
  let least = unreached;
  if (distances[cell] === 0) return cell;
  for (const next of neighbours[cell] as readonly number[]) {
    const length = (distances[next] as number) + lengthOf(next - cell);
    if (length >= least) continue;
    best = next;
    least = length;
  }
  return best;
}

/** From every cell to one. Cells wait by their distance: each is taken when no nearer one is left. */
function distancesTo(goal: number): Uint16Array {
  const before = known[goal];
  if (before) return before;
  const distances = new Uint16Array(columns * rows).fill(unreached);
  const waiting: number[][] = [[goal]];
  distances[goal] = 0;
  for (let distance = 0; distance < waiting.length; distance++) {
    for (const cell of waiting[distance] ?? []) {
      if (distances[cell] !== distance) continue;
      for (const next of neighbours[cell] as readonly number[]) {
        const length = distance + lengthOf(next - cell);
        if (length >= (distances[next] as number)) continue;
        distances[next] = length;
        const others = waiting[length];
        if (others) others.push(next);
        else waiting[length] = [next];
      }
    }
  }
  known[goal] = distances;
  return distances;
}

/** Across a corner only where both cells beside it are open. */
function neighboursOf(cell: number): number[] {
  const column = cell % columns;
  const open = steps.filter((step) => {
    const sideways = ((step + columns + 1) % columns) - 1;
    const to = cell + step;
    if (column + sideways < 0 || column + sideways >= columns || to < 0 || to >= columns * rows || !standing[to]) return false;
    return sideways === 0 || sideways === step || (standing[cell + sideways] === 1 && standing[to - sideways] === 1);
  });
  return open.map((step) => cell + step);
}

function lengthOf(step: number): number {
  return step === -1 || step === 1 || step === -columns || step === columns ? cellSize : diagonal;
}
