// The golden snapshot packets: a short match (everything new, changes, rest, nothing), every field kind on both grids, and a snapshot of two packets.
//
// Invariant: the meanings are written by hand. Ticks and sequences pass 65535 on purpose.

import type { EntityId } from '@tickwire/shared';
import { entityId, noMargin, type Slot } from '@tickwire/shared/internal';
import { type Golden, golden, onGrid, radians } from './golden.ts';
import { SnapshotStage } from './snapshot-stage.ts';

export function snapshotMessages(): Golden[] {
  return [...matchMessages(), ...kindMessages(), ...largeMessages(), ...zeroMessages()];
}

function matchMessages(): Golden[] {
  const stage = new SnapshotStage(65530, 65534);
  const { world } = stage;
  const ada = world.spawn('player', { pos: { x: 100, y: 200.5 }, hp: 100, ammo: 30, name: 'Ada' }, { key: 7 });
  const ball = world.spawn('ball', { pos: { x: -12.25, y: 40 }, spin: 1.5 });
  const bob = world.spawn('player', { pos: { x: 1000.03, y: 0 }, angle: 3, hp: 80, ammo: 12, name: 'Bób' });
  world.spawn('rock', { size: 3 });
  const farRock = entityId(9 as Slot, 300);
  world.put(farRock, 4)['size'] = 5;
  world.state.phase = 'play';
  world.state.endsAt = 70000;
  stage.control(ada);
  stage.goTo(65531);
  stage.spark({ x: 700, y: 300.4 }, true);
  stage.goTo(65533);
  ada.pos.x = 100.5;
  bob.hp = 79;
  const [first] = stage.snapshot();
  stage.acknowledge();

  world.tick = 65534;
  ada.pos.x = 101;
  ada.ammo = 29;
  world.state.phase = 'over';
  stage.goTo(65535);
  world.despawn(farRock);
  stage.goTo(65536);
  bob.pos.x = 1012.1;
  bob.angle = 3.001; // less than the wire step: not seen by others
  stage.spark({ x: 12, y: 0 }, false);
  const [next] = stage.snapshot({ ack: 65533, ackHoldMs: 7, inputLead: 2, inputMargin: -3, inputsMissed: 1 });
  stage.acknowledge();

  stage.goTo(65538);
  world.tick = 65539;
  ada.pos.x = 101.5; // goes on as before
  ada.ammo = 28;
  ball.pos.x = -12;
  bob.pos.x = 1024.3125; // 1/16 beyond the line
  bob.angle = 3.03;
  bob.hp = 74;
  const [line] = stage.snapshot({ ack: 65534, ackHoldMs: 0, inputLead: 0, inputMargin: noMargin, inputsMissed: 0 });
  stage.acknowledge();

  stage.goTo(65542);
  const [rest] = stage.snapshot({ ack: 2, ackHoldMs: 255, inputLead: 63, inputMargin: 127, inputsMissed: 15 });
  stage.acknowledge();

  world.tick = 65543;
  bob.pos.x = 1020;
  stage.goTo(65545);
  const [segment] = stage.snapshot();
  stage.acknowledge();

  stage.goTo(65546);
  world.tick = 65547;
  ada.hp = 55;
  stage.goTo(65548);
  const [own] = stage.snapshot();
  stage.acknowledge();

  stage.goTo(65551);
  const [idle] = stage.snapshot();
  const names = ['snapshot-first', 'snapshot-next', 'snapshot-line', 'snapshot-rest', 'snapshot-segment', 'snapshot-private', 'snapshot-idle'];
  const packets = [first, next, line, rest, segment, own, idle];
  const meanings = [firstMeaning, nextMeaning, lineMeaning, restMeaning, segmentMeaning, privateMeaning, idleMeaning];
  return names.map((name, index) => {
    const after = index > 0 ? names.slice(0, index) : undefined;
    return golden(name, packets[index] as Uint8Array, meanings[index] as object, after);
  });
}

