// A trace's game as Tickwire's schema, and how its rows become the fields of entities and back.
//
// Invariant: a loaded row, recorded, gives the row's own counts: both have the same step (rotations have a finer one). Units: those of the fields.

import { type AnyGame, defineGame, type EntityDef, entity, f, type Kind, type Quat, type Vec2, type Vec3 } from '@tickwire/shared';
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
  if (field.kind === 'quat') return [[name, f.quat({ wire: quatBits }) as Kind<unknown>]];
  if (field.kind === 'uint') return [[name, f.uint(max) as Kind<unknown>]];
  if (field.kind === 'angle') return [[name, f.angle({ step: 16, wire: 8 }) as Kind<unknown>]];
  const make = { 1: f.fixed, 2: f.vec2, 3: f.vec3, 4: undefined }[field.axes];
  return [[name, make?.(min, max, { step, wire }) as Kind<unknown>]];
}

function portOf({ name, kind, axes, min, step }: TraceField): FieldPort {
  const value = (rows: Int32Array, at: number): number => min + (rows[at] as number) * step;
  if (kind === 'quat') {
    return {
      axes,
      load(values, rows, at) {
        const into = values[name] as Quat;
        into.x = value(rows, at);
        into.y = value(rows, at + 1);
        into.z = value(rows, at + 2);
        into.w = value(rows, at + 3);
      },
      store(values) {
        const { x, y, z, w } = values[name] as Quat;
        return [x, y, z, w];
      },
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

/** Bits of each of the smallest three: the rotation is off by less than 0.005 rad. */
const quatBits = 10;
