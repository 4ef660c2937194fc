// One direction of a bad network, from a seed: what is sent is delayed, lost, doubled, reordered or queued, and drained by whoever owns the clock.
//
// Two lanes. `unreliable`: each packet has its own fate. `reliable`: a lost message is sent again later, and all reliable ones after it wait (head of
// line); the unreliable lane does not wait for them. Both share the bottleneck's queue. Every purpose (loss, jitter, ...) of every lane draws from its
// own stream, so traffic on one lane, or a draw more for one purpose, leaves the fate of the rest as it was.
// Invariant: arrivals are in order of time, then of sending; without jitter and `reorder`, under one profile, nothing overtakes anything. A message's
// buffer is the network's: lent to `deliver` until it returns, then used for another message, so that nothing is allocated in a steady flow.
// Units: milliseconds of the caller's clock (what is sent at a `now` before the newest one seen is sent at that one), bytes of payload.

import { limits } from '../limits.ts';
import { Random } from '../random.ts';
import type { Lane } from './link.ts';
import { averageLoss, type CompleteProfile, completeProfile, type NetworkProfile } from './network-profile.ts';

/** What became of one lane's messages so far. */
export interface LaneCounters {
  /** Taken by `send`. */
  sent: number;
  /** Unreliable: packets that never arrive. Reliable: transmissions that had to be repeated. */
  lost: number;
  /** Second copies made. */
  doubled: number;
  /** Handed to `deliver`, copies included. */
  delivered: number;
  /** Refused by `send`, because the queue (or the memory bound) was full. */
  droppedByQueue: number;
}

export class BadNetwork {
  readonly counters: Readonly<Record<Lane, LaneCounters>> = { unreliable: noCounters(), reliable: noCounters() };
  #profile: CompleteProfile;
  #averageLoss: number;
  #blackoutUntilMs = Number.NEGATIVE_INFINITY;
  #now = Number.NEGATIVE_INFINITY;
  #order = 0;
  /** First in, first out, before the bottleneck; the first is being sent and is through at `#departsAtMs`. */
  readonly #queue: Message[] = [];
  #departsAtMs = Number.POSITIVE_INFINITY;
  /** Binary heap of what is under way: arrivals, and reliable messages that wait to be sent again. */
  readonly #flights: Message[] = [];
  /** By length: messages that are over, for the next ones. */
  readonly #spare: Map<number, Message[]> = new Map();
  #spareBytes = 0;
  readonly #lanes: Readonly<Record<Lane, LaneState>>;
  #reliableSent = 0;
  #reliableNext = 0;
  /** Reliable messages that arrived before their turn. */
  readonly #early: Map<number, Message> = new Map();

  constructor(seed: number, profile: NetworkProfile) {
    const random = new Random(seed);
    this.#lanes = { unreliable: laneState(random.fork(1)), reliable: laneState(random.fork(2)) };
    this.#profile = completeProfile(profile);
    this.#averageLoss = averageLoss(this.#profile);
  }

  /** Counts for what leaves from now on. What is under way keeps its time; what waits in the queue leaves at the new rate, but for the first. */
  setProfile(profile: NetworkProfile): void {
    this.#profile = completeProfile(profile);
    this.#averageLoss = averageLoss(this.#profile);
  }

  /** Everything that leaves before `untilMs` is lost (a reliable message comes after it, by a retransmission). What is under way still arrives. */
  blackout(untilMs: number): void {
    this.#blackoutUntilMs = untilMs;
  }