const firstMeaning = {
  kind: 1,
  sequence: 65534,
  tick: 65533,
  leads: true,
  ack: null,
  inputs: null,
  group: [
    {
      slot: 1,
      operation: 'full',
      version: 1,
      type: 'player',
      form: 'owned',
      origin: { key: 7, tick: 65530, number: 0 },
      restAge: 0,
      fields: { pos: { x: 100.5, y: 200.5 }, angle: 0, hp: 100, ammo: 30, name: 'Ada' },
    },
    {
      slot: 2,
      operation: 'full',
      version: 1,
      type: 'ball',
      form: 'shared',
      origin: null,
      restAge: 3,
      fields: { pos: { x: -12.25, y: 40 }, spin: onGrid(-10, 0.01, 1150) },
    },
  ],
  effects: [{ id: 1, event: 'spark', tick: 65531, fields: { at: { x: 700, y: onGrid(0, 1 / 1024, 307610) }, bright: true } }],
  segment: [
    { slot: 0, operation: 'full', version: 0, type: 'state', form: 'seen', origin: null, restAge: 3, fields: { phase: 'play', endsAt: 70000 } },
    {
      slot: 3,
      operation: 'full',
      version: 1,
      type: 'player',
      form: 'seen',
      origin: null,
      restAge: 0,
      fields: { pos: { x: 1000, y: 0 }, angle: radians(31232, 16), hp: 79, name: 'Bób' },
    },
    { slot: 4, operation: 'full', version: 1, type: 'rock', form: 'seen', origin: null, restAge: 3, fields: { size: 3 } },
    { slot: 9, operation: 'full', version: 300, type: 'rock', form: 'seen', origin: null, restAge: 3, fields: { size: 5 } },
  ],
};

/** The ball is not in the group: it rests as acknowledged. The rock in slot 4 is not named either. */
const nextMeaning = {
  kind: 1,
  sequence: 65535,
  tick: 65536,
  leads: true,
  ack: { packet: 253, holdMs: 7 },
  inputs: { lead: 2, margin: -3, missed: 1 },
  group: [
    {
      slot: 1,
      operation: 'delta',
      bases: [65533],
      restAge: 2,
      fields: { pos: { x: 101, y: 200.5 }, angle: 0, hp: 100, ammo: 29, name: 'Ada' },
    },
  ],
  effects: [{ id: 2, event: 'spark', tick: 65536, fields: { at: { x: 12, y: 0 }, bright: false } }],
  segment: [
    { slot: 0, operation: 'delta', bases: [65533], restAge: 2, fields: { phase: 'over', endsAt: 70000 } },
    {
      slot: 3,
      operation: 'delta',
      bases: [65533],
      restAge: 0,
      fields: { pos: { x: 1012.125, y: 0 }, angle: radians(31232, 16), hp: 79, name: 'Bób' },
    },
    { slot: 9, operation: 'despawn', version: 300 },
  ],
};

/** Ada goes on along the line, Bob almost; the ball, of which the receiver has one state only, starts to move. No inputs came. */
const lineMeaning = {
  kind: 1,
  sequence: 0,
  tick: 65539,
  leads: true,
  ack: { packet: 254, holdMs: 0 },
  inputs: null,
  group: [
    {
      slot: 1,
      operation: 'delta',
      bases: [65536, 65533],
      restAge: 0,
      fields: { pos: { x: 101.5, y: 200.5 }, angle: 0, hp: 100, ammo: 28, name: 'Ada' },
    },
    { slot: 2, operation: 'delta', bases: [65533], restAge: 0, fields: { pos: { x: -12, y: 40 }, spin: onGrid(-10, 0.01, 1150) } },
  ],
  effects: [],
  segment: [
    {
      slot: 3,
      operation: 'delta',
      bases: [65536, 65533],
      restAge: 0,
      fields: { pos: { x: 1024.3125, y: 0 }, angle: radians(31488, 16), hp: 74, name: 'Bób' },
    },
  ],
};

/** Everyone has stopped. */
const restMeaning = {
  kind: 1,
  sequence: 1,
  tick: 65542,
  leads: true,
  ack: { packet: 2, holdMs: 255 },
  inputs: { lead: 63, margin: 127, missed: 15 },
  group: [
    {
      slot: 1,
      operation: 'delta',
      bases: [65539, 65536],
      restAge: 3,
      fields: { pos: { x: 101.5, y: 200.5 }, angle: 0, hp: 100, ammo: 28, name: 'Ada' },
    },
    { slot: 2, operation: 'delta', bases: [65539, 65533], restAge: 3, fields: { pos: { x: -12, y: 40 }, spin: onGrid(-10, 0.01, 1150) } },
  ],
  effects: [],
  segment: [
    {
      slot: 3,
      operation: 'delta',
      bases: [65539, 65536],
      restAge: 3,
      fields: { pos: { x: 1024.3125, y: 0 }, angle: radians(31488, 16), hp: 74, name: 'Bób' },
    },
  ],
};

