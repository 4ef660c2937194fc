// The golden packets of what steps have made: spawns with their origins, an effect and the mark of a reliable event, and the ends of what was predicted.
//
// Invariant: the meanings are written by hand.

import { type Golden, golden, rotation } from './golden.ts';
import { SnapshotStage } from './snapshot-stage.ts';

export function madeMessages(): Golden[] {
  const stage = new SnapshotStage(700, 5);
  const { world } = stage;
  const body = world.spawn('body', { fuel: 9 }, { key: 3, tick: 699, number: 1 });
  const ball = world.spawn('ball', { spin: 1 }, { key: 0x4567, tick: 700, number: 0 });
  stage.control(body);
  stage.made('spark', { at: { x: 1, y: 2 }, bright: true }, { key: 3, tick: 700, number: 0 });
  stage.made('hit', { target: null, damage: 1 }, { key: 3, tick: 700, number: 1 });
  const [made] = stage.snapshot();
  stage.acknowledge();
  world.despawn(body);
  world.despawn(ball);
  stage.goTo(703);
  const [ended] = stage.snapshot();
  return [
    golden('snapshot-made', made as Uint8Array, madeMeaning),
    golden('snapshot-made-ended', ended as Uint8Array, endedMeaning, ['snapshot-made']),
  ];
}

const head = { kind: 1, isHashed: false, leads: true, hasHandles: false, ack: null, inputs: null };

const madeMeaning = {
  ...head,
  sequence: 5,
  tick: 700,
  group: [
    {
      slot: 1,
      operation: 'full',
      version: 1,
      type: 'body',
      form: 'owned',
      origin: { key: 3, tick: 699, number: 1 },
      restAge: 0,
      fields: { lift: 0, pose: rotation(16, 0, 0, 0, 46341), fuel: 9 },
    },
    {
      slot: 2,
      operation: 'full',
      version: 1,
      type: 'ball',
      form: 'shared',
      origin: { key: 17767, tick: 700, number: 0 },
      restAge: 0,
      fields: { pos: { x: 0, y: 0 }, spin: 1 },
    },
  ],
  effects: [
    { id: 1, event: 'spark', tick: 700, origin: { key: 3, tick: 700, number: 0 }, fields: { at: { x: 1, y: 2 }, bright: true } },
    { id: 2, event: 'hit', tick: 700, origin: { key: 3, tick: 700, number: 1 }, fields: {} },
  ],
  segment: [
    { slot: 0, operation: 'full', version: 0, type: 'state', form: 'seen', origin: null, restAge: 0, fields: { phase: 'warmup', endsAt: 0 } },
  ],
};

/** The ends stand with the group, where what is missing would be at rest. */
const endedMeaning = {
  ...head,
  sequence: 6,
  tick: 703,
  group: [
    { slot: 1, operation: 'despawn' },
    { slot: 2, operation: 'despawn' },
  ],
  effects: [],
  segment: [{ slot: 0, operation: 'delta', bases: [700], restAge: 3, fields: { phase: 'warmup', endsAt: 0 } }],
};
