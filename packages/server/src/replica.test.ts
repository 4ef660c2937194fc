// What the server believes a client to hold, against a client that holds it: packets and acks are lost, doubled and overtake each other.

import { limits } from '@tickwire/shared';
import { AckWindow, type Form, nextSequence, type Sequence } from '@tickwire/shared/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Replica } from './replica.ts';
import { SentPackets } from './sent-packets.ts';

const slots = 6;
const snapshotTicks = 3;

/** One record of a packet. A base of -1 is a full state. */
interface Said {
  readonly slot: number;
  readonly version: number;
  readonly form: Form;
  readonly base: number;
  readonly value: number;
  readonly gone: boolean;
}

interface Packet {
  readonly sequence: Sequence;
  readonly tick: number;
  readonly records: readonly Said[];
  readonly forgets: number;
}

interface Thing {
  version: number;
  form: Form;
  value: number;
  since: number;
  moving: boolean;
  visible: boolean;
  alive: boolean;
}

/** The server's side, as the snapshot writer uses it. */
class ServerModel {
  readonly replica = new Replica();
  readonly sent = new SentPackets();
  readonly things: Thing[] = Array.from({ length: slots }, () => ({
    version: 0,
    form: 0,
    value: 0,
    since: 0,
    moving: false,
    visible: true,
    alive: false,
  }));
  tick = 0;
  /** Times that everything was forgotten, and the client's resync that was last seen. */
  forgets = 0;
  resync = 0;
  #sequence = 0xfff0 as Sequence;

  constructor() {
    this.replica.grow(slots);
  }

