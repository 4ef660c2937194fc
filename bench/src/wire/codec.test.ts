import { Random } from '@tickwire/shared';
import { describe, expect, test } from 'vitest';
import { AdaptiveCost } from './adaptive-cost.ts';
import { arenaTrace } from './arena-trace.ts';
import { bodiesTrace } from './bodies-trace.ts';
import { type ByteOptions, difference, runBytes } from './byte-run.ts';
import type { Codec } from './codec.ts';
import { colyseus } from './colyseus-codec.ts';
import { crowdTrace } from './crowd-trace.ts';
import { geckos, json, msgpackr, msgpackrRecords } from './full-state-codecs.ts';
import { runIdleWorld } from './idle-world.ts';
import { makeNearLimit } from './near-limit.ts';
import { packQuat, unpackQuat } from './packed-quat.ts';
import { quatError } from './precision.ts';
import { tickwire } from './tickwire-codec.ts';
import { frameOf, shortened, type Trace, valuesOf, withOwnViews } from './trace.ts';

const codecs: readonly Codec[] = [json, msgpackr, msgpackrRecords, geckos, colyseus, tickwire];
const arena = arenaTrace(5, 3);
const traces: readonly Trace[] = [arena, crowdTrace(5, 3), bodiesTrace(5, 1)];
const plain: ByteOptions = { clients: 3, ackAges: [1, 2, 3], loss: 0, seed: 1, isVerified: true };

describe.each(codecs)('$name', (codec) => {
  test.each(traces)('[BW7] receivers have the truth within the required precision ($name)', (trace) => {
    const { fault, checks, mean, join } = runBytes(codec, trace, plain);
    expect(fault).toBeUndefined();
    expect(checks).toBeGreaterThan(6);
    expect(mean).toBeGreaterThan(0);
    expect(join).toBeGreaterThan(0);
  });

  test('[BW8] also where each client has a view of its own', () => {
    const { fault, checks } = runBytes(codec, withOwnViews(arena), plain);
    expect(fault).toBeUndefined();
    expect(checks).toBeGreaterThan(6);
  });
});

test('[BW9] Tickwire is whole at the end whatever was lost, and the same losses give the same bytes', () => {
  for (const trace of traces) {
    const lossy = { ...plain, loss: 0.25 };
    const once = runBytes(tickwire, trace, lossy);
    expect(once.fault).toBeUndefined();
    expect(runBytes(tickwire, trace, lossy)).toEqual(once);
    expect(runBytes(tickwire, trace, { ...lossy, seed: 2 })).not.toEqual(once);
  }
});

test('[BW10] a receiver that lacks an entity, has one too many or a wrong number is found out', () => {
  const trace = shortened(arena, 2);
  const { ids, types, rows } = frameOf(trace, 1);
  const truth = new Map(
    Array.from(ids, (id, index) => [id, valuesOf(trace.types[types[index] as number] as Trace['types'][number], rows, index * trace.stride)]),
  );
  const found = (change: (state: Map<number, readonly number[]>) => void): string | undefined => {
    const state = new Map<number, readonly number[]>(truth);
    change(state);
    return difference(trace, 0, 1, { receive: () => true, state: () => state });
  };
  expect(found(() => {})).toBeUndefined();
  expect(found((state) => state.delete(3))).toContain('entity 3 is missing');
  expect(found((state) => state.set(9999, [0]))).toContain('entities for');
  expect(found((state) => state.set(4, (state.get(4) as number[]).with(0, -1)))).toContain('entity 4 player.pos');
});

test('[BW11] a rotation in 32 bits is off by less than 0.005 rad', () => {
  const random = new Random(1);
  for (let round = 0; round < 20_000; round++) {
    const raw = Array.from({ length: 4 }, () => random.range(-1, 1));
    const length = Math.sqrt(raw.reduce((sum, one) => sum + one * one, 0));
    const rotation = raw.map((one) => one / length);
    const packed = packQuat(rotation, 0);
    expect(packed).toBeLessThan(2 ** 32);
    if (quatError(rotation, unpackQuat(packed), 0) >= 0.005) expect.fail(`${rotation}`);
  }
  expect(quatError([0.5, 0.5, 0.5, 0.5], unpackQuat(packQuat([0.5, 0.5, 0.5, 0.5], 0)), 0)).toBeLessThan(0.005);
});

test('[BW12] the bound pays little for what could be known and in full for what could not', () => {
  const random = new Random(2);
  const known = new AdaptiveCost();
  const unknown = new AdaptiveCost();
  for (let round = 0; round < 4000; round++) {
    known.bit(1, round % 3, 0, 0, round % 3 === 0 ? 1 : 0);
    unknown.bit(1, 0, 0, 0, random.chance(0.5) ? 1 : 0);
  }
  expect(known.bits).toBeLessThan(100);
  expect(unknown.bits).toBeGreaterThan(3900);
  const bound = makeNearLimit();
  const options = { ...plain, clients: 1, ackAges: [1], isVerified: false };
  runBytes(bound, arena, options);
  expect(runBytes(bound, arena, options).mean).toBeLessThan(runBytes(colyseus, arena, options).mean / 4);
});

test('[BW13] an idle world is measured whole: the same seed gives the same bytes, headers of every packet included', () => {
  const once = runIdleWorld(1, 2, 3);
  expect(runIdleWorld(1, 2, 3)).toEqual(once);
  expect(once.bytes).toBeGreaterThan(93 * (once.downPackets + once.upPackets));
  expect(once.downPackets).toBeGreaterThan(0);
  expect(once.upPackets).toBeGreaterThan(0);
});
