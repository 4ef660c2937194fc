// The golden snapshot packets of unusual size: a snapshot of two packets, and one that ends in a long run of zeros.
//
// Invariant: the meanings are written by hand.

import { type Golden, golden } from './golden.ts';
import { SnapshotStage } from './snapshot-stage.ts';

export function largeMessages(): Golden[] {
  const stage = new SnapshotStage(20, 0);
  for (let page = 0; page < 3; page++) stage.world.spawn('page', { ink: inkOf(page) });
  const [leading, second] = stage.snapshot();
  return [
    golden('snapshot-large-1', leading as Uint8Array, {
      ...firstHead,
      segment: [stateMeaning, pageMeaning(0), pageMeaning(1)],
    }),
    golden('snapshot-large-2', second as Uint8Array, {
      kind: 1,
      sequence: 1,
      isHashed: false,
      tick: 20,
      leads: false,
      hasHandles: false,
      ack: null,
      inputs: null,
      group: [],
      effects: [],
      segment: [pageMeaning(2)],
    }),
  ];
}

/** A blank page: zeros at the end of a coded body, of which the writer leaves out only so many. */
export function zeroMessages(): Golden[] {
  const stage = new SnapshotStage(20, 0);
  stage.world.spawn('page', { ink: new Uint8Array(400) });
  const [packet] = stage.snapshot();
  const page = { ...pageMeaning(0), fields: { ink: '00'.repeat(400) } };
  const meaning = { ...firstHead, segment: [stateMeaning, page] };
  return [golden('snapshot-zeros', packet as Uint8Array, meaning)];
}

const firstHead = {
  kind: 1,
  sequence: 0,
  isHashed: true,
  tick: 20,
  leads: true,
  hasHandles: false,
  ack: null,
  inputs: null,
  group: [],
  effects: [],
};

const stateMeaning = {
  slot: 0,
  operation: 'full',
  version: 0,
  type: 'state',
  form: 'seen',
  origin: null,
  restAge: 0,
  fields: { phase: 'warmup', endsAt: 0 },
};

function pageMeaning(page: number): object {
  const ink = Buffer.from(inkOf(page)).toString('hex');
  return { slot: page + 1, operation: 'full', version: 1, type: 'page', form: 'seen', origin: null, restAge: 0, fields: { ink } };
}

function inkOf(page: number): Uint8Array {
  return Uint8Array.from({ length: 400 - page }, (_, at) => (at * 7 + page) & 0xff);
}
