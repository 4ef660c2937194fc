// The golden snapshot packets that carry every field kind, on both grids, whole and as a change.
//
// Invariant: the meanings are written by hand.

import type { EntityId } from '@tickwire/shared';
import { type Golden, golden, onGrid, radians, rotation } from './golden.ts';
import { SnapshotStage } from './snapshot-stage.ts';

export function kindMessages(): Golden[] {
  const stage = new SnapshotStage(300, 10);
  const values = {
    isOpen: true,
    count: 777,
    depth: -3,
    level: 0.37,
    heading: -0.5,
    at: { x: 12.34, y: -99.9 },
    place: { x: 0, y: 5.125, z: 10 },
    pose: { x: 0.5, y: -0.5, z: 0.5, w: -0.5 },
    height: -1234.5678,
    mood: 'angry',
    marks: { lit: true, burning: false, shielded: true },
    label: 'høyde',
    code: Uint8Array.of(0xde, 0xad, 0xbe, 0xef),
    since: 299,
    target: 16385 as EntityId,
    path: [
      { x: 1.5, y: 14.25 },
      { x: 15, y: 0 },
    ],
    note: 'one',
    jumps: 14,
  } as const;
  const own = stage.world.spawn('thing', { ...values, path: [...values.path] });
  const other = stage.world.spawn('thing', { ...values, path: [...values.path] });
  stage.control(own);
  const [full] = stage.snapshot();
  stage.acknowledge();

  stage.goTo(303);
  own.isOpen = false;
  own.level = 0.38;
  own.note = null;
  Object.assign(other, {
    isOpen: false,
    count: 0,
    depth: 49,
    level: 0.36, // the same on the wire grid
    heading: Math.PI,
    at: { x: 100, y: 100 },
    place: { x: 1, y: 2, z: 3 },
    pose: { x: 0, y: 0, z: 0, w: -3 },
    height: 0,
    mood: 'gone',
    marks: { lit: false, burning: true, shielded: false },
    label: '',
    code: new Uint8Array(0),
    since: 2 ** 31 - 1,
    target: null,
    path: [],
    note: null,
    jumps: 17, // modulo 16
  });
  const [delta] = stage.snapshot();
  return [
    golden('snapshot-kinds', full as Uint8Array, kindsMeaning),
    golden('snapshot-kinds-delta', delta as Uint8Array, kindsDeltaMeaning, ['snapshot-kinds']),
  ];
}

const float32Height = Math.fround(-1234.5678);

/** What both forms of the thing have in common. */
const thing = {
  count: 777,
  depth: -3,
  place: { x: 0, y: 5.125, z: 10 },
  height: float32Height,
  mood: 'angry',
  marks: { lit: true, burning: false, shielded: true },
  label: 'høyde',
  code: 'deadbeef',
  since: 299,
  target: 16385,
  jumps: 14,
};

/** On the step grid. */
const ownThing = {
  ...thing,
  isOpen: true,
  level: onGrid(-1, 0.01, 137),
  pose: rotation(12, 1449, -1448, 1448, -1448),
  heading: radians(4096 - 326, 12),
  at: { x: onGrid(-100, 1 / 64, 7190), y: onGrid(-100, 1 / 64, 6) },
  path: [
    { x: 1.5, y: 14.25 },
    { x: 15, y: 0 },
  ],
  note: 'one',
};

/** On the wire grid: level 27 wires of 5 steps, heading 59 of 64 parts, at 449 and 0 quarters. */
const seenThing = {
  ...thing,
  isOpen: true,
  level: onGrid(-1, 0.01, 135),
  pose: rotation(12, 1457, -1440, 1456, -1440), // -90, 91 and -90 units of 16
  heading: radians(59 * 64, 12),
  at: { x: onGrid(-100, 1 / 64, 449 * 16), y: -100 },
  path: [
    { x: 2, y: 14 },
    { x: 15, y: 0 },
  ],
  note: 'one',
};

const kindsMeaning = {
  kind: 1,
  sequence: 10,
  isHashed: false,
  tick: 300,
  leads: true,
  hasHandles: false,
  ack: null,
  inputs: null,
  group: [{ slot: 1, operation: 'full', version: 1, type: 'thing', form: 'owned', origin: null, restAge: 0, fields: ownThing }],
  effects: [],
  segment: [
    { slot: 0, operation: 'full', version: 0, type: 'state', form: 'seen', origin: null, restAge: 0, fields: { phase: 'warmup', endsAt: 0 } },
    { slot: 2, operation: 'full', version: 1, type: 'thing', form: 'seen', origin: null, restAge: 0, fields: seenThing },
  ],
};

const kindsDeltaMeaning = {
  kind: 1,
  sequence: 11,
  isHashed: false,
  tick: 303,
  leads: true,
  hasHandles: false,
  ack: null,
  inputs: null,
  group: [
    {
      slot: 1,
      operation: 'delta',
      bases: [300],
      restAge: 0,
      fields: { ...ownThing, isOpen: false, level: onGrid(-1, 0.01, 138), note: null },
    },
  ],
  effects: [],
  segment: [
    { slot: 0, operation: 'delta', bases: [300], restAge: 3, fields: { phase: 'warmup', endsAt: 0 } },
    {
      slot: 1,
      operation: 'delta',
      bases: [300],
      restAge: 0,
      fields: { ...seenThing, isOpen: false, level: onGrid(-1, 0.01, 140), note: null },
    },
    {
      slot: 2,
      operation: 'delta',
      bases: [300],
      restAge: 0,
      fields: {
        isOpen: false,
        count: 0,
        depth: 49,
        level: onGrid(-1, 0.01, 135),
        heading: radians(2048, 12),
        at: { x: 100, y: 100 },
        place: { x: 1, y: 2, z: 3 },
        pose: rotation(12, 0, 0, 0, 2896),
        height: 0,
        mood: 'gone',
        marks: { lit: false, burning: true, shielded: false },
        label: '',
        code: '',
        since: 2147483647,
        target: null,
        path: [],
        note: null,
        jumps: 1,
      },
    },
  ],
};
