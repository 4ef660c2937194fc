// ClientRoom: one room as a client has it. Fed with a link and with time, it samples input, predicts, draws the view, and hands over events.
//
// Invariant: it reads no clock and sets no timer: `frame(now)` moves it on, and packets come with their time. Every packet that it sends carries acks.
// Units: milliseconds of the caller's clock; ticks.

import {
  type AnyGame,
  type CloseCode,
  closeMessages,
  type EventName,
  type EventOf,
  type InputSample,
  type Lane,
  type Link,
  limits,
  TickwireError,
} from '@tickwire/shared';
import {
  type EventType,
  helloMessage,
  noMargin,
  originOfEvent,
  packPlain,
  parseWelcome,
  type Seat,
  type Sequence,
  Session,
  Strikes,
  sequenceDistance,
  snapshotHeadBytes,
  unpackPlain,
  viewTickParts,
  type Welcome,
} from '@tickwire/shared/internal';
import { DarkMoment } from './dark-moment.ts';
import type { Drift } from './drift.ts';
import { EventHandlers } from './event-handlers.ts';
import { InputLog } from './input-log.ts';
import { drawView } from './interpolator.ts';
import { PredictedEvents } from './predicted-events.ts';
import { type MadeEvent, Predictor } from './predictor.ts';
import { ReceivedWorld } from './received-world.ts';
import { Smoothing } from './smoothing.ts';
import { type ReceivedEffect, SnapshotReader } from './snapshot-reader.ts';
import { emptyStats, type RoomStats } from './stats.ts';
import { Timeline } from './timeline.ts';
import { Uplink } from './uplink.ts';
import { View } from './view.ts';

/** Inputs made in one frame at most: after a stall the rest of the time is left out. */
const inputsPerFrame = 8;
/** What stands around the head in a packet that is nothing else. */
const emptyFrameBytes = 4;
/** Ticks are 31 bits, as in the schema: more than a year at 60 Hz. */
const lastTick = 2 ** 31 - 1;
/** Effects that are remembered as played. */
const effectMemory = 256;

export class ClientRoom<G extends AnyGame> {
  readonly game: G;
  readonly roomId: string;
  readonly sessionId: string;
  readonly stats: RoomStats = emptyStats();
  readonly view: View<G>;
  /** Milliseconds in which a correction is smoothed over where it is drawn. 0 shows it at once. May be changed at any time. */
  smoothingMs = 100;
  /** What has arrived, and what is predicted from it. For tests and tools. */
  readonly received: ReceivedWorld;
  predictor: Predictor<G> | undefined;
  /**
   * Ticks that a frame may simulate again after a correction. What is left is for the frames after it: until then predicted entities are shown so much
   * farther back. 32 is half a second at 60 Hz.
   */
  replayTicksPerFrame = 32;
  readonly #session: Session;
  readonly #reader: SnapshotReader;
  readonly #inputs: InputLog<G>;
  readonly #timeline: Timeline;
  readonly #strikes = new Strikes();
  readonly #smoothing = new Smoothing();
  readonly #darkMoment: DarkMoment;
  readonly #handlers: EventHandlers;
  readonly #predictedEvents = new PredictedEvents();
  readonly #playedEffects = new Int32Array(effectMemory).fill(-1);
  readonly #leaveHandlers = new Set<(code: CloseCode, message: string) => void>();
  readonly #uplink: Uplink<G>;
  #drifted: ((drift: Drift) => void) | undefined;
  #sampler: (() => InputSample<G>) | undefined;
  #renderer: ((view: View<G>) => void) | undefined;
  #opening: { resolve(): void; reject(error: TickwireError): void } | undefined;
  #ended: CloseCode | undefined;
  /** The last snapshot packet told nothing of the world. */
  #wasEmpty = false;
  /** Tick of the next input to be made. */
  #nextInput = 0;
  #now: number;

  constructor(game: G, seat: Seat, now: number) {
    this.game = game;
    this.roomId = seat.roomId;
    this.sessionId = seat.sessionId;
    this.view = new View(game);
    this.received = new ReceivedWorld(game);
    this.#now = now;
    this.#session = new Session(seat.sessionId, seat.token, now);
    this.#reader = new SnapshotReader(game, this.received);
    this.#inputs = new InputLog(game);
    this.#darkMoment = new DarkMoment(1000 / game.snapshotHz);
    const bundleTicks = game.tickHz / game.inputHz;
    this.#uplink = new Uplink(this.#session, this.#inputs, bundleTicks, this.stats);
    this.#timeline = new Timeline(game.tickHz, game.snapshotHz, bundleTicks);
    this.#handlers = new EventHandlers(game);
  }

