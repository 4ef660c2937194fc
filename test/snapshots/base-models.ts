// A server's side of snapshots without bytes, and a client that keeps its states as ReceivedEntity does: which bases are named, and whether they are there.
//
// Invariant: the server is the real one down to its record log; the client is the least that a correct one may keep, written as lists.
// Units: ticks.

import { type AnyGame, defineGame, entity, f, limits } from '@tickwire/shared';
import { AckWindow, type EntityType, type Form, form, History, nextSequence, type Sequence, World } from '@tickwire/shared/internal';
import { DueList, despawnKey, isNamedDespawn, type Viewer, type VisibleSlots } from '../../packages/server/src/due-list.ts';
import { Flight } from '../../packages/server/src/flight.ts';
import { despawnMarks, RecordLog } from '../../packages/server/src/record-log.ts';
import { Replica } from '../../packages/server/src/replica.ts';
import { SentPackets } from '../../packages/server/src/sent-packets.ts';
import { TickTable } from '../../packages/server/src/tick-table.ts';

export const game = defineGame({
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
const patienceTicks = 15;
/** With too much on its way, a packet now and then asks whether anybody is there. */
const probeTicks = 30;

/** One record of a packet, with the rows that it is coded from. A base of -1 is none; without a newer one it is a whole state. */
export interface Said {
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

export interface Packet {
  readonly sequence: Sequence;
  readonly tick: number;
  readonly said: readonly Said[];
  readonly hasHandles: boolean;
  /** The client's resync that the server had seen. */
  readonly forgets: number;
}

const noRow = new Int32Array(0);

/** The server's side, as the snapshot writer uses it, with two records in a segment. */
export class ServerModel implements Viewer {
  readonly world: World<typeof game> = new World(game);
  readonly history: History = new History(game);
  readonly table: TickTable = new TickTable(this.world as unknown as World<AnyGame>, this.history);
  readonly due: DueList = new DueList(this.table);
  readonly log: RecordLog = new RecordLog();
  readonly replica: Replica = new Replica();
  readonly sent: SentPackets = new SentPackets();
  readonly flight: Flight = new Flight();
  readonly controls: Set<number> = new Set();
  readonly moving: Set<number> = new Set();
  readonly earning: Set<number> = new Set();
  readonly hidden: Set<number> = new Set();
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
      if (tick >= 0 && from < 0) throw new Error(`the server has no state of tick ${tick} for slot ${slot}`);
      return from < 0 ? noRow : history.rows(slot).slice(from, from + (game.types[type] as EntityType).layout.words);
    };
    const rows = { newer: rowOf(newer), older: rowOf(older), now: rowOf(world.tick) };
    return { ...common, saysSlot: newer < 0, gone: false, form: seenAs, newer, older, since: table.sinceAs(slot, seenAs), rows };
  }
}

export interface State {
  readonly tick: number;
  readonly since: number;
  readonly form: Form;
  readonly row: Int32Array;
}

/** The states of one entity: ReceivedEntity as a list, without its tables. */
export class Held {
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
export class ClientModel {
  readonly held: (Held | undefined)[] = [];
  readonly window: AckWindow = new AckWindow();
  readonly viewLag: number;
  newestTick = -1;
  resync = 0;
  /** Bases that were used, by form; and those that were named by a tick of which the client had no state. */
  readonly basesUsed: number[] = [0, 0, 0, 0];
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
      if (isServersFault)
        throw new Error(`slot ${said.slot}: ${wrong} of ${said.newer} and ${said.older}, form ${said.form}, at tick ${packet.tick}`);
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
    this.basesUsed[seenAs] = (this.basesUsed[seenAs] as number) + 1;
    if (newerState.tick !== newer) this.basesUsed[3] = (this.basesUsed[3] as number) + 1;
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
