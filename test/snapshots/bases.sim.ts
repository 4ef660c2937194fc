// A base is only named when the client holds it: the server's choice of bases against a model client, and the writer's packets under the real reader.

import { type EntityId, limits } from '@tickwire/shared';
import { type EntityType, form } from '@tickwire/shared/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClientModel, game, type Packet, ServerModel } from './base-models.ts';
import { Pair, Stage } from './snapshot-pair.ts';

const names = ['mob', 'hero', 'ball'] as const;
const slots = 7;
const snapshotTicks = 3;

const steps = fc.record({
  act: fc.constantFrom(
    '',
    '',
    '',
    'move',
    'move',
    'stop',
    'twitch',
    'earn',
    'pause',
    'spawn',
    'spawn',
    'despawn',
    'take',
    'free',
    'hide',
    'show',
    'lose',
    'dark',
  ),
  slot: fc.nat(slots - 1),
  /** Ticks on the way, -1 for lost. */
  down: fc.constantFrom(-1, -1, 0, 0, 0, 1, 2, 4, 9, 14, 40),
  up: fc.constantFrom(-1, -1, 0, 0, 0, 1, 3, 8),
  twice: fc.boolean(),
  packetsMax: fc.integer({ min: 1, max: 3 }),
});
type Step = typeof steps extends fc.Arbitrary<infer T> ? T : never;
const plays = fc.record({
  isPartial: fc.boolean(),
  viewLag: fc.constantFrom(0, 0, 6, 30),
  /** Ticks for each of which a step says what happens. */
  steps: fc.array(steps, { minLength: 60, maxLength: 300, size: 'max' }),
});
type Play = typeof plays extends fc.Arbitrary<infer T> ? T : never;

function act(server: ServerModel, client: ClientModel, { act: what, slot }: Step, index: number): void {
  const { world, controls, moving, earning, hidden } = server;
  const one = world.at(slot) as unknown as { x: number; gold?: number; id: EntityId } | null;
  if (what === 'spawn' && Array.from({ length: slots }, (_, at) => world.at(at)).includes(null)) world.spawn(names[index % 3] as 'mob', { x: index });
  if (what === 'move' && one && slot > 0) moving.add(slot);
  if (what === 'stop') moving.delete(slot);
  if (what === 'twitch' && one && slot > 0) one.x ^= 1;
  if (what === 'earn' && one?.gold !== undefined) earning.add(slot);
  if (what === 'pause') earning.delete(slot);
  if (what === 'despawn' && one && slot > 0) {
    world.despawn(one.id);
    for (const set of [controls, moving, earning, hidden]) set.delete(slot);
  }
  if (what === 'take' && world.typeAt(slot) > 1 && one) controls.add(slot);
  if (what === 'free') controls.delete(slot);
  if (what === 'hide') hidden.add(slot);
  if (what === 'show') hidden.delete(slot);
  for (const at of earning) (world.at(at) as unknown as { gold: number }).gold++;
  for (const at of moving) (world.at(at) as unknown as { x: number }).x += 1 + (at % 2) * (index % 5);
  if (what === 'lose' && index % 9 === 0) {
    client.held.length = 0;
    client.resync++;
  }
}

/** Plays the steps, then a world that stands still on a network that loses nothing. @returns the two ends. */
function play({ isPartial, viewLag, steps: made }: Play): { server: ServerModel; client: ClientModel } {
  const server = new ServerModel(isPartial);
  const client = new ClientModel(viewLag);
  const down = new Map<number, Packet[]>();
  const up = new Map<number, [ack: number, bits: number, resync: number][]>();
  const put = <T>(queue: Map<number, T[]>, at: number, one: T): void => void queue.set(at, [...(queue.get(at) ?? []), one]);
  const calm: Step = { act: '', slot: 0, down: 0, up: 0, twice: false, packetsMax: 4 };
  let darkUntil = 0;
  for (let index = 0; index < made.length + 120; index++) {
    const one = made[index] ?? calm;
    const { world } = server;
    world.tick++;
    if (index === made.length) for (const set of [server.moving, server.earning]) set.clear();
    act(server, client, one, index);
    server.record();
    if (one.act === 'dark' && one.slot === 0) darkUntil = world.tick + 90;
    const isDark = index < made.length && world.tick < darkUntil;
    if (world.tick % snapshotTicks === 0) {
      for (const [number, packet] of server.snapshot(one.packetsMax).entries()) {
        const delay = one.down < 0 || isDark ? -1 : one.down + (number % 3) * Math.max(0, made[index + 1]?.down ?? 0);
        if (delay >= 0) put(down, world.tick + delay, packet);
        if (delay >= 0 && one.twice) put(down, world.tick + delay + 2, packet);
      }
    }
    for (const packet of down.get(world.tick) ?? []) client.receive(packet, packet.forgets === client.resync);
    if (client.window.any && one.up >= 0 && !isDark) put(up, world.tick + one.up, [client.window.newest, client.window.bits, client.resync]);
    for (const [ack, bits, resync] of up.get(world.tick) ?? []) if (resync >= server.resync) server.acknowledge(ack, bits, resync);
  }
  return { server, client };
}

