// The golden snapshot packets of bodies that turn: rotations as predicted, off and with another largest number; bases that are named by ticks through which
// they held, and without the older one; an entity of the receiver's own in the segment.
//
// Invariant: the meanings are written by hand. Units: counts of 1/46341 for rotations, 64 of them in a unit of the wire.

import { type Golden, golden, onGrid, rotation } from './golden.ts';
import { SnapshotStage } from './snapshot-stage.ts';

export function turnMessages(): Golden[] {
  const stage = new SnapshotStage(600, 31);
  const { world } = stage;
  const own = world.spawn('body', { pose: aboutZ(0) as Quat, lift: 2, fuel: 500 });
  const other = world.spawn('body', { pose: aboutY(200 * 64) as Quat, lift: 1 });
  const rock = world.spawn('rock', { size: 3 });
  stage.control(own);
  const [first] = stage.snapshot();
  stage.acknowledge();

  stage.goTo(602);
  world.tick = 603;
  own.pose = aboutZ(640) as Quat;
  other.pose = aboutY(240 * 64 - 5) as Quat;
  const [turning] = stage.snapshot();
  stage.acknowledge();

  stage.goTo(605);
  world.tick = 606;
  own.pose = aboutZ(1283) as Quat;
  other.pose = aboutY(280 * 64 + 20) as Quat;
  other.lift = 1.5;
  const young = world.spawn('rock', { size: 1 });
  const [on] = stage.snapshot();
  stage.acknowledge();

  stage.goTo(608);
  world.tick = 609;
  own.fuel = 499;
  other.pose = rotation(16, 0, -39985, 0, 366 * 64) as Quat; // the same as with all signs turned
  young.size = 2;
  const [over] = stage.snapshot();
  stage.acknowledge();

  stage.goTo(611);
  world.tick = 612;
  own.fuel = 498;
  rock.size = 5;
  const [held] = stage.snapshot();
  const names = ['snapshot-bodies', 'snapshot-turning', 'snapshot-turning-on', 'snapshot-turning-over', 'snapshot-held'];
  const meanings = [firstMeaning, turningMeaning, onMeaning, overMeaning, heldMeaning];
  return [first, turning, on, over, held].map((packet, index) => {
    const after = index > 0 ? names.slice(0, index) : undefined;
    return golden(names[index] as string, packet as Uint8Array, meanings[index] as object, after);
  });
}

interface Quat {
  x: number;
  y: number;
  z: number;
  w: number;
}

/** About one axis: the other number, the largest, is what is left of two times 32768 squared. */
function aboutY(y: number): object {
  return rotation(16, 0, y, 0, Math.round(Math.sqrt(2 ** 31 - y * y)));
}

function aboutZ(z: number): object {
  return rotation(16, 0, 0, z, Math.round(Math.sqrt(2 ** 31 - z * z)));
}

const lifted = { lift: onGrid(0, 1 / 1024, 2048) };
const head = { kind: 1, leads: true, hasHandles: false, ack: null, inputs: null, effects: [] };

const firstMeaning = {
  ...head,
  sequence: 31,
  isHashed: false,
  tick: 600,
  group: [
    {
      slot: 1,
      operation: 'full',
      version: 1,
      type: 'body',
      form: 'owned',
      origin: null,
      restAge: 0,
      fields: { ...lifted, pose: rotation(16, 0, 0, 0, 46341), fuel: 500 },
    },
  ],
  segment: [
    { slot: 0, operation: 'full', version: 0, type: 'state', form: 'seen', origin: null, restAge: 0, fields: { phase: 'warmup', endsAt: 0 } },
    {
      slot: 2,
      operation: 'full',
      version: 1,
      type: 'body',
      form: 'seen',
      origin: null,
      restAge: 0,
      fields: { lift: 1, pose: rotation(16, 0, 12800, 0, 44538) },
    },
    { slot: 3, operation: 'full', version: 1, type: 'rock', form: 'seen', origin: null, restAge: 0, fields: { size: 3 } },
  ],
};

/** One base: everything is off by as far as it has turned. */
const turningMeaning = {
  ...head,
  sequence: 32,
  isHashed: true,
  tick: 603,
  group: [{ slot: 1, operation: 'delta', bases: [600], restAge: 0, fields: { ...lifted, pose: rotation(16, 0, 0, 640, 46337), fuel: 500 } }],
  segment: [
    { slot: 0, operation: 'delta', bases: [600], restAge: 3, fields: { phase: 'warmup', endsAt: 0 } },
    { slot: 1, operation: 'delta', bases: [600], restAge: 0, fields: { ...lifted, pose: rotation(16, 0, 0, 640, 46337) } },
    { slot: 2, operation: 'delta', bases: [600], restAge: 0, fields: { lift: 1, pose: rotation(16, 0, 15360, 0, 43721) } },
    { slot: 3, operation: 'delta', bases: [600], restAge: 3, fields: { size: 3 } },
  ],
};

/** They turn on: the own body by 3 counts more than that, which is nothing on the wire grid; the other one by a unit more. */
const onMeaning = {
  ...head,
  sequence: 33,
  isHashed: false,
  tick: 606,
  group: [{ slot: 1, operation: 'delta', bases: [603, 600], restAge: 0, fields: { ...lifted, pose: rotation(16, 0, 0, 1283, 46323), fuel: 500 } }],
  segment: [
    { slot: 1, operation: 'delta', bases: [603, 600], restAge: 0, fields: { ...lifted, pose: rotation(16, 0, 0, 1280, 46323) } },
    { slot: 2, operation: 'delta', bases: [603, 600], restAge: 0, fields: { lift: 1.5, pose: rotation(16, 0, 17920, 0, 42736) } },
    { slot: 4, operation: 'full', version: 1, type: 'rock', form: 'seen', origin: null, restAge: 0, fields: { size: 1 } },
  ],
};

/** The other body has turned so far that y is its largest number. Of the young rock there is one state only. To others the own body rests. */
const overMeaning = {
  ...head,
  sequence: 34,
  isHashed: false,
  tick: 609,
  group: [{ slot: 1, operation: 'delta', bases: [606, 603], restAge: 0, fields: { ...lifted, pose: rotation(16, 0, 0, 1283, 46323), fuel: 499 } }],
  segment: [
    { slot: 1, operation: 'delta', bases: [606, 603], restAge: 3, fields: { ...lifted, pose: rotation(16, 0, 0, 1280, 46323) } },
    { slot: 2, operation: 'delta', bases: [606, 603], restAge: 0, fields: { lift: 1.5, pose: rotation(16, 0, 39985, 0, -23424) } },
    { slot: 4, operation: 'delta', bases: [606], restAge: 0, fields: { size: 2 } },
  ],
};

/** The rock has not been named since tick 603: its bases are the ticks of the last two packets, through which it held. */
const heldMeaning = {
  ...head,
  sequence: 35,
  isHashed: false,
  tick: 612,
  group: [{ slot: 1, operation: 'delta', bases: [609, 606], restAge: 0, fields: { ...lifted, pose: rotation(16, 0, 0, 1283, 46323), fuel: 498 } }],
  segment: [
    { slot: 2, operation: 'delta', bases: [609, 606], restAge: 3, fields: { lift: 1.5, pose: rotation(16, 0, 39985, 0, -23424) } },
    { slot: 3, operation: 'delta', bases: [609, 606], restAge: 0, fields: { size: 5 } },
    { slot: 4, operation: 'delta', bases: [609, 606], restAge: 3, fields: { size: 2 } },
  ],
};
