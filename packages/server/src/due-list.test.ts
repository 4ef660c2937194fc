// What a client is told of and on which bases, against a client that keeps its states as ReceivedEntity does: packets and acks are lost, doubled, late.

import { type AnyGame, defineGame, entity, f, limits } from '@tickwire/shared';
import { AckWindow, type EntityType, type Form, form, History, nextSequence, type Sequence, World } from '@tickwire/shared/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DueList, despawnKey, isNamedDespawn, type Viewer, type VisibleSlots } from './due-list.ts';
import { Flight } from './flight.ts';
import { despawnMarks, RecordLog } from './record-log.ts';
import { Replica } from './replica.ts';
import { SentPackets } from './sent-packets.ts';
import { TickTable } from './tick-table.ts';

const game = defineGame({
  name: 'due',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    mob: entity({ x: f.uint(60_000), mood: f.uint(3) }),
    hero: entity({ x: f.uint(60_000), gold: f.uint(60_000).owner() }, { predict: 'owner' }),
    ball: entity({ x: f.uint(60_000) }, { predict: 'everyone' }),
  },
  steps: { hero: () => {}, ball: () => {} },
});
const names = ['mob', 'hero', 'ball'] as const;
const slots = 7;
const snapshotTicks = 3;
const patienceTicks = 15;
/** With too much on its way, a packet now and then asks whether anybody is there. */
const probeTicks = 30;

/** One record of a packet, with the rows that it is coded from. A base of -1 is none; without a newer one it is a whole state. */
interface Said {
  readonly slot: number;
  /** By what the client knows it: its slot, or its handle. A whole state says its slot, and an end may. */
  readonly number: number;
  readonly saysSlot: boolean;
  readonly isPrivate: boolean;
  readonly gone: boolean;
  readonly version: number;
  readonly type: number;
  readonly form: Form;
  readonly newer: number;
  readonly older: number;
  readonly rows: { readonly newer: Int32Array; readonly older: Int32Array; readonly now: Int32Array };
  readonly since: number;
}

interface Packet {
  readonly sequence: Sequence;
  readonly tick: number;
  readonly said: readonly Said[];
  readonly hasHandles: boolean;
  /** The client's resync that the server had seen. */
  readonly forgets: number;
}

const noRow = new Int32Array(0);

/** The server's side, as the snapshot writer uses it, with two records in a segment. */
class ServerModel implements Viewer {
  readonly world = new World(game);
  readonly history = new History(game);
  readonly table = new TickTable(this.world as unknown as World<AnyGame>, this.history);
  readonly due = new DueList(this.table);
  readonly log = new RecordLog();
  readonly replica = new Replica();
  readonly sent = new SentPackets();
  readonly flight = new Flight();
  readonly controls = new Set<number>();
  readonly moving = new Set<number>();
  readonly earning = new Set<number>();
  readonly hidden = new Set<number>();
  visible: VisibleSlots | undefined;
  resync = 0;
  readonly #isPartial: boolean;
  #sequence = 0xfff0 as Sequence;
  #sentTick = -1;

  constructor(isPartial: boolean) {
    this.#isPartial = isPartial;
  }

  sees(slot: number): boolean {
    if (!this.world.at(slot)) return false;
    return !this.#isPartial || slot === 0 || !this.hidden.has(slot) || this.controls.has(slot) || this.world.typeAt(slot) === 3;
  }

  formOf(slot: number): Form {
    return this.controls.has(slot) ? form.owned : this.world.typeAt(slot) === 3 ? form.shared : form.seen;
  }

  record(): void {
    const { world } = this;
    for (let slot = 0; slot < world.slotCount; slot++) {
      const one = world.at(slot);
      if (one) this.history.record(slot, world.versionAt(slot), world.typeAt(slot), one, world.tick);
    }
  }