describe('bases', () => {
  it('[RP1] a base is only named when the client holds it, however packets and acks are lost, doubled and reordered', () => {
    const used = [0, 0, 0, 0];
    const property = fc.property(plays, (one) => {
      for (const [index, count] of play(one).client.basesUsed.entries()) used[index] = (used[index] as number) + count;
    });
    fc.assert(property, { numRuns: 400, endOnFailure: true });
    // Seen, shared, owned; and named by a tick through which the state held.
    for (const count of used) expect(count).toBeGreaterThan(500);
  });

  it('[RP2] when the network heals, the client has exactly what the server has, and nothing more is sent', () => {
    const property = fc.property(plays, (one) => {
      const { server, client } = play(one);
      const { world, history } = server;
      for (let slot = 0; slot < world.slotCount; slot++) {
        const held = client.held[slot];
        expect(held?.version).toBe(server.sees(slot) ? world.versionAt(slot) : undefined);
        if (!held?.newest) continue;
        const seenAs = server.formOf(slot);
        const { layout } = game.types[held.type] as EntityType;
        const at = history.rowAt(slot, held.version, world.tick);
        const isSame = layout.same(held.newest.row, 0, history.rows(slot), at, seenAs === form.seen ? 'wire' : 'step', seenAs === form.owned);
        expect([held.newest.form, isSame]).toEqual([seenAs, true]);
      }
      world.tick++;
      server.record();
      expect(server.snapshot(4).flatMap(({ said }) => said)).toEqual([]);
    });
    fc.assert(property, { numRuns: 200, endOnFailure: true });
  });
});

describe('bases under the real reader', () => {
  it('[RP1] no packet misses its base or is misread, and all heals, in every form, whatever is lost, doubled and late', () => {
    const step = fc.record({
      act: fc.constantFrom('', '', '', 'move', 'move', 'stop', 'earn', 'take', 'free', 'spawn', 'despawn', 'dark'),
      one: fc.nat(7),
      delay: fc.constantFrom(-1, 0, 0, 0, 1, 2, 5, 13, 25),
      twice: fc.boolean(),
      acks: fc.boolean(),
      viewLag: fc.constantFrom(0, 9),
    });
    const property = fc.property(fc.array(step, { minLength: 40, maxLength: 200, size: 'max' }), (steps) => {
      const stage = new Stage(game);
      const { world } = stage;
      const pair = new Pair(game);
      const [moving, earning] = [new Set<number>(), new Set<number>()];
      const coming = new Map<number, Uint8Array[]>();
      let darkUntil = 0;
      for (const type of ['mob', 'hero', 'ball', 'hero', 'mob'] as const) world.spawn(type);
      for (const [index, { act, one, delay, twice, acks, viewLag }] of steps.entries()) {
        const there = world.at(one);
        if (act === 'move') moving.add(one);
        if (act === 'stop') moving.delete(one);
        if (act === 'earn') earning.add(one);
        if (act === 'dark' && one === 0) darkUntil = index + 30;
        if (act === 'take' && there && world.typeAt(one) > 1) pair.controls.add(one);
        if (act === 'free') pair.controls.delete(one);
        if (act === 'despawn' && there && one > 0) {
          world.despawn(there.id);
          pair.controls.delete(one);
        }
        if (act === 'spawn') world.spawn(names[index % 3] as 'mob');
        stage.tick(3, () => {
          for (const mob of [...world.all('mob'), ...world.all('hero'), ...world.all('ball')]) if (moving.has(mob.id & 7)) mob.x += index % 4;
          for (const hero of world.all('hero')) if (earning.has(hero.id & 7)) hero.gold++;
        });
        const isDark = index < darkUntil;
        const packets = pair.sent.unacknowledged < limits.snapshotsInFlight || index % 10 === 0 ? stage.snapshot(pair) : [];
        for (const at of delay < 0 || isDark ? [] : twice ? [delay, delay + 1] : [delay])
          coming.set(index + at, [...(coming.get(index + at) ?? []), ...packets]);
        for (const result of pair.receive(coming.get(index) ?? [], pair.received.newestTick - viewLag)) expect(['taken', 'old']).toContain(result);
        if (acks && !isDark) pair.acknowledge();
      }
      stage.tick();
      for (let snapshot = 0; snapshot < 10; snapshot++) {
        stage.tick(6);
        stage.exchange(pair);
      }
      expect(Array.from({ length: world.slotCount }, (_, slot) => stage.difference(pair, slot)).filter((one) => one !== undefined)).toEqual([]);
      expect(stage.snapshot(pair)).toEqual([]);
    });
    fc.assert(property, { numRuns: 300, endOnFailure: true });
  });
});
