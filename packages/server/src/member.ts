// The framework's side of one player in a room: session, inputs, what the player holds, what it controls. The room's code sees its `client`.
//
// Invariant: whatever its peer sends, a member only ever harms itself: bytes, rates and queues are bounded, wrong messages are counted, and too many of
// them end it. Units: milliseconds of the room's clock; ticks.

import { type AnyGame, type CloseCode, type EntityId, type Lane, type Link, limits } from '@tickwire/shared';
import {
  BitReader,
  emptyInputHead,
  emptySnapshotHead,
  type Frame,
  type InputHead,
  messageKind,
  type Plain,
  packPlain,
  parseHello,
  readFrame,
  readInputHead,
  readViewLag,
  type Sequence,
  Session,
  type SnapshotHead,
  Strikes,
  slotOf,
  unpackPlain,
  unwrap16,
  welcomeMessage,
} from '@tickwire/shared/internal';
import { Budget } from './budget.ts';
import { Client, type JoinOptions, type Pace } from './client.ts';
import type { VisibleSlots } from './due-list.ts';
import { Effects } from './effects.ts';
import { EventInbox } from './event-inbox.ts';
import { Flight } from './flight.ts';
import { Flow } from './flow.ts';
import { InputQueue } from './input-queue.ts';
import { Priority } from './priority.ts';
import { RateLimit } from './rate-limit.ts';
import { Replica } from './replica.ts';
import type { SavedMember } from './save.ts';
import { SentPackets } from './sent-packets.ts';
import { Sight } from './sight.ts';
import type { Receiver, SnapshotWriter } from './snapshot-writer.ts';
import { Traffic } from './traffic.ts';
import { ViewClaims } from './view-claims.ts';

/** What a member needs of its room. */
export interface Host<G extends AnyGame> {
  readonly game: G;
  readonly tick: number;
  readonly seed: number;
  /** Bytes a second that each client may be sent. */
  readonly budgetBytes: number;
  /** Whether its room may ask what a client saw. */
  readonly rewinds: boolean;
  /** How urgent the entity in a slot is to a member. */
  weigh(member: Member<G>, slot: number): number;
  /** The next tick and how far the time is into the one before it, as a fraction. */
  ticksAt(now: number): number;
  entityAlive(id: EntityId): boolean;
  entityAt(slot: number): unknown;
  /** Control goes to this member: whoever had the entity loses it. Throws when the member's prediction group grows beyond a packet. */
  controlTaken(member: Member<G>, id: EntityId): void;
  controlFreed(slot: number): void;
  joined(member: Member<G>, now: number): void;
  event(member: Member<G>, event: unknown[], now: number): void;
  emitTo(member: Member<G>, name: string, fields: object): void;
  left(member: Member<G>, code: CloseCode, now: number): void;
}

/** What came from a member. What it was sent is in its `traffic`. */
export interface MemberCounters {
  packetsReceived: number;
  bytesReceived: number;
  /** Messages that could not be read, or that no correct client sends. */
  wrong: number;
  /** Messages dropped because there were too many in their second. */
  overRate: number;
}

/** With nothing to say, a client still gets a packet in this time: timing, and the sign that the server is there. */
const heartbeatMs = 500;
/** A client that nobody sees gets a snapshot in this time. */
const hiddenMs = 500;
/** Packets that must have come before the window of the last 32 and what is under way says anything of losses. */
const firstPackets = 40;

