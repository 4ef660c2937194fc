// The golden snapshot packets of a client that sees a part of the world: handles that are given, used, ended and given again.
//
// Invariant: the meanings are written by hand.

import { entityId, type Slot } from '@tickwire/shared/internal';
import { type Golden, golden } from './golden.ts';
import { SnapshotStage } from './snapshot-stage.ts';

export function handleMessages(): Golden[] {
  const stage = new SnapshotStage(900, 61);
  const { world } = stage;
  const own = world.spawn('player', { pos: { x: 5, y: 6 }, hp: 100 });
  const [near, far, next] = [30, 200, 40].map((slot) => world.put(entityId(slot as Slot, 2), 4));
  for (const rock of [near, far, next]) if (rock) rock['size'] = 1;
  stage.control(own);
  stage.see(0, 1, 30, 200);
  const [given] = stage.snapshot();
  stage.acknowledge();

  stage.goTo(902);
  world.tick = 903;
  if (far) far['size'] = 2;
  stage.see(0, 1, 40, 200);
  stage.skipTo(64);
  const [ended] = stage.snapshot(); // whose ack comes late

  stage.goTo(905);
  world.tick = 906;
  if (far) far['size'] = 3;
  stage.skipTo(96);
  const [unknown] = stage.snapshot();
  stage.acknowledge();

  stage.goTo(909);
  stage.see(0, 1, 30, 40, 200);
  stage.snapshot(); // which gives the handle anew, and is lost

  stage.goTo(911);
  world.tick = 912;
  if (far) far['size'] = 4;
  stage.see(0, 1, 40, 200);
  stage.skipTo(128);
  const [lost] = stage.snapshot();
  return [
    golden('snapshot-handles', given as Uint8Array, givenMeaning),
    golden('snapshot-handles-ended', ended as Uint8Array, endedMeaning, ['snapshot-handles']),
    golden('snapshot-handles-unknown', unknown as Uint8Array, unknownMeaning, ['snapshot-handles', 'snapshot-handles-ended']),
    golden('snapshot-handles-lost', lost as Uint8Array, lostMeaning, ['snapshot-handles', 'snapshot-handles-ended', 'snapshot-handles-unknown']),
  ];
}

const head = { kind: 1, leads: true, hasHandles: true, ack: null, inputs: null, effects: [] };
const whole = { operation: 'full', form: 'seen', origin: null };

/** The own player has a handle as well; the group names it by its slot. */
const givenMeaning = {
  ...head,
  sequence: 61,
  isHashed: false,
  tick: 900,
  group: [
    {
      slot: 1,
      operation: 'full',
      version: 1,
      type: 'player',
      form: 'owned',
      origin: null,
      restAge: 0,
      fields: { pos: { x: 5, y: 6 }, angle: 0, hp: 100, ammo: 0, name: '' },
    },
  ],
  segment: [
    { handle: 0, slot: 0, ...whole, version: 0, type: 'state', restAge: 0, fields: { phase: 'warmup', endsAt: 0 } },
    { handle: 2, slot: 30, ...whole, version: 2, type: 'rock', restAge: 0, fields: { size: 1 } },
    { handle: 3, slot: 200, ...whole, version: 2, type: 'rock', restAge: 0, fields: { size: 1 } },
  ],
};

/** Handle 2 has ended, but stays the near rock's until the server knows that its end arrived. */
const endedMeaning = {
  ...head,
  sequence: 64,
  isHashed: true,
  tick: 903,
  group: [
    {
      slot: 1,
      operation: 'delta',
      bases: [900],
      restAge: 3,
      fields: { pos: { x: 5, y: 6 }, angle: 0, hp: 100, ammo: 0, name: '' },
    },
  ],
  segment: [
    { handle: 0, slot: 0, operation: 'delta', bases: [900], restAge: 3, fields: { phase: 'warmup', endsAt: 0 } },
    { handle: 2, slot: 30, operation: 'despawn' },
    { handle: 3, slot: 200, operation: 'delta', bases: [900], restAge: 0, fields: { size: 2 } },
    { handle: 4, slot: 40, ...whole, version: 2, type: 'rock', restAge: 3, fields: { size: 1 } },
  ],
};

/** The end again, by a server that does not know that it arrived: the handle is not known any more, and the hash cannot be checked. */
const unknownMeaning = {
  ...head,
  sequence: 96,
  isHashed: true,
  tick: 906,
  group: [
    {
      slot: 1,
      operation: 'delta',
      bases: [900],
      restAge: 6,
      fields: { pos: { x: 5, y: 6 }, angle: 0, hp: 100, ammo: 0, name: '' },
    },
  ],
  segment: [
    { handle: 2, slot: null, operation: 'despawn' },
    { handle: 3, slot: 200, operation: 'delta', bases: [900], restAge: 0, fields: { size: 3 } },
  ],
};

/** Handle 2 was the near rock's again, in a packet that was lost: its end says of which slot. */
const lostMeaning = {
  ...head,
  sequence: 128,
  isHashed: true,
  tick: 912,
  group: [],
  segment: [
    { handle: 2, slot: 30, operation: 'despawn' },
    { handle: 3, slot: 200, operation: 'delta', bases: [906, 903], restAge: 0, fields: { size: 4 } },
  ],
};