  /** Takes a copy of the bytes. Nothing is delivered in here. @returns false when the queue was full and nothing was taken. */
  send(lane: Lane, bytes: Uint8Array, now: number): boolean {
    this.#moveTo(now);
    this.#departUntil(this.#now);
    const state = this.#lanes[lane];
    const limited = this.#profile.rateBytesPerSecond < Number.POSITIVE_INFINITY;
    // Reliable bytes are not dropped by the bottleneck: a real stack keeps them on the sender's side until there is room.
    const tailDrop = limited && lane === 'unreliable' && this.#queuedBytes() + bytes.length > this.#profile.queueBytes;
    if (tailDrop || state.heldBytes + bytes.length + MESSAGE_BYTES > HELD_BYTES_MAX) {
      this.counters[lane].droppedByQueue++;
      return false;
    }
    this.counters[lane].sent++;
    state.heldBytes += bytes.length + MESSAGE_BYTES;
    const turn = lane === 'reliable' ? this.#reliableSent++ : 0;
    // Odd orders are those of second copies.
    this.#order += 2;
    this.#enqueue(this.#message(lane, bytes, this.#order, turn), this.#now);
    return true;
  }

  /**
   * Delivers what is due at `now` (a finite time), in order of arrival. The bytes are the receiver's until `deliver` returns. `deliver` may send into this
   * network: what is sent there is left for the next call, even when it is due at once, so two ends that answer each other cannot lock it.
   */
  drain(now: number, deliver: (lane: Lane, bytes: Uint8Array) => void): void {
    this.#moveTo(now);
    const newest = this.#order + 1;
    for (;;) {
      const flight = this.#flights[0];
      if (this.#departsAtMs <= now && this.#departsAtMs <= (flight?.atMs ?? Number.POSITIVE_INFINITY)) {
        this.#depart();
      } else if (flight !== undefined && flight.atMs <= now && flight.order <= newest) {
        popFlight(this.#flights);
        if (!flight.arrives) this.#enqueue(flight, flight.atMs);
        else if (flight.lane === 'unreliable') this.#deliver(flight, deliver);
        else this.#arriveInTurn(flight, deliver);
      } else {
        return;
      }
    }
  }

  /** When `drain` has something to do next (which may be an inner step that delivers nothing); Infinity when all is quiet. */
  nextAt(): number {
    const atMs = this.#flights[0]?.atMs ?? Number.POSITIVE_INFINITY;
    return this.#departsAtMs < atMs ? this.#departsAtMs : atMs;
  }

  /** Whether `drain` has something to do at `now`. */
  isDue(now: number): boolean {
    const flight = this.#flights[0];
    return this.#departsAtMs <= now || (flight !== undefined && flight.atMs <= now);
  }

  /** Bytes of a lane that wait before the bottleneck, as of the newest `now` seen. */
  backlog(lane: Lane): number {
    return this.#lanes[lane].queuedBytes;
  }

  #moveTo(now: number): void {
    if (now > this.#now && now < Number.POSITIVE_INFINITY) this.#now = now;
  }

  #queuedBytes(): number {
    return this.#lanes.unreliable.queuedBytes + this.#lanes.reliable.queuedBytes;
  }

  #enqueue(message: Message, atMs: number): void {
    if (this.#queue.length === 0 && this.#profile.rateBytesPerSecond === Number.POSITIVE_INFINITY) {
      this.#transmit(message, atMs);
      return;
    }
    this.#queue.push(message);
    this.#lanes[message.lane].queuedBytes += message.bytes.length;
    if (this.#queue.length === 1) this.#departsAtMs = atMs + this.#sendingMs(message);
  }

  #departUntil(untilMs: number): void {
    while (this.#departsAtMs <= untilMs) this.#depart();
  }