export class Member<G extends AnyGame> implements Receiver {
  readonly session: Session;
  readonly client: Client<G>;
  readonly inputs: InputQueue<G>;
  readonly claims: ViewClaims;
  readonly replica: Replica;
  readonly sent: SentPackets = new SentPackets();
  readonly effects: Effects = new Effects();
  readonly flow: Flow = new Flow();
  readonly flight: Flight = new Flight();
  readonly budget: Budget = new Budget();
  readonly priority: Priority = new Priority((slot) => this.#host.weigh(this, slot));
  readonly traffic: Traffic;
  readonly controls: Set<number> = new Set();
  readonly events: EventInbox;
  readonly counters: MemberCounters = { packetsReceived: 0, bytesReceived: 0, wrong: 0, overRate: 0 };
  /** What it may see in the snapshot that is due; undefined for everything. */
  visible: VisibleSlots | undefined;
  /** Ticks by which this member's snapshots are moved, so that not all are sent in one tick. */
  phase = 0;
  /** False until the link has opened and said hello, and again when the member has gone. */
  isHere = false;
  readonly #host: Host<G>;
  /** What a snapshot and an ack ask of this member, made once: no packet makes functions of its own. */
  readonly #takeSequence = (): Sequence => this.session.takeSequence();
  readonly #send = (bytes: Uint8Array): void => {
    this.budget.spend(bytes.length);
    this.session.sendUnreliable(bytes, this.#now);
  };
  readonly #effectDone = (id: number): void => this.effects.done(id);
  readonly #strikes = new Strikes();
  readonly #rate = new RateLimit();
  readonly #reader = new BitReader();
  readonly #frame: Frame = { kind: 0, from: 0, to: 0, secondFrom: 0, secondTo: 0 };
  readonly #inputHead = emptyInputHead();
  readonly #snapshotHead: SnapshotHead = emptySnapshotHead();
  readonly #controlled: number[] = [];
  /** Two rows: the input being read, and the newer one that it is a delta to. */
  #row: Int32Array;
  #newerRow: Int32Array;
  /** A link that has not said hello. */
  #waiting: Link | undefined;
  #resync = 0;
  #gotInputs = false;
  #sentAt = Number.NEGATIVE_INFINITY;
  /** The last snapshot had no room for anything but the prediction group. */
  #isShort = false;
  /** Something that is due waits. */
  #isHeld = false;
  #now: number;

  constructor(host: Host<G>, sessionId: string, token: string, auth: unknown, options: JoinOptions, now: number) {
    this.#host = host;
    this.#now = now;
    this.session = new Session(sessionId, token, now);
    this.replica = new Replica(host.rewinds ? new Sight() : undefined);
    this.inputs = new InputQueue(host.game);
    this.claims = new ViewClaims(host.game.tickHz);
    this.traffic = new Traffic(host.game);
    this.events = new EventInbox(host.game.tickHz);
    this.#row = new Int32Array(host.game.inputLayout.words);
    this.#newerRow = new Int32Array(host.game.inputLayout.words);
    this.client = new Client(this, auth, options);
  }

  /** Takes a link that the transport opened for this seat. It counts once the client has said hello on it. */
  accept(link: Link): void {
    let welcomed = false;
    let early = 0;
    this.#waiting?.close('taken-over', this.#now);
    this.#waiting = link;
    link.listen({
      opened: () => {},
      received: (lane, bytes, now) => {
        this.#now = now;
        if (welcomed) this.#receive(link, lane, bytes, now);
        else if (++early > limits.beforeHello) link.close('flood', now);
        else if (lane === 'reliable' && this.#waiting === link) welcomed = this.#welcome(link, bytes, now);
      },
      closed: (code, now) => {
        this.#now = now;
        if (this.#waiting === link) this.#waiting = undefined;
        if (welcomed && !this.session.detach(link)) this.depart(code, now);
      },
    });
  }

  /** Closes a link that has not said hello: nobody comes on it any more. */
  abandon(code: CloseCode, now: number): void {
    this.#waiting?.close(code, now);
    this.#waiting = undefined;
  }

  control(id: EntityId): void {
    if (!this.#host.entityAlive(id)) throw new RangeError(`control(): there is no entity ${id}; it was despawned`);
    this.#host.controlTaken(this, id);
    this.controls.add(slotOf(id));
  }

  release(id: EntityId): void {
    if (this.#host.entityAlive(id) && this.controls.delete(slotOf(id))) this.#host.controlFreed(slotOf(id));
  }

  /** Slots of the controlled entities, ascending. */
  controlledSlots(): readonly number[] {
    const slots = this.#controlled;
    slots.length = 0;
    for (const slot of this.controls) slots.push(slot);
    return slots.sort(ascending);
  }

  controlled(): unknown[] {
    return this.controlledSlots().flatMap((slot) => this.#host.entityAt(slot) ?? []);
  }

  emit(name: string, fields: object): void {
    this.#host.emitTo(this, name, fields);
  }

  dismiss(code: CloseCode): void {
    this.session.close(code, this.#now);
    this.depart(code, this.#now);
  }

  /** The member is gone: told once. */
  depart(code: CloseCode, now: number): void {
    if (!this.isHere) return;
    this.isHere = false;
    this.abandon(code, now);
    this.#host.left(this, code, now);
  }

  /** As plain data, for a saved room. */
  save(): SavedMember {
    const { sessionId, token } = this.session;
    const { auth, options } = this.client;
    return {
      sessionId,
      token,
      auth: auth as Plain,
      options,
      session: this.session.save(),
      input: this.inputs.save(),
      events: this.events.save() as Plain,
      controls: [...this.controlledSlots()],
    };
  }

  /** Takes back what `save` gave; there is no link yet. */
  restore(saved: SavedMember): void {
    this.session.restore(saved.session);
    this.inputs.restore(saved.input);
    this.events.restore(saved.events as unknown[][]);
    for (const slot of saved.controls) this.controls.add(slot);
    this.isHere = true;
  }

  /** Writes and sends the snapshot of this tick, if the path takes it. */
  sendSnapshot(writer: SnapshotWriter, intervalMs: number, now: number): void {
    this.#now = now;
    const { tick } = this.#host;
    if (this.inputs.isIdle && now - this.#sentAt < hiddenMs - intervalMs / 2) return;
    const allowed = this.flow.packetsAllowed(this.sent.unacknowledged, intervalMs, now);
    this.budget.follow(this.flight.loss, this.flow.rttMs, this.flow.state === 'queue', now);
    const afforded = this.budget.packets(this.#host.budgetBytes, now);
    // The prediction group alone has filled a packet: there is no snapshot without the rest any more.
    const least = this.#isShort ? 2 : 1;
    this.#isHeld = afforded < least;
    if (allowed === 0 || afforded < least) return;
    this.flight.expire(now, this.flow.patienceMs(intervalMs));
    const head = this.#snapshotHead;
    const { received } = this.session;
    head.ack = received.any ? received.newest : -1;
    head.ackHoldMs = this.session.holdMs(now);
    head.inputLead = this.inputs.lead(tick);
    head.inputMargin = this.inputs.margin;
    head.inputsMissed = this.inputs.missed & 0xf;
    // The newest four may still come.
    head.inputsLost = this.counters.packetsReceived > firstPackets && received.bits >>> 4 !== 0xfffffff;
    const mustSend = this.#gotInputs || now - this.#sentAt >= heartbeatMs;
    const packetsMax = Math.min(allowed, afforded);
    if (writer.write(this, head, packetsMax, mustSend, this.#takeSequence, now, this.#send, afforded) === 0) return;
    this.#isShort = writer.namedNone;
    this.#isHeld = this.priority.isChoice;
    this.#gotInputs = false;
    this.inputs.takeMargin();
    this.#sentAt = now;
    this.flow.sent(now);
  }

  /** How fast it goes and why. */
  get pace(): Pace {
    const { flow, budget, flight } = this;
    const held = budget.reason === 'none' ? 'budget' : budget.reason;
    const reason = flow.state !== 'open' ? flow.state : this.#isHeld ? held : 'full';
    return { reason, budgetBytes: budget.bytesPerSecond, loss: flight.loss, rttMs: flow.rttMs, skipped: flow.skipped };
  }

  /** Sends events and acks; ends the member when its peer takes nothing any more or has been silent too long. */
  flush(now: number): void {
    this.#now = now;
    const code = this.session.flush(this.#host.tick, now) ?? (now - this.session.heardAt > limits.sessionTimeoutMs ? 'timeout' : undefined);
    if (code) this.dismiss(code);
  }

  #welcome(link: Link, bytes: Uint8Array, now: number): boolean {
    const message = unpackPlain(bytes);
    const hello = message && parseHello(message);
    if (!hello || hello.sessionId !== this.session.sessionId || hello.token !== this.session.token) {
      link.close('protocol-error', now);
      return false;
    }
    this.#waiting = undefined;
    this.session.outbox.acknowledge(hello.reliableReceived);
    this.session.attach(link);
    this.session.heardAt = now;
    const { epoch, reliableReceived } = this.session;
    link.send('reliable', packPlain(welcomeMessage({ epoch, tick: this.#host.tick, reliableReceived, seed: this.#host.seed })), now);
    if (!this.isHere) {
      this.isHere = true;
      this.#host.joined(this, now);
    }
    return true;
  }

  #receive(link: Link, lane: Lane, bytes: Uint8Array, now: number): void {
    if (!this.isHere || !this.#withinRate(lane, bytes.length, now)) return;
    this.session.carried(link, now);
    this.counters.packetsReceived++;
    this.counters.bytesReceived += bytes.length;
    const fine = lane === 'unreliable' ? this.#receivePacket(bytes, now) : this.#receiveReliable(bytes, now);
    if (fine) return;
    this.counters.wrong++;
    if (this.#strikes.add()) this.dismiss('protocol-error');
  }

  #receivePacket(bytes: Uint8Array, now: number): boolean {
    const frame = this.#frame;
    if (bytes.length > limits.packetBytes || !readFrame(bytes, frame) || frame.kind !== messageKind.input || frame.secondTo > 0) return false;
    const reader = this.#reader;
    const head = this.#inputHead;
    reader.reset(bytes, frame.from, frame.to);
    readInputHead(reader, head);
    if (reader.failed || head.count > limits.inputsPerPacket) return false;
    this.flow.heard(now);
    if (!this.session.receive(head.sequence, now)) return true;
    const isNewest = this.session.received.newest === head.sequence;
    if (isNewest) this.inputs.isIdle = head.hidden;
    if (isNewest && head.resync !== this.#resync) {
      this.#resync = head.resync;
      this.replica.forget(this.#host.tick);
      this.sent.forget();
      this.flight.forget();
    }
    if (head.ack >= 0) {
      this.flight.acknowledge(head.ack, head.ackBits);
      const isNews = this.sent.acknowledge(head.ack, head.ackBits, this.replica, this.#effectDone);
      if (isNews) this.flow.acknowledged(this.sent.ackedSentAt, head.ackHoldMs, now);
    }
    return this.#receiveInputs(reader, head, now);
  }

  #receiveInputs(reader: BitReader, head: InputHead, now: number): boolean {
    const layout = this.#host.game.inputLayout;
    const ticksNow = this.#host.ticksAt(now);
    const newestTick = unwrap16(head.newestTick, this.#host.tick);
    const next = this.#host.tick + 1;
    const { count } = head;
    let told: number | undefined;
    this.claims.packet(head.ack < 0 ? -1 : this.sent.tickOf(head.ack), head.ackHoldMs, ticksNow);
    // A full packet may leave out inputs between the held one and its oldest.
    if (count > 0 && count < limits.inputsPerPacket) this.inputs.bridge(newestTick - count + 1, next);
    for (let index = 0; index < count; index++) {
      told = readViewLag(reader, told);
      const lag = this.claims.plausible(newestTick - index, index, told);
      if (index === 0) layout.read(reader, this.#row, 0, 'wire', true);
      else if (reader.read(1) === 0) this.#row.set(this.#newerRow);
      else layout.readDelta(reader, this.#row, 0, this.#newerRow, 0, 'wire', true);
      if (reader.failed) return false;
      const isNew = newestTick - index >= 0 && this.inputs.accept(newestTick - index, this.#row, lag, next, ticksNow);
      if (isNew) this.claims.note(newestTick - index, index, lag);
      if (isNew && !head.quiet) this.#gotInputs = true;
      const row = this.#row;
      this.#row = this.#newerRow;
      this.#newerRow = row;
    }
    if (count > 0) this.inputs.hold(newestTick, head.holds);
    return true;
  }

  #receiveReliable(bytes: Uint8Array, now: number): boolean {
    const message = bytes.length <= limits.reliableBytes ? unpackPlain(bytes) : undefined;
    const events = message ? this.session.receiveReliable(message, now) : 'wrong';
    if (events === 'wrong') return false;
    if (!events) return true;
    if (!this.#rate.takeEvents(events.events.length, now)) this.dismiss('flood');
    this.events.add(events.events);
    this.events.handle(this, this.#host, now);
    return true;
  }

  #withinRate(lane: Lane, bytes: number, now: number): boolean {
    const rate = this.#rate.take(lane, bytes, now);
    if (rate !== 'taken') this.counters.overRate++;
    if (rate === 'flood') this.dismiss('flood');
    return rate === 'taken';
  }
}

function ascending(a: number, b: number): number {
  return a - b;
}