  /** Packets of the snapshot of this tick, at most two records in each. */
  snapshot(): Packet[] {
    const due: Said[] = [];
    this.things.forEach((thing, slot) => {
      if (thing.alive && thing.visible) {
        this.replica.enter(slot, thing.version, thing.form, this.tick);
        if (this.replica.isSilent(slot, thing.since)) return;
        due.push({ slot, version: thing.version, form: thing.form, base: this.replica.baseTick(slot), value: thing.value, gone: false });
      } else if (this.replica.leave(slot, this.tick)) {
        due.push({ slot, version: this.replica.version(slot), form: 0, base: -1, value: 0, gone: true });
      }
    });
    const packets: Packet[] = [];
    if (this.sent.unacknowledged >= limits.snapshotsInFlight) return packets;
    do {
      this.#sequence = nextSequence(this.#sequence);
      this.sent.begin(this.#sequence, this.tick, packets.length === 0, this.tick);
      const records = due.splice(0, 2);
      for (const { slot, version, form, gone } of records)
        this.sent.noteRecord(slot, version, form, !gone && this.tick > (this.things[slot] as Thing).since, gone);
      packets.push({ sequence: this.#sequence, tick: this.tick, records, forgets: this.forgets });
    } while (due.length > 0);
    return packets;
  }

  acknowledge(ack: number, bits: number, resync: number): void {
    if (resync !== this.resync) {
      this.resync = resync;
      this.forgets++;
      this.replica.forget(this.tick);
      this.sent.forget();
    }
    this.sent.acknowledge(ack, bits, this.replica, () => {});
  }
}

interface Held {
  readonly version: number;
  readonly states: Map<number, { form: Form; value: number }>;
}

/** A client that keeps as little as it may. */
class ClientModel {
  readonly held: (Held | undefined)[] = [];
  readonly empty: number[] = Array.from({ length: slots }, () => -1);
  readonly window = new AckWindow();
  newestTick = -1;
  resync = 0;
  basesUsed = 0;

  receive(packet: Packet, isServersFault: boolean): void {
    if (!this.window.isNew(packet.sequence)) return;
    for (const { slot, version, form, base, gone } of packet.records) {
      if (gone || base < 0) continue;
      const entity = this.held[slot];
      const state = entity?.states.get(base);
      if (entity?.version === version && state?.form === form) continue;
      if (packet.tick <= this.newestTick) return; // late: it is left out and not acknowledged
      if (isServersFault) throw new Error(`slot ${slot}: base ${base} of version ${version} is not here at tick ${packet.tick}`);
      this.resync++;
      return;
    }
    this.window.mark(packet.sequence);
    this.newestTick = Math.max(this.newestTick, packet.tick);
    for (const record of packet.records) this.#take(record, packet.tick);
  }

  newest(slot: number): number {
    return Math.max(-1, ...(this.held[slot]?.states.keys() ?? []));
  }

  #take({ slot, version, form, base, value, gone }: Said, tick: number): void {
    if (gone) {
      if (tick > this.newest(slot)) this.held[slot] = undefined;
      this.empty[slot] = Math.max(this.empty[slot] as number, tick);
      return;
    }
    if (base < 0) {
      if (tick <= (this.empty[slot] as number)) return;
      if (this.held[slot] && this.held[slot]?.version !== version) {
        if (tick <= this.newest(slot)) return;
        this.held[slot] = undefined;
      }
      this.held[slot] ??= { version, states: new Map() };
    } else {
      this.basesUsed++;
      for (const old of [...(this.held[slot]?.states.keys() ?? [])]) if (old < base) this.held[slot]?.states.delete(old);
    }
    const states = this.held[slot]?.states as Held['states'];
    if (!states.has(tick)) states.set(tick, { form, value });
    if (states.size > limits.clientStates) states.delete(Math.min(...states.keys()));
  }
}

const step = fc.record({
  act: fc.constantFrom('nothing', 'nothing', 'move', 'move', 'stop', 'spawn', 'spawn', 'despawn', 'form', 'hide', 'show', 'lose'),
  slot: fc.nat(slots - 1),
  /** Ticks on the way, -1 for lost. */
  down: fc.constantFrom(-1, -1, 0, 0, 1, 2, 4, 9, 14),
  up: fc.constantFrom(-1, -1, 0, 0, 1, 3, 8),
  twice: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function act(server: ServerModel, client: ClientModel, { act: what, slot }: Step): void {
  const thing = server.things[slot] as Thing;
  if (what === 'spawn' && !thing.alive)
    Object.assign(thing, { alive: true, version: thing.version + 1, value: server.tick, since: server.tick, form: 0 });
  if (what === 'move') thing.moving = true;
  if (what === 'stop') thing.moving = false;
  if (what === 'despawn') thing.alive = false;
  if (what === 'form') thing.form = ((thing.form + 1) % 3) as Form;
  if (what === 'hide') thing.visible = false;
  if (what === 'show') thing.visible = true;
  for (const one of server.things) if (one.moving) Object.assign(one, { value: server.tick, since: server.tick });
  if (what === 'lose' && server.tick % 5 === 0) {
    client.held.length = 0;
    client.resync++;
  }
}

/** Plays the steps, then a world that stands still on a network that loses nothing. @returns the two ends. */
function play(steps: readonly Step[]): { server: ServerModel; client: ClientModel } {
  const server = new ServerModel();
  const client = new ClientModel();
  const down = new Map<number, Packet[]>();
  const up = new Map<number, [ack: number, bits: number, resync: number][]>();
  const put = <T>(queue: Map<number, T[]>, at: number, one: T): void => void queue.set(at, [...(queue.get(at) ?? []), one]);
  const calm: Step = { act: 'nothing', slot: 0, down: 0, up: 0, twice: false };
  for (let index = 0; index < steps.length + 60; index++) {
    const one = steps[index] ?? calm;
    server.tick++;
    if (index === steps.length) for (const thing of server.things) thing.moving = false;
    act(server, client, one);
    if (server.tick % snapshotTicks === 0) {
      for (const [number, packet] of server.snapshot().entries()) {
        const delay = one.down < 0 ? -1 : one.down + (number % 3) * (steps[index + 1]?.down ?? 0);
        if (delay >= 0) put(down, server.tick + delay, packet);
        if (delay >= 0 && one.twice) put(down, server.tick + delay + 2, packet);
      }
    }
    for (const packet of down.get(server.tick) ?? []) client.receive(packet, packet.forgets === client.resync);
    if (client.window.any && one.up >= 0) put(up, server.tick + one.up, [client.window.newest, client.window.bits, client.resync]);
    for (const [ack, bits, resync] of up.get(server.tick) ?? []) if (resync >= server.resync) server.acknowledge(ack, bits, resync);
  }
  return { server, client };
}

describe('Replica and SentPackets', () => {
  it('[RP1] a base is only named when the client holds it, however packets and acks are lost, doubled and reordered', () => {
    let basesUsed = 0;
    const property = fc.property(fc.array(step, { minLength: 60, maxLength: 300, size: 'max' }), (steps) => {
      basesUsed += play(steps).client.basesUsed;
    });
    fc.assert(property, { numRuns: 300 });
    expect(basesUsed).toBeGreaterThan(5000);
  });

  it('[RP2] when the network heals, the client has exactly what the server has, and nothing more is sent', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 30, maxLength: 300, size: 'max' }), (steps) => {
        const { server, client } = play(steps);
        for (const [slot, thing] of server.things.entries()) {
          const held = client.held[slot];
          expect(held?.version).toBe(thing.alive && thing.visible ? thing.version : undefined);
          if (held) expect(held.states.get(client.newest(slot))).toEqual({ form: thing.form, value: thing.value });
        }
        server.tick++;
        expect(server.snapshot().flatMap(({ records }) => records)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('[RP3] an ack of before an entity changed its form, came back or was replaced says nothing about it', () => {
    const replica = new Replica();
    replica.grow(1);
    replica.enter(0, 1, 0, 10);
    replica.acknowledge(0, 1, 0, 12, true, false);
    expect([replica.baseTick(0), replica.isSilent(0, 11)]).toEqual([12, true]);
    replica.enter(0, 1, 2, 20);
    expect([replica.baseTick(0), replica.isSilent(0, 11)]).toEqual([-1, false]);
    replica.acknowledge(0, 1, 0, 19, true, false);
    replica.acknowledge(0, 1, 0, 25, true, false); // the form of before
    expect(replica.baseTick(0)).toBe(-1);
    replica.acknowledge(0, 1, 2, 21, false, false);
    replica.acknowledge(0, 1, 2, 20, false, false); // an older one, later
    expect([replica.baseTick(0), replica.isSilent(0, 0)]).toEqual([21, false]);
    replica.enter(0, 2, 2, 30);
    replica.acknowledge(0, 1, 2, 31, true, false);
    expect(replica.baseTick(0)).toBe(-1);
  });

  it('[RP4] a despawn is due until one of its own was acknowledged', () => {
    const replica = new Replica();
    replica.grow(1);
    expect(replica.leave(0, 5)).toBe(false);
    replica.enter(0, 1, 0, 10);
    expect(replica.leave(0, 20)).toBe(true);
    replica.acknowledge(0, 1, 0, 19, true, false);
    replica.acknowledge(0, 1, 0, 21, true, false);
    expect(replica.leave(0, 22)).toBe(true);
    replica.acknowledge(0, 1, 0, 15, false, true); // of an earlier time out of view
    expect(replica.leave(0, 23)).toBe(true);
    replica.acknowledge(0, 1, 0, 23, false, true);
    expect(replica.leave(0, 24)).toBe(false);
  });

  it('[RP5] forgetting leaves no base, and acks of what was sent before bring none back', () => {
    const replica = new Replica();
    const sent = new SentPackets();
    replica.grow(2);
    replica.enter(0, 1, 0, 10);
    replica.enter(1, 1, 0, 10);
    replica.leave(1, 11);
    sent.begin(1 as Sequence, 12, true, 0);
    sent.noteRecord(0, 1, 0, true, false);
    sent.begin(2 as Sequence, 12, false, 0);
    sent.noteRecord(0, 1, 0, true, false);
    expect(sent.acknowledge(1, 0, replica, () => {})).toBe(true);
    replica.forget(12);
    sent.forget();
    expect(sent.acknowledge(2, 1, replica, () => {})).toBe(false);
    expect([replica.baseTick(0), replica.isSilent(0, 0), replica.leave(1, 13)]).toEqual([-1, false, true]);
  });

  it('[RP6] acks of the future, of the far past and repeated ones count for nothing', () => {
    const replica = new Replica();
    const sent = new SentPackets();
    replica.grow(1);
    replica.enter(0, 1, 0, 0);
    expect(sent.acknowledge(0, 0, replica, () => {})).toBe(false);
    const done: number[] = [];
    for (let sequence = 0; sequence < 200; sequence++) {
      sent.begin(sequence as Sequence, sequence, true, 1000 + sequence);
      sent.noteRecord(0, 1, 0, false, false);
      sent.noteEffect(sequence);
    }
    const ack = (of: number, bits = 0): number | false => sent.acknowledge(of, bits, replica, (id) => done.push(id)) && sent.ackedSentAt;
    expect([ack(200), ack(0x7000), ack(0xffff, 0xffffffff), ack(20)]).toEqual([false, false, false, false]);
    expect([replica.baseTick(0), done, sent.unacknowledged]).toEqual([-1, [], 200]);
    expect([ack(190, 0b101), replica.baseTick(0), sent.unacknowledged]).toEqual([1190, 190, 9]);
    expect(done).toEqual([187, 189, 190]);
    expect(ack(190, 0b101)).toBe(false);
    // News of an older packet only: the client's hold time is not of that packet, so there is no sample in it.
    expect(ack(190, 0b1000_0000_0000_0000_0000_0000_0000_0000)).toBe(-1);
    expect([done.at(-1), replica.baseTick(0)]).toEqual([158, 190]);
  });
});
