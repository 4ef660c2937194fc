// The golden snapshot packets: here those of a short match (everything new, changes, rest, nothing), beside them every field kind and unusual sizes.
//
// Invariant: the meanings are written by hand. Ticks and sequences pass 65535 on purpose.

import { entityId, noMargin, type Slot } from '@tickwire/shared/internal';
import { type Golden, golden, onGrid, radians } from './golden.ts';
import { handleMessages } from './snapshot-handles.ts';
import { kindMessages } from './snapshot-kinds.ts';
import { madeMessages } from './snapshot-made.ts';
import { largeMessages, zeroMessages } from './snapshot-sizes.ts';
import { SnapshotStage } from './snapshot-stage.ts';
import { turnMessages } from './snapshot-turns.ts';

export function snapshotMessages(): Golden[] {
  return [...matchMessages(), ...kindMessages(), ...turnMessages(), ...handleMessages(), ...madeMessages(), ...largeMessages(), ...zeroMessages()];
}

function matchMessages(): Golden[] {
  const stage = new SnapshotStage(65530, 65534);
  const { world } = stage;
  const ada = world.spawn('player', { pos: { x: 100, y: 200.5 }, hp: 100, ammo: 30, name: 'Ada' }, { key: 7, tick: world.tick, number: 0 });
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
  ada.ammo = 27;
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
  isHashed: false,
  tick: 65533,
  leads: true,
  hasHandles: false,
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

/** The ball is not in the group: it rests as acknowledged. The rock in slot 4 is not named either. Ada is also named as others see her. */
const nextMeaning = {
  kind: 1,
  sequence: 65535,
  isHashed: false,
  tick: 65536,
  leads: true,
  hasHandles: false,
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
    { slot: 1, operation: 'delta', bases: [65533], restAge: 2, fields: { pos: { x: 101, y: 200.5 }, angle: 0, hp: 100, name: 'Ada' } },
    {
      slot: 3,
      operation: 'delta',
      bases: [65533],
      restAge: 0,
      fields: { pos: { x: 1012.125, y: 0 }, angle: radians(31232, 16), hp: 79, name: 'Bób' },
    },
    { slot: 9, operation: 'despawn' },
  ],
};

/** Ada goes on along the line, Bob almost; the ball, of which the receiver has the state of tick 65533 only, starts to move. No inputs came. */
const lineMeaning = {
  kind: 1,
  sequence: 0,
  isHashed: true,
  tick: 65539,
  leads: true,
  hasHandles: false,
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
    { slot: 2, operation: 'delta', bases: [65536, 65533], restAge: 0, fields: { pos: { x: -12, y: 40 }, spin: onGrid(-10, 0.01, 1150) } },
  ],
  effects: [],
  segment: [
    { slot: 1, operation: 'delta', bases: [65536, 65533], restAge: 0, fields: { pos: { x: 101.5, y: 200.5 }, angle: 0, hp: 100, name: 'Ada' } },
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
  isHashed: false,
  tick: 65542,
  leads: true,
  hasHandles: false,
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
    { slot: 2, operation: 'delta', bases: [65539, 65536], restAge: 3, fields: { pos: { x: -12, y: 40 }, spin: onGrid(-10, 0.01, 1150) } },
  ],
  effects: [],
  segment: [
    { slot: 1, operation: 'delta', bases: [65539, 65536], restAge: 3, fields: { pos: { x: 101.5, y: 200.5 }, angle: 0, hp: 100, name: 'Ada' } },
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
  isHashed: false,
  tick: 65545,
  leads: true,
  hasHandles: false,
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

/** Nothing for others, who are not sent the ammo: head and private records are one body. The bases are named by ticks through which Ada stood. */
const privateMeaning = {
  kind: 1,
  sequence: 3,
  isHashed: false,
  tick: 65548,
  leads: true,
  hasHandles: false,
  ack: null,
  inputs: null,
  group: [
    {
      slot: 1,
      operation: 'delta',
      bases: [65545, 65542],
      restAge: 1,
      fields: { pos: { x: 101.5, y: 200.5 }, angle: 0, hp: 100, ammo: 27, name: 'Ada' },
    },
  ],
  effects: [],
  segment: [],
};

const idleMeaning = {
  kind: 1,
  sequence: 4,
  isHashed: false,
  tick: 65551,
  leads: true,
  hasHandles: false,
  ack: null,
  inputs: null,
  group: [],
  effects: [],
  segment: [],
};