  /** Takes a link that was opened for this seat. @returns a promise that is kept when the server has said welcome on it. */
  accept(link: Link): Promise<void> {
    let welcomed = false;
    const opening = new Promise<void>((resolve, reject) => {
      this.#opening = { resolve, reject };
    });
    link.listen({
      opened: (now) => {
        this.#now = now;
        const { sessionId, token, reliableReceived } = this.#session;
        link.send('reliable', packPlain(helloMessage({ sessionId, token, reliableReceived })), now);
      },
      received: (lane, bytes, now) => {
        this.#now = now;
        if (welcomed) this.#receive(link, lane, bytes, now);
        else if (lane === 'reliable') welcomed = this.#welcomed(link, bytes, now);
      },
      closed: (code, now) => {
        this.#now = now;
        if (!this.#session.detach(link)) this.#end(code);
      },
    });
    return opening;
  }

  /**
   * Sets where inputs come from: called once for each tick. What the sample leaves out has its initial value; a press is true in the tick in which it
   * happened.
   */
  onInput(sampler: () => InputSample<G>): void {
    this.#sampler = sampler;
  }

  /** Sets what draws: called once a frame with the view. */
  onRender(renderer: (view: View<G>) => void): void {
    this.#renderer = renderer;
  }

  /**
   * Adds a handler for an event: one of the server's, or one that a step of this client made ahead of it (`context.emit`). That is played in the frame of its
   * tick and not again when the server's arrives. If the server does not make it after all, what the handler returned is called, if it is a function: let it
   * stop the sound or take back the effect. Events of steps keep no order with other events.
   * @returns a function that removes the handler.
   */
  on<Name extends EventName<G>>(name: Name, handler: (fields: EventOf<G, Name>) => unknown): () => void {
    return this.#handlers.add(name, handler as (fields: never) => unknown);
  }

  /** Sends an event to the room, reliably and in order. @throws TypeError when a field is missing or wrong; TickwireError when the room is over. */
  emit<Name extends EventName<G>>(name: Name, fields: EventOf<G, Name>): void {
    if (this.#ended) throw new TickwireError(this.#ended);
    const type = this.#handlers.typeOf(name);
    this.#session.outbox.add([type.number, ...type.layout.packRounded(fields)], Math.max(0, Math.floor(this.#timeline.inputTick)));
  }

  /** Adds a handler for the end of the stay, with a code to branch on and a sentence to show. @returns a function that removes it. */
  onLeave(handler: (code: CloseCode, message: string) => void): () => void {
    this.#leaveHandlers.add(handler);
    return () => this.#leaveHandlers.delete(handler);
  }

  /** Sets who hears of what the page's own event handlers throw. Without it each is an unhandled rejection, which browsers show with its stack. */
  onError(handler: (error: unknown) => void): void {
    this.#handlers.failed = handler;
  }

  /**
   * Sets who hears when a prediction did not come true though no input was missing, at most once a second: some step is not the same on both ends. In
   * development `connect` has it printed. What the room alone changes (damage) is none.
   */
  onDrift(handler: ((drift: Drift) => void) | undefined): void {
    this.#drifted = handler;
    if (this.predictor) this.predictor.drift.handler = handler;
  }

  /** Leaves the room. */
  leave(): void {
    this.#session.close('left', this.#now);
    this.#end('left');
  }

  /** Why the stay ended; undefined while it lasts. */
  get ended(): CloseCode | undefined {
    return this.#ended;
  }

  /**
   * Share of ticks whose input may come to the server too late; default 3e-4, less than one a minute at 60 Hz. The smaller, the farther inputs are made ahead:
   * under loss, each time that it is divided by one over the loss costs the time between two packets.
   */
  get missTarget(): number {
    return this.#timeline.lead.missTarget;
  }

  set missTarget(share: number) {
    this.#timeline.lead.missTarget = shareOf('missTarget', share);
  }

  /** Share of the time in which others may be shown without a newer state; default 1e-3. The smaller, the farther behind they are shown. */
  get starveTarget(): number {
    return this.#timeline.viewDelay.starveTarget;
  }

  set starveTarget(share: number) {
    this.#timeline.viewDelay.starveTarget = shareOf('starveTarget', share);
  }

  /** Moves everything on to `now`: inputs, prediction, packets, view. Call it once a frame. */
  frame(now: number): void {
    this.#now = now;
    if (this.#ended || !this.predictor) return;
    this.#timeline.advance(now);
    this.predictor.reconcile(this.replayTicksPerFrame);
    this.#makeInputs();
    this.#playPredicted(this.predictor);
    this.#uplink.frame(now, this.#timeline.isSettled, this.#timeline.rttMs);
    const code =
      this.#session.flush(Math.floor(this.#timeline.inputTick), now) ??
      (now - this.#session.heardAt > limits.sessionTimeoutMs ? 'timeout' : undefined);
    if (code) {
      this.#session.close(code, now);
      this.#end(code);
      return;
    }
    this.#measure();
    this.#draw(now, this.predictor);
    this.#renderer?.(this.view);
  }

  #draw(now: number, predictor: Predictor<G>): void {
    const { inputTick } = this.#timeline;
    // At a tick that inputs can tell: the server rewinds to just what is drawn.
    const viewTick = Math.round(this.#timeline.viewTick * viewTickParts) / viewTickParts;
    this.#smoothing.begin(now, this.smoothingMs);
    drawView(this.view, this.received, predictor, this.#smoothing, viewTick, inputTick, this.game.tickHz / this.game.snapshotHz);
  }

  #welcomed(link: Link, bytes: Uint8Array, now: number): boolean {
    const message = unpackPlain(bytes);
    const welcome: Welcome | undefined = message && parseWelcome(message);
    if (!welcome || welcome.tick > lastTick) {
      link.close('protocol-error', now);
      return false;
    }
    this.#session.outbox.acknowledge(welcome.reliableReceived);
    this.#session.attach(link);
    this.#session.heardAt = now;
    this.#timeline.start(welcome.tick, now);
    this.#uplink.start();
    this.predictor ??= new Predictor(this.game, this.received, this.#inputs, welcome.seed);
    this.predictor.drift.handler = this.#drifted;
    this.stats.transport = link.kind;
    this.#opening?.resolve();
    this.#opening = undefined;
    return true;
  }

  #receive(link: Link, lane: Lane, bytes: Uint8Array, now: number): void {
    if (this.#ended) return;
    this.#session.carried(link, now);
    this.stats.packetsReceived++;
    this.stats.bytesReceived += bytes.length;
    const fine = lane === 'unreliable' ? this.#receiveSnapshot(bytes, now) : this.#receiveReliable(bytes, now);
    if (fine) return;
    this.stats.packetsWrong++;
    if (!this.#strikes.add()) return;
    this.#session.close('protocol-error', now);
    this.#end('protocol-error');
  }

  #receiveSnapshot(bytes: Uint8Array, now: number): boolean {
    const near = Math.max(0, this.received.newestTick, Math.round(this.#timeline.viewTick));
    const { received } = this.#session;
    const newest = received.any ? received.newest : -1;
    const result = this.#reader.read(bytes, near, Math.floor(this.#timeline.viewTick), this.#isWanted);
    if (result === 'old') return true;
    if (result === 'no-base' || result === 'differs') {
      this.#uplink.raiseResync();
      this.stats.resyncs++;
      if (result === 'differs') this.stats.codecFaults++;
      this.#uplink.answer(now);
      return true;
    }
    if (result === 'wrong') return false;
    const { head } = this.#reader;
    this.#countLost(newest, head.sequence);
    this.#session.receive(head.sequence, now);
    const isEmpty = !head.hasPrivate && bytes.length <= emptyFrameBytes + snapshotHeadBytes(head);
    // What was lost between two of which one is empty is taken for another such one.
    const wasQuiet = (isEmpty || this.#wasEmpty) && newest >= 0;
    this.#wasEmpty = isEmpty;
    this.#timeline.snapshot(head.tick, now, wasQuiet);
    if (head.ack >= 0) this.#takeReport(now);
    for (const effect of this.#reader.effects) this.#receiveEffect(effect);
    if (this.#reader.hasAllEffects) this.#predictedEvents.complete(head.tick);
    this.#uplink.answer(now);
    return true;
  }

  #receiveEffect({ id, type, fields, tick, origin }: ReceivedEffect): void {
    if (this.#playedEffects[id % effectMemory] === id) return;
    this.#playedEffects[id % effectMemory] = id;
    if (type.expiresMs === undefined) {
      if (origin) this.#predictedEvents.confirm(type.number, origin);
      return;
    }
    // With an origin it waits for an ack beyond its time.
    const isOver = ((this.#reader.head.tick - tick) * 1000) / this.game.tickHz > type.expiresMs;
    if (origin && (!this.#predictedEvents.take(type.number, origin) || isOver)) return;
    this.#handlers.deliver(type.number, fields);
  }

  /** Whether the snapshot at hand is to be taken. Made once: no packet makes a function of its own. */
  readonly #isWanted = (sequence: Sequence): boolean => this.#session.received.isNew(sequence) && !this.#isStale(this.#now);

  /** Whether the snapshot at hand, whose head was read, waited somewhere through a dark moment. */
  #isStale(now: number): boolean {
    const { tick, ack, ackHoldMs } = this.#reader.head;
    const roundTrip = this.#uplink.roundTrip(ack, ackHoldMs, now);
    const isStale = this.#darkMoment.refuses(this.#timeline.lateByMs(tick, now), roundTrip, this.#timeline.rttMs, now);
    if (!isStale) return false;
    this.stats.packetsStale++;
    // So that the server hears that it can be heard.
    this.#uplink.answer(now);
    return true;
  }

  #countLost(newestBefore: number, sequence: Sequence): void {
    const ahead = newestBefore < 0 ? 1 : sequenceDistance(sequence, newestBefore);
    this.stats.packetsLost = Math.max(0, this.stats.packetsLost + (ahead > 0 ? ahead - 1 : -1));
  }

  /** What the server says about this client's packets. */
  #takeReport(now: number): void {
    const { head } = this.#reader;
    const rttMs = this.#uplink.arrived(head.ack, head.ackHoldMs, now);
    if (rttMs >= 0) this.#timeline.roundTrip(rttMs);
    if (head.tick < this.received.newestTick) return;
    this.#inputs.ackedTick = Math.max(this.#inputs.ackedTick, head.tick + head.inputLead);
    if (head.leads) this.predictor?.drift.reported(head.tick, head.inputMargin === noMargin ? undefined : head.inputsMissed);
    if (head.leads && head.inputMargin !== noMargin) {
      const missed = (head.inputsMissed - this.stats.inputsMissed) & 0xf;
      this.stats.inputsMissed += missed;
      this.#timeline.margin(head.tick, head.inputMargin / 4, missed, now);
      this.stats.inputMarginTicks = head.inputMargin / 4;
    }
  }

  #receiveReliable(bytes: Uint8Array, now: number): boolean {
    const message = bytes.length <= limits.reliableBytes ? unpackPlain(bytes) : undefined;
    const events = message ? this.#session.receiveReliable(message, now) : 'wrong';
    if (events === 'wrong') return false;
    for (const event of events?.events ?? []) {
      const type: EventType | undefined = this.game.eventTypes[event[0] as number];
      const origin = type && originOfEvent(event, type.layout.fields.length);
      const fields = type?.layout.unpack(origin ? event.slice(0, -3) : event, 1);
      if (!type || !fields) this.stats.packetsWrong++;
      else if (!origin || this.#predictedEvents.take(type.number, origin)) this.#handlers.deliver(type.number, fields);
    }
    return true;
  }

  /** Plays what steps have made for the first time, and takes back what the server has not made. */
  #playPredicted({ events }: Predictor<G>): void {
    for (let index = 0; index < events.length; index++) {
      const { name, fields, origin } = events[index] as MadeEvent;
      const { number } = this.#handlers.typeOf(name);
      this.#predictedEvents.made(number, origin, () => this.#handlers.deliver(number, fields));
    }
    if (events.length > 0) events.length = 0;
    this.#predictedEvents.settle(this.#handlers.takeBack);
  }

  #makeInputs(): void {
    const { predictor } = this;
    const due = Math.floor(this.#timeline.inputTick);
    if (!this.#sampler || !predictor) {
      // A spectator: nothing to sample, but what everyone predicts goes on.
      predictor?.advance(due);
      return;
    }
    // After a stall, and at the start: the ticks up to this one get no input of their own.
    if (due - this.#inputs.newestTick > inputsPerFrame || this.#inputs.newestTick < 0) this.#nextInput = Math.max(this.#nextInput, due);
    while (this.#nextInput <= due) {
      this.#inputs.add(this.#nextInput, this.#sampler(), this.#timeline.viewTick);
      this.#nextInput++;
    }
    predictor.advance(this.#inputs.newestTick);
  }

  #measure(): void {
    const { stats } = this;
    stats.rttMs = this.#timeline.rttMs;
    const tickMs = 1000 / this.game.tickHz;
    const { lead, viewDelay } = this.#timeline;
    stats.leadTicks = this.#timeline.leadTicks;
    stats.leadTargetTicks = this.#timeline.targetLeadTicks;
    stats.inputMissShare = lead.missShare;
    stats.viewDelayMs = this.#timeline.delayTicks * tickMs;
    stats.viewJitterMs = viewDelay.jitterTicks * tickMs;
    stats.viewLossMs = viewDelay.lossTicks * tickMs;
    stats.inputRate = this.#timeline.inputRate;
    stats.viewRate = this.#timeline.viewRate;
    stats.corrections = this.predictor?.corrections ?? 0;
    stats.replayedTicks = this.predictor?.replayedTicks ?? 0;
  }

  #end(code: CloseCode): void {
    if (this.#ended) return;
    this.#ended = code;
    this.#opening?.reject(new TickwireError(code));
    this.#opening = undefined;
    for (const handler of this.#leaveHandlers) handler(code, closeMessages[code]);
  }
}

function shareOf(name: string, share: number): number {
  if (share > 0 && share < 1) return share;
  throw new RangeError(`ClientRoom.${name} is a share between 0 and 1, not ${share}`);
}
