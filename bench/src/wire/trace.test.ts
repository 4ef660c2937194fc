import { hashWords } from '@tickwire/shared/internal';
import { expect, test } from 'vitest';
import { arenaTrace } from './arena-trace.ts';
import { bodiesTrace } from './bodies-trace.ts';
import { crowdTrace } from './crowd-trace.ts';
import { faultOf, frameOf, shortened, snapshotCount, type Trace, type TraceName, type TraceType, valuesOf, viewOf, withOwnViews } from './trace.ts';

const makers = { arena: arenaTrace, crowd: crowdTrace, bodies: bodiesTrace };
const traces = { arena: arenaTrace(1, 1), crowd: crowdTrace(1, 1), bodies: bodiesTrace(1, 1) };

function hashOf(trace: Trace): number {
  return trace.frames.reduce((hash, { ids, rows }) => hashWords(hashWords(hash, ids, 0, ids.length), rows, 0, rows.length), 0);
}

test('[BW1] a seed gives the same states every time and in every engine, and another seed gives others', () => {
  for (const [name, make] of Object.entries(makers)) {
    const first = hashOf(traces[name as TraceName]);
    expect(hashOf(make(1, 1))).toBe(first);
    expect(hashOf(make(2, 1))).not.toBe(first);
  }
  expect(Object.entries(traces).map(([name, trace]) => `${name} ${hashOf(trace) >>> 0}`)).toMatchInlineSnapshot(`
    [
      "arena 218993121",
      "crowd 1190359172",
      "bodies 1025935767",
    ]
  `);
});

test('[BW2] every number of every state is within its range, and ids ascend', () => {
  for (const trace of Object.values(traces)) {
    for (const { ids, types, rows } of trace.frames) {
      for (let index = 1; index < ids.length; index++) expect(ids[index]).toBeGreaterThan(ids[index - 1] as number);
      for (let index = 0; index < ids.length; index++) {
        const type = trace.types[types[index] as number] as TraceType;
        for (const [axis, value] of valuesOf(type, rows, index * trace.stride).entries()) {
          const { min, max } = type.units[axis]?.field ?? { min: 0, max: 0 };
          if (!(value >= min && value <= max)) expect.fail(`${trace.name} ${type.name} axis ${axis}: ${value}`);
        }
      }
    }
  }
});

test('[BW3] the traces are what they are called: 50 players and bullets; 2,000 actors of whom a client sees about 35; 400 bodies of whom some move', () => {
  const { arena, crowd, bodies } = traces;
  const { types } = frameOf(arena, 20);
  expect(types.filter((type) => type === 0)).toHaveLength(50);
  expect(types.filter((type) => type === 1).length).toBeGreaterThan(20);
  expect([arena.tickHz, arena.snapshotHz]).toEqual([60, 20]);

  expect(frameOf(crowd, 20).ids).toHaveLength(2000);
  const seen = Array.from({ length: crowd.clients }, (_, client) => viewOf(crowd, client, 20));
  expect(seen.reduce((sum, { length }) => sum + length, 0) / seen.length).toBeCloseTo(35, -1);
  for (const [client, view] of seen.entries()) expect(view).toContain(client);

  const [before, after] = [frameOf(bodies, 30), frameOf(bodies, 31)];
  const moved = after.ids.filter((_, index) =>
    after.rows.slice(index * 7, index * 7 + 7).some((word, axis) => word !== before.rows[index * 7 + axis]),
  );
  expect(moved.length).toBeGreaterThan(20);
  expect(moved.length).toBeLessThan(300);
});

test('[BW4] an actor that a client sees stays in view until it is beyond the larger radius', () => {
  const { crowd } = traces;
  for (let snapshot = 1; snapshot < snapshotCount(crowd); snapshot++) {
    const { rows } = frameOf(crowd, snapshot);
    const before = viewOf(crowd, 5, snapshot - 1);
    const now = viewOf(crowd, 5, snapshot);
    const far = (index: number): number => {
      const dx = ((rows[index * crowd.stride] as number) - (rows[5 * crowd.stride] as number)) / 1024;
      const dy = ((rows[index * crowd.stride + 1] as number) - (rows[5 * crowd.stride + 1] as number)) / 1024;
      return Math.sqrt(dx * dx + dy * dy);
    };
    for (const index of before) if (!now.includes(index)) expect(far(index)).toBeGreaterThan(309);
    for (const index of now) if (!before.includes(index)) expect(far(index)).toBeLessThan(286);
  }
});

test('[BW5] a value is right within half a wire unit, an angle also across a turn, a rotation within its angle and with either sign', () => {
  const { types, stride } = traces.arena;
  const player = types[0] as TraceType;
  const row = Int32Array.of(500 * 1024, 600 * 1024, 65_530, 50, 3, 1);
  const right = valuesOf(player, row, 0);
  expect(stride).toBe(row.length);
  expect(faultOf(player, row, 0, right)).toBeUndefined();
  expect(faultOf(player, row, 0, right.with(0, 500 + 1 / 32))).toBeUndefined();
  expect(faultOf(player, row, 0, right.with(0, 500 + 1 / 30))).toContain('player.pos');
  expect(faultOf(player, row, 0, right.with(2, 0.005))).toBeUndefined();
  expect(faultOf(player, row, 0, right.with(2, 0.05))).toContain('player.aim');
  expect(faultOf(player, row, 0, right.with(3, 51))).toContain('player.hp');
  expect(faultOf(player, row, 0, right.with(3, Number.NaN))).toContain('player.hp');

  const body = traces.bodies.types[0] as TraceType;
  const still = Int32Array.of(0, 0, 0, 16_384, 16_384, 16_384, 32_768);
  const turned = (half: number): number[] => [-64, -64, -64, 0, 0, half, Math.sqrt(1 - half * half)];
  expect(faultOf(body, still, 0, turned(0.0024))).toBeUndefined();
  expect(faultOf(body, still, 0, turned(0.0026))).toContain('body.rot');
  expect(faultOf(body, still, 0, [-64, -64, -64, 0, 0, 0, -1])).toBeUndefined();
});

test('[BW6] with views of their own, each client misses one entity, another for each', () => {
  const own = withOwnViews(shortened(traces.arena, 3));
  const { ids } = frameOf(own, 2);
  for (let client = 0; client < own.clients; client++) {
    const seen = Array.from(viewOf(own, client, 2), (index) => ids[index] as number);
    expect(seen).toHaveLength(ids.length - 1);
    expect(seen).not.toContain(client);
  }
});