  /** The first of the queue is through the bottleneck. */
  #depart(): void {
    const message = this.#queue.shift() as Message;
    const atMs = this.#departsAtMs;
    this.#lanes[message.lane].queuedBytes -= message.bytes.length;
    const next = this.#queue[0];
    this.#departsAtMs = next === undefined ? Number.POSITIVE_INFINITY : atMs + this.#sendingMs(next);
    this.#transmit(message, atMs);
  }

  #sendingMs(message: Message): number {
    return (message.bytes.length * 1000) / this.#profile.rateBytesPerSecond;
  }

  #transmit(message: Message, atMs: number): void {
    if (message.lane === 'unreliable') this.#transmitUnreliable(message, atMs);
    else this.#transmitReliable(message, atMs);
  }

  /** Draws every number whatever comes of it, so that a changed probability leaves the fate of later packets as it was. */
  #transmitUnreliable(message: Message, atMs: number): void {
    const state = this.#lanes.unreliable;
    const lost = this.#isLost(state, atMs);
    const jitterMs = this.#jitterMs(state.jitter);
    const copyJitterMs = this.#jitterMs(state.copyJitter);
    const late = state.reorder.chance(this.#profile.reorder);
    const doubled = state.duplicate.chance(this.#profile.duplicate);
    if (lost) {
      this.counters.unreliable.lost++;
      this.#release(message);
      this.#recycle(message);
      return;
    }
    const arrivesMs = atMs + this.#profile.delayMs;
    message.atMs = arrivesMs + jitterMs + (late ? this.#profile.reorderMs : 0);
    pushFlight(this.#flights, message);
    if (!doubled) return;
    this.counters.unreliable.doubled++;
    state.heldBytes += message.bytes.length + MESSAGE_BYTES;
    const copy = this.#message('unreliable', message.bytes, message.order + 1, 0);
    copy.atMs = arrivesMs + copyJitterMs;
    pushFlight(this.#flights, copy);
  }

  #transmitReliable(message: Message, atMs: number): void {
    const state = this.#lanes.reliable;
    // A repetition comes so long after the loss that the bad spell is over: it meets the average network.
    const lost = message.retries === 0 ? this.#isLost(state, atMs) : this.#isRetryLost(state, atMs);
    const jitterMs = this.#jitterMs(state.jitter);
    message.arrives = !lost;
    message.atMs = atMs + (lost ? message.retryMs : this.#profile.delayMs + jitterMs);
    pushFlight(this.#flights, message);
    if (!lost) return;
    this.counters.reliable.lost++;
    message.retries++;
    message.retryMs = Math.max(message.retryMs, Math.min(2 * message.retryMs, RETRANSMIT_MS_MAX));
  }

  #isLost(state: LaneState, atMs: number): boolean {
    const { burst, loss } = this.#profile;
    const turn = state.burst.next();
    state.bad = state.bad ? turn >= burst.leave : turn < burst.enter;
    const lost = state.loss.chance(state.bad ? burst.loss : loss);
    return lost || atMs < this.#blackoutUntilMs;
  }

  #isRetryLost(state: LaneState, atMs: number): boolean {
    const lost = state.retryLoss.chance(this.#averageLoss);
    return lost || atMs < this.#blackoutUntilMs;
  }

  /** The mean of three uniform numbers is bell-shaped, bounded, and needs no logarithm or cosine, which engines round differently. */
  #jitterMs(random: Random): number {
    const { jitterMs } = this.#profile;
    if (jitterMs > 0) return ((random.next() + random.next() + random.next()) / 3) * jitterMs;
    // The numbers are taken all the same, without a box for each.
    for (let draws = 0; draws < 3; draws++) random.chance(0);
    return 0;
  }

  #arriveInTurn(message: Message, deliver: (lane: Lane, bytes: Uint8Array) => void): void {
    this.#early.set(message.turn, message);
    for (;;) {
      const next = this.#early.get(this.#reliableNext);
      if (next === undefined) return;
      this.#early.delete(this.#reliableNext++);
      this.#deliver(next, deliver);
    }
  }

  #deliver(message: Message, deliver: (lane: Lane, bytes: Uint8Array) => void): void {
    this.#release(message);
    this.counters[message.lane].delivered++;
    deliver(message.lane, message.bytes);
    this.#recycle(message);
  }

  #release(message: Message): void {
    this.#lanes[message.lane].heldBytes -= message.bytes.length + MESSAGE_BYTES;
  }

  /** A message with a copy of the bytes. */
  #message(lane: Lane, bytes: Uint8Array, order: number, turn: number): Message {
    const { retransmitMs } = this.#profile;
    const message = this.#spare.get(bytes.length)?.pop();
    // Not `bytes.slice()`: of a Node Buffer that is a view, not a copy.
    if (!message) return { lane, bytes: new Uint8Array(bytes), order, turn, retries: 0, retryMs: retransmitMs, atMs: 0, arrives: true };
    this.#spareBytes -= bytes.length + MESSAGE_BYTES;
    message.lane = lane;
    message.bytes.set(bytes);
    message.order = order;
    message.turn = turn;
    message.retries = 0;
    message.retryMs = retransmitMs;
    message.arrives = true;
    return message;
  }

  /** The message is over: delivered, or lost. */
  #recycle(message: Message): void {
    const { length } = message.bytes;
    if (this.#spareBytes + length + MESSAGE_BYTES > SPARE_BYTES_MAX) return;
    this.#spareBytes += length + MESSAGE_BYTES;
    const spare = this.#spare.get(length);
    if (spare) spare.push(message);
    else this.#spare.set(length, [message]);
  }
}