  snapshot(packetsMax: number): Packet[] {
    const { due, log, sent, flight } = this;
    const { tick } = this.world;
    if (sent.unacknowledged >= limits.snapshotsInFlight && tick < this.#sentTick + probeTicks) return [];
    this.#sentTick = tick;
    this.table.begin();
    log.begin(tick);
    flight.expire(tick, patienceTicks);
    const seen = Array.from({ length: this.world.slotCount }, (_, slot) => slot).filter((slot) => this.sees(slot));
    this.visible = this.#isPartial ? { slots: Int32Array.from([...seen.reverse(), 1, 2]), count: seen.length } : undefined;
    due.gather(this, tick);
    const packets: Packet[] = [];
    let next = 0;
    do {
      this.#sequence = nextSequence(this.#sequence);
      sent.begin(this.#sequence, tick, packets.length === 0, tick);
      flight.begin(this.#sequence, tick, tick);
      const said: Said[] = [];
      let from = log.page.length;
      if (packets.length === 0) for (let at = 0; at < due.groupCount; at++) said.push(this.#say(due.group, due.group, due.groupBodies, at, true));
      sent.notePrivate(log.page, from, log.page.length);
      from = log.page.length;
      // What does not fit waits; whose turn it is changes from tick to tick.
      for (let left = 2; left > 0 && next < due.count; left--, next++) {
        const at = (next + tick) % due.count;
        said.push(this.#say(due.slots, due.isWhole ? due.slots : due.handles, due.bodies, at, false));
        flight.names(due.slots, at, at + 1, tick);
      }
      sent.noteSegment(log.page, from, log.page.length);
      packets.push({ sequence: this.#sequence, tick, said, hasHandles: !due.isWhole, forgets: this.resync });
    } while (packets.length < packetsMax && next < due.count);
    return packets;
  }

  acknowledge(ack: number, bits: number, resync: number): void {
    if (resync !== this.resync) {
      this.resync = resync;
      this.replica.forget(this.world.tick);
      this.sent.forget();
      this.flight.forget();
    }
    this.flight.acknowledge(ack, bits);
    this.sent.acknowledge(ack, bits, this.replica, () => {});
  }

  #say(ofSlots: Int32Array, numbers: Int32Array, bodies: Int32Array, at: number, isPrivate: boolean): Said {
    const { table, history, world } = this;
    const slot = ofSlots[at] as number;
    const body = bodies[at] as number;
    const [version, type] = [world.versionAt(slot), world.typeAt(slot)];
    const common = { slot, number: numbers[at] as number, isPrivate, version, type };
    if (body < 0) {
      this.log.add(despawnMarks(slot), despawnKey(body, slot));
      const rows = { newer: noRow, older: noRow, now: noRow };
      return { ...common, saysSlot: !isNamedDespawn(body), gone: true, form: 0, newer: -1, older: -1, since: 0, rows };
    }
    this.log.add(table.marksOf(body), table.keyOf(body));
    const seenAs = ((table.keyOf(body) - 1) & 3) as Form;
    const [newer, older] = [table.newerTick(body), table.olderTick(body)];
    const rowOf = (tick: number): Int32Array => {
      const from = tick < 0 ? -1 : history.baseAt(slot, version, tick, seenAs === form.owned);
      if (tick >= 0) expect(from).toBeGreaterThanOrEqual(0);
      return from < 0 ? noRow : history.rows(slot).slice(from, from + (game.types[type] as EntityType).layout.words);
    };
    const rows = { newer: rowOf(newer), older: rowOf(older), now: rowOf(world.tick) };
    return { ...common, saysSlot: newer < 0, gone: false, form: seenAs, newer, older, since: table.sinceAs(slot, seenAs), rows };
  }
}

interface State {
  readonly tick: number;
  readonly since: number;
  readonly form: Form;
  readonly row: Int32Array;
}

/** The states of one entity: ReceivedEntity as a list, without its tables. */
class Held {
  readonly version: number;
  readonly type: number;
  readonly states: State[] = [];
  #newestBase = -1;
  #standsFrom = -1;

  constructor(version: number, type: number) {
    this.version = version;
    this.type = type;
  }

  get newest(): State | undefined {
    return this.states.at(-1);
  }

  base(tick: number): State | undefined {
    const stands = this.#standsFrom >= 0 && this.#standsFrom <= tick;
    return this.states.findLast((state) => state.tick <= tick) ?? (stands ? this.states[0] : undefined);
  }

  prune(baseTick: number, viewTick: number): void {
    this.#newestBase = Math.max(this.#newestBase, baseTick);
    const keep = this.base(Math.min(this.#newestBase, viewTick));
    if (keep) this.#drop(this.states.indexOf(keep));
  }

  insert(state: State): void {
    if (this.states.some(({ tick }) => tick === state.tick)) return;
    if (this.#standsFrom >= 0 && state.tick < (this.states[0]?.tick ?? -1)) return;
    this.states.push(state);
    this.states.sort((a, b) => a.tick - b.tick);
    if (this.states.length > limits.clientStates) this.#drop(1);
  }

  #drop(count: number): void {
    const { since, form: first } = this.states[count] as State;
    const different = this.states.slice(0, count).findLastIndex((state) => state.tick < since || state.form !== first);
    if (count > 0 && (different >= 0 || this.#standsFrom < 0)) this.#standsFrom = (this.states[different + 1] as State).tick;
    this.states.splice(0, count);
  }
}

/** A client that keeps as little as it may: the reader and the received world, without bytes. */
class ClientModel {
  readonly held: (Held | undefined)[] = [];
  readonly window = new AckWindow();
  readonly viewLag: number;
  newestTick = -1;
  resync = 0;
  /** Bases that were used, by form; and those that were named by a tick of which the client had no state. */
  readonly basesUsed = [0, 0, 0, 0];
  readonly #emptyTick: number[] = [];
  readonly #handles = new Map<number, { readonly slot: number; readonly tick: number }>();

  constructor(viewLag: number) {
    this.viewLag = viewLag;
  }

  receive(packet: Packet, isServersFault: boolean): void {
    if (!this.window.isNew(packet.sequence)) return;
    const found = packet.said.map((said) => this.#slotOf(said, packet));
    for (const [index, said] of packet.said.entries()) {
      if (said.gone || said.newer < 0) continue;
      const wrong = this.#wrongBase(said, found[index] as number);
      if (wrong === undefined) continue;
      if (wrong === 'missing' && packet.tick < this.newestTick) return; // late: it is left out and not acknowledged
      if (isServersFault) throw new Error(`slot ${said.slot}: ${wrong} of ${said.newer} and ${said.older}, form ${said.form}, at tick ${packet.tick}`);
      if (packet.tick >= this.newestTick) this.resync++;
      return;
    }
    for (const [index, said] of packet.said.entries()) if ((found[index] as number) >= 0) this.#take(said, found[index] as number, packet.tick);
    this.window.mark(packet.sequence);
    this.newestTick = Math.max(this.newestTick, packet.tick);
  }

  #slotOf(said: Said, { hasHandles, tick }: Packet): number {
    if (!hasHandles || said.isPrivate || said.saysSlot || said.number === 0) return said.slot;
    const known = this.#handles.get(said.number);
    return known && known.tick <= tick ? known.slot : -1;
  }

  #wrongBase({ newer, older, form: seenAs, isPrivate, rows, version }: Said, slot: number): string | undefined {
    const held = this.held[slot];
    const newerState = held?.base(newer);
    const olderState = older < 0 ? undefined : held?.base(older);
    if (!held || !newerState || (older >= 0 && !olderState)) return 'missing';
    if (held.version !== version) return 'another entity';
    if (isPrivate && newerState.form !== seenAs) return `a base in form ${newerState.form}`;
    const { layout } = game.types[held.type] as EntityType;
    const isSame = (state: State, row: Int32Array): boolean =>
      layout.same(state.row, 0, row, 0, seenAs === form.seen ? 'wire' : 'step', seenAs === form.owned);
    if (!isSame(newerState, rows.newer) || (olderState && !isSame(olderState, rows.older))) return 'another state';
    this.basesUsed[seenAs]++;
    if (newerState.tick !== newer) this.basesUsed[3]++;
    return undefined;
  }

  #take({ gone, number, version, type, form: seenAs, newer, older, rows, since, isPrivate }: Said, slot: number, tick: number): void {
    const held = this.held[slot];
    if (gone) {
      if (held && tick > (held.newest?.tick ?? -1)) this.held[slot] = undefined;
      this.#emptyTick[slot] = Math.max(this.#emptyTick[slot] ?? -1, tick);
      return;
    }
    const state = { tick, since, form: seenAs, row: rows.now };
    if (newer < 0) {
      if (!isPrivate && tick >= (this.#handles.get(number)?.tick ?? -1)) this.#handles.set(number, { slot, tick });
      if (tick <= (this.#emptyTick[slot] ?? -1)) return;
      if (held && held.version !== version && tick <= (held.newest?.tick ?? -1)) return;
      const here = held?.version === version ? held : new Held(version, type);
      this.held[slot] = here;
      here.insert(state);
      return;
    }
    if (!held || held.version !== version || (seenAs === form.seen && held.newest?.form !== form.seen)) return;
    const isTold = older < 0 || (held.base(newer)?.since ?? 0) > older;
    held.insert(state);
    held.prune(isTold ? (older < 0 ? newer : older) : -1, Math.max(0, this.newestTick - this.viewLag));
  }
}

const steps = fc.record({
  act: fc.constantFrom('', '', '', 'move', 'move', 'stop', 'twitch', 'earn', 'pause', 'spawn', 'spawn', 'despawn', 'take', 'free', 'hide', 'show', 'lose', 'dark'),
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
  const one = world.at(slot) as unknown as Record<string, number> | null;
  if (what === 'spawn' && Array.from({ length: slots }, (_, at) => world.at(at)).includes(null)) world.spawn(names[index % 3] as 'mob', { x: index });
  if (what === 'move' && one && slot > 0) moving.add(slot);
  if (what === 'stop') moving.delete(slot);
  if (what === 'twitch' && one && slot > 0) one.x = (one.x as number) ^ 1;
  if (what === 'earn' && one?.gold !== undefined) earning.add(slot);
  if (what === 'pause') earning.delete(slot);
  if (what === 'despawn' && one && slot > 0) {
    world.despawn(one.id as never);
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
    for (const count of used) expect(count).toBeGreaterThan(2000);
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
