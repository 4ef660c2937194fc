// A trace's game as Tickwire's schema, and how its rows become the fields of entities and back.
//
// Invariant: a loaded row, recorded, gives the row's own counts: both have the same step. Rotations: four numbers on one grid, until the schema has a
// kind for them (`rotationOf` is the one place that knows). Units: those of the fields.

import { type AnyGame, defineGame, type EntityDef, entity, f, type Kind, type Vec2, type Vec3 } from '@tickwire/shared';
import type { TraceField } from './fields.ts';
import type { Trace, TraceType } from './trace.ts';

type Values = Record<string, unknown>;

/** One field of a row: how many counts, how they are put into an entity as values, and how these are taken out. */
interface FieldPort {
  readonly axes: number;
  readonly load: (values: Values, rows: Int32Array, at: number) => void;
  readonly store: (values: Values) => number[];
}

/** A process has a game once, however many rooms it has. */
const games = new Map<string, AnyGame>();

export function gameOf(trace: Trace): AnyGame {
  const known = games.get(trace.name);
  if (known) return known;
  const entities: Record<string, EntityDef> = {};
  for (const { name, fields } of trace.types) entities[name] = entity(Object.fromEntries(fields.flatMap(kindsOf)));
  const game = defineGame({ name: trace.name, tickHz: trace.tickHz, snapshotHz: trace.snapshotHz, entities }) as AnyGame;
  games.set(trace.name, game);
  return game;
}

export function portsOf(type: TraceType): FieldPort[] {
  return type.fields.map(portOf);
}

function kindsOf(field: TraceField): [string, Kind<unknown>][] {
  const { name, min, max, step, wire } = field;
  if (field.kind === 'quat') return rotationOf(field);
  if (field.kind === 'uint') return [[name, f.uint(max) as Kind<unknown>]];
  if (field.kind === 'angle') return [[name, f.angle({ step: 16, wire: 8 }) as Kind<unknown>]];
  const make = { 1: f.fixed, 2: f.vec2, 3: f.vec3, 4: undefined }[field.axes];
  return [[name, make?.(min, max, { step, wire }) as Kind<unknown>]];
}

function rotationOf({ name, min, max, step }: TraceField): [string, Kind<unknown>][] {
  return axisNames.map((axis) => [name + axis, f.fixed(min, max, { step, wire: fourWire }) as Kind<unknown>]);
}

function portOf({ name, kind, axes, min, step }: TraceField): FieldPort {
  const value = (rows: Int32Array, at: number): number => min + (rows[at] as number) * step;
  if (kind === 'quat') {
    const names = axisNames.map((axis) => name + axis);
    return {
      axes,
      load(values, rows, at) {
        for (let axis = 0; axis < 4; axis++) values[names[axis] as string] = value(rows, at + axis);
      },
      store: (values) => names.map((one) => values[one] as number),
    };
  }
  if (axes === 1) {
    return {
      axes,
      load(values, rows, at) {
        values[name] = value(rows, at);
      },
      store: (values) => [values[name] as number],
    };
  }
  return {
    axes,
    load(values, rows, at) {
      const into = values[name] as Vec3;
      into.x = value(rows, at);
      into.y = value(rows, at + 1);
      if (axes === 3) into.z = value(rows, at + 2);
    },
    store(values) {
      const { x, y } = values[name] as Vec2;
      return axes === 2 ? [x, y] : [x, y, (values[name] as Vec3).z];
    },
  };
}

/** Four numbers rounded to 1/512: the rotation is off by at most twice the length of the error, 0.0039 rad. */
const fourWire = 1 / 512;
const axisNames = ['X', 'Y', 'Z', 'W'] as const;