/** A message on its way. It is in one place at a time: the queue, the heap, or among those that came early. */
interface Message {
  lane: Lane;
  readonly bytes: Uint8Array;
  order: number;
  /** Position in the reliable stream; 0 on the other lane. */
  turn: number;
  retries: number;
  retryMs: number;
  /** When it arrives or, with `arrives` false, is sent again: a reliable message that was lost. */
  atMs: number;
  arrives: boolean;
}

interface LaneState {
  /** In a bad spell. */
  bad: boolean;
  queuedBytes: number;
  /** Everything that this lane keeps in memory, queue included. */
  heldBytes: number;
  readonly loss: Random;
  readonly burst: Random;
  readonly jitter: Random;
  readonly duplicate: Random;
  readonly copyJitter: Random;
  readonly reorder: Random;
  readonly retryLoss: Random;
}

function laneState(random: Random): LaneState {
  return {
    bad: false,
    queuedBytes: 0,
    heldBytes: 0,
    loss: random.fork(1),
    burst: random.fork(2),
    jitter: random.fork(3),
    duplicate: random.fork(4),
    copyJitter: random.fork(5),
    reorder: random.fork(6),
    retryLoss: random.fork(7),
  };
}

function noCounters(): LaneCounters {
  return { sent: 0, lost: 0, doubled: 0, delivered: 0, droppedByQueue: 0 };
}

function isBefore(one: Message, other: Message): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

function pushFlight(heap: Message[], flight: Message): void {
  let at = heap.length;
  heap.push(flight);
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above] as Message;
    if (!isBefore(flight, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = flight;
}

/** Takes the first of a heap that is not empty. */
function popFlight(heap: Message[]): void {
  const last = heap.pop() as Message;
  if (heap.length === 0) return;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    if (below >= heap.length) break;
    if (below + 1 < heap.length && isBefore(heap[below + 1] as Message, heap[below] as Message)) below++;
    const child = heap[below] as Message;
    if (!isBefore(child, last)) break;
    heap[at] = child;
    at = below;
  }
  heap[at] = last;
}

/** What one lane may keep in memory: as much as a session lets wait. */
const HELD_BYTES_MAX: number = limits.outboxBytes;
/** What is kept for later messages: a quarter of a second of full packets at 60 Hz and as much again. */
const SPARE_BYTES_MAX = 32_768;
/** Counted for each message beside its bytes, so that empty ones are bounded too: 1 MiB / 64 B is 16,384 of them. */
const MESSAGE_BYTES = 64;
/** The longest wait that we measured after a real blackout was 2.9 s. */
const RETRANSMIT_MS_MAX = 3000;