/** Nothing private: head and segment are one body. */
const segmentMeaning = {
  kind: 1,
  sequence: 2,
  tick: 65545,
  leads: true,
  ack: null,
  inputs: null,
  group: [],
  effects: [],
  segment: [
    {
      slot: 3,
      operation: 'delta',
      bases: [65542, 65539],
      restAge: 2,
      fields: { pos: { x: 1020, y: 0 }, angle: radians(31488, 16), hp: 74, name: 'Bób' },
    },
  ],
};

/** Nothing for others: head and private records are one body. */
const privateMeaning = {
  kind: 1,
  sequence: 3,
  tick: 65548,
  leads: true,
  ack: null,
  inputs: null,
  group: [
    {
      slot: 1,
      operation: 'delta',
      bases: [65542, 65539],
      restAge: 1,
      fields: { pos: { x: 101.5, y: 200.5 }, angle: 0, hp: 55, ammo: 28, name: 'Ada' },
    },
  ],
  effects: [],
  segment: [],
};

const idleMeaning = { kind: 1, sequence: 4, tick: 65551, leads: true, ack: null, inputs: null, group: [], effects: [], segment: [] };

function kindMessages(): Golden[] {
  const stage = new SnapshotStage(300, 10);
  const values = {
    isOpen: true,
    count: 777,
    depth: -3,
    level: 0.37,
    heading: -0.5,
    at: { x: 12.34, y: -99.9 },
    place: { x: 0, y: 5.125, z: 10 },
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
    height: 0,
    mood: 'gone',
    marks: { lit: false, burning: true, shielded: false },
    label: '',
    code: new Uint8Array(0),
    since: 2 ** 31 - 1,
    target: null,
    path: [],
    note: null,
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
};

/** On the step grid. */
const ownThing = {
  ...thing,
  isOpen: true,
  level: onGrid(-1, 0.01, 137),
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
  tick: 300,
  leads: true,
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
  tick: 303,
  leads: true,
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
        height: 0,
        mood: 'gone',
        marks: { lit: false, burning: true, shielded: false },
        label: '',
        code: '',
        since: 2147483647,
        target: null,
        path: [],
        note: null,
      },
    },
  ],
};

function largeMessages(): Golden[] {
  const stage = new SnapshotStage(20, 0);
  for (let page = 0; page < 3; page++) stage.world.spawn('page', { ink: inkOf(page) });
  const [leading, second] = stage.snapshot();
  return [
    golden('snapshot-large-1', leading as Uint8Array, {
      kind: 1,
      sequence: 0,
      tick: 20,
      leads: true,
      ack: null,
      inputs: null,
      group: [],
      effects: [],
      segment: [
        { slot: 0, operation: 'full', version: 0, type: 'state', form: 'seen', origin: null, restAge: 0, fields: { phase: 'warmup', endsAt: 0 } },
        pageMeaning(0),
        pageMeaning(1),
      ],
    }),
    golden('snapshot-large-2', second as Uint8Array, {
      kind: 1,
      sequence: 1,
      tick: 20,
      leads: false,
      ack: null,
      inputs: null,
      group: [],
      effects: [],
      segment: [pageMeaning(2)],
    }),
  ];
}

/** A blank page: zeros at the end of a coded body, of which the writer leaves out only so many. */
function zeroMessages(): Golden[] {
  const stage = new SnapshotStage(20, 0);
  stage.world.spawn('page', { ink: new Uint8Array(400) });
  const [packet] = stage.snapshot();
  const page = { ...pageMeaning(0), fields: { ink: '00'.repeat(400) } };
  const state = {
    slot: 0,
    operation: 'full',
    version: 0,
    type: 'state',
    form: 'seen',
    origin: null,
    restAge: 0,
    fields: { phase: 'warmup', endsAt: 0 },
  };
  const meaning = { kind: 1, sequence: 0, tick: 20, leads: true, ack: null, inputs: null, group: [], effects: [], segment: [state, page] };
  return [golden('snapshot-zeros', packet as Uint8Array, meaning)];
}

function pageMeaning(page: number): object {
  const ink = Buffer.from(inkOf(page)).toString('hex');
  return { slot: page + 1, operation: 'full', version: 1, type: 'page', form: 'seen', origin: null, restAge: 0, fields: { ink } };
}

function inkOf(page: number): Uint8Array {
  return Uint8Array.from({ length: 400 - page }, (_, at) => (at * 7 + page) & 0xff);
}
