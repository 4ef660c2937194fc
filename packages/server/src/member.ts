// The framework's side of one player in a room: session, inputs, what the player holds, what it controls. The room's code sees its `client`.
//
// Invariant: whatever its peer sends, a member only ever harms itself: bytes, rates and queues are bounded, wrong messages are counted, and too many of
// them end it. Units: milliseconds of the room's clock; ticks.

import { type AnyGame, type CloseCode, type EntityId, endsSession, type Lane, type Link, limits } from '@tickwire/shared';
import { emptySnapshotHead, type Plain, type Sequence, Session, type SnapshotHead, Strikes, slotOf, unpackPlain } from '@tickwire/shared/internal';
import { Budget } from './budget.ts';
import { Client, type JoinOptions, type Pace } from './client.ts';
import type { VisibleSlots } from './due-list.ts';
import { Effects } from './effects.ts';
import { EventInbox } from './event-inbox.ts';
import { Flight } from './flight.ts';
import { Flow } from './flow.ts';
import { InputQueue } from './input-queue.ts';
import { type Arrival, MemberLinks } from './member-links.ts';
import { PacketReader } from './packet-reader.ts';
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
  /** How often the room was restored. */
  readonly lives: number;
  /** Whole seconds for which clients are kept without a link. */
  readonly reconnectSeconds: number;
  /** Makes reconnection tokens; without it the first one stays. */
  readonly newToken: (() => string) | undefined;
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
  /** It has no link. @returns the seconds for which it is kept. */
  dropped(member: Member<G>, code: CloseCode, now: number): number;
  reconnected(member: Member<G>, isNewPage: boolean, now: number): void;
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
  /** Links closed because they began with no hello, or with one that was not this session's. */
  hellosRefused: number;
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
  claims: ViewClaims;
  replica: Replica;
  sent: SentPackets = new SentPackets();
  readonly effects: Effects = new Effects();
  flow: Flow = new Flow();
  flight: Flight = new Flight();
  readonly budget: Budget = new Budget();
  readonly priority: Priority = new Priority((slot) => this.#host.weigh(this, slot));
  readonly traffic: Traffic;
  readonly controls: Set<number> = new Set();
  readonly events: EventInbox;
  readonly counters: MemberCounters = { packetsReceived: 0, bytesReceived: 0, wrong: 0, overRate: 0, hellosRefused: 0 };
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
  readonly #strikes = new Strikes();
  readonly #rate = new RateLimit();
  readonly #snapshotHead: SnapshotHead = emptySnapshotHead();
  readonly #controlled: number[] = [];
  readonly #packets: PacketReader<G>;
  readonly #links: MemberLinks;
  /** While it has no link: until when it is kept, and why it lost the last one. */
  #keptUntil = Number.POSITIVE_INFINITY;
  #lostBy: CloseCode = 'link-lost';
  #sentAt = Number.NEGATIVE_INFINITY;
  /** The link that the last snapshot left on. */
  #path: Link | undefined;
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
    this.#packets = new PacketReader(host, this);
    this.client = new Client(this, auth, options);
    this.#links = new MemberLinks({
      session: this.session,
      newToken: host.newToken,
      greeting: () => ({ tick: host.tick, seed: host.seed, reconnectSeconds: host.reconnectSeconds, lives: host.lives }),
      welcomed: (arrival, at) => this.#welcomed(arrival, at),
      received: (link, lane, bytes, at) => this.#receive(link, lane, bytes, at),
      lost: (code, at) => (endsSession(code) ? this.depart(code, at) : this.#drop(code, at)),
      stale: (at) => this.dismiss('session-stale', at),
      refused: () => void this.counters.hellosRefused++,
    });
  }

  /** Takes a link that the transport opened for this seat. It counts once the client has said hello on it. */
  accept(link: Link): void {
    this.#links.accept(link, this.#now);
  }

  /** Closes links that have not said hello: nobody comes on them any more. */
  abandon(code: CloseCode, now: number): void {
    this.#links.abandon(code, now);
  }

  /** Whether there is a link. A member that is here and has none is kept for a while. */
  get isConnected(): boolean {
    return this.session.active !== undefined;
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

  dismiss(code: CloseCode, now: number = this.#now): void {
    this.session.close(code, now);
    this.depart(code, now);
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
    const { sessionId } = this.session;
    const { auth, options } = this.client;
    return {
      sessionId,
      auth: auth as Plain,
      options,
      session: this.session.save(),
      input: this.inputs.save(),
      events: this.events.save() as Plain,
      effects: this.effects.lastId,
      controls: [...this.controlledSlots()],
    };
  }

  /** Takes back what `save` gave. There is no link yet: it has so many seconds to come back. */
  restore(saved: SavedMember, seconds: number): void {
    this.session.restore(saved.session);
    this.inputs.restore(saved.input);
    this.events.restore(saved.events as unknown[][]);
    this.effects.restore(saved.effects);
    this.#keep('server-restart', seconds, this.#now);
    for (const slot of saved.controls) this.controls.add(slot);
    this.isHere = true;
  }

  /** Nothing was sent on its way of now: it does not wait for its turn. */
  get isNew(): boolean {
    return this.#sentAt === Number.NEGATIVE_INFINITY;
  }

  /** Writes and sends the snapshot of this tick, if the path takes it. */
  sendSnapshot(writer: SnapshotWriter, intervalMs: number, now: number): void {
    this.#now = now;
    const { tick } = this.#host;
    if (this.inputs.isIdle && now - this.#sentAt < hiddenMs - intervalMs / 2) return;
    // Another link is another path: a longer round trip is no queue there.
    if (this.#path !== this.session.active) this.flow = new Flow(now);
    this.#path = this.session.active;
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
    head.inputsLost = this.#packets.heard > firstPackets && received.bits >>> 4 !== 0xfffffff;
    const mustSend = this.#packets.gotInputs || now - this.#sentAt >= heartbeatMs;
    const packetsMax = Math.min(allowed, afforded);
    if (writer.write(this, head, packetsMax, mustSend, this.#takeSequence, now, this.#send, afforded) === 0) return;
    this.#isShort = writer.namedNone;
    this.#isHeld = this.priority.isChoice;
    this.#packets.gotInputs = false;
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

  /** Sends events and acks. Ends the member when its peer takes nothing any more, or has been away too long; it loses its links when these are silent. */
  flush(now: number): void {
    this.#now = now;
    this.#links.expire(now);
    const code = this.session.flush(this.#host.tick, now);
    if (code) this.dismiss(code);
    else if (!this.isConnected) {
      if (now >= this.#keptUntil) this.depart(this.#lostBy, now);
    } else if (now - this.session.heardAt > limits.sessionTimeoutMs) {
      this.session.close('timeout', now);
      this.#drop('timeout', now);
    }
  }

  #welcomed(arrival: Arrival, now: number): void {
    this.#now = now;
    if (arrival === 'first') {
      this.isHere = true;
      this.#host.joined(this, now);
    } else if (arrival === 'new page') {
      this.#packets.restart();
      this.replica = new Replica(this.#host.rewinds ? new Sight() : undefined);
      this.inputs.clear();
      this.#goOn();
      // One that had a link until now was never without.
      if (this.#keptUntil === Number.POSITIVE_INFINITY) this.#host.dropped(this, 'taken-over', now);
      if (this.isHere) this.#return(true, now);
    } else if (arrival === 'back') {
      this.replica.forget(this.#host.tick);
      this.#goOn();
      this.#return(false, now);
    }
  }

  /** What was under way is not waited for any more, and nothing is known of the path. */
  #goOn(): void {
    this.sent = new SentPackets();
    this.flight = new Flight();
    this.flow = new Flow();
    this.claims = new ViewClaims(this.#host.game.tickHz);
    this.#sentAt = Number.NEGATIVE_INFINITY;
  }

  #return(isNewPage: boolean, now: number): void {
    this.#keptUntil = Number.POSITIVE_INFINITY;
    this.#host.reconnected(this, isNewPage, now);
  }

  /** The last link is gone, by nobody's intent. */
  #drop(code: CloseCode, now: number): void {
    if (!this.isHere) return;
    this.#now = now;
    this.#keep(code, 0, now);
    const seconds = this.#host.dropped(this, code, now);
    // The room's code may have ended it.
    if (!this.isHere) return;
    if (seconds > 0) this.#keep(code, seconds, now);
    else this.depart(code, now);
  }

  #keep(code: CloseCode, seconds: number, now: number): void {
    this.#keptUntil = now + Math.min(seconds, limits.reconnectSeconds) * 1000;
    this.#lostBy = code;
    this.inputs.away();
  }

  #receive(link: Link, lane: Lane, bytes: Uint8Array, now: number): void {
    if (!this.isHere || !this.#withinRate(lane, bytes.length, now)) return;
    this.session.carried(link, now);
    this.counters.packetsReceived++;
    this.counters.bytesReceived += bytes.length;
    const fine = lane === 'unreliable' ? this.#packets.read(bytes, now) : this.#receiveReliable(bytes, now);
    if (fine) return;
    this.counters.wrong++;
    if (this.#strikes.add()) this.dismiss('protocol-error');
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
