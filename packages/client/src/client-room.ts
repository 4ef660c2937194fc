// ClientRoom: one room as a client has it. Fed with a link and with time, it samples input, predicts, draws the view, and hands over events.
//
// Invariant: it reads no clock and sets no timer: `frame(now)` moves it on, and packets come with their time. Every packet that it sends carries acks.
// Units: milliseconds of the caller's clock; ticks.

import {
  type AnswerOf,
  type AnyGame,
  type CloseCode,
  closeMessages,
  type EventName,
  type EventOf,
  type InputSample,
  isCloseCode,
  type Lane,
  type Link,
  limits,
  type RefusalCode,
  type RequestName,
  type RequestOf,
  TickwireError,
} from '@tickwire/shared';
import { type Seat, Session, Strikes, viewTickParts, type Welcome } from '@tickwire/shared/internal';
import { Downlink } from './downlink.ts';
import type { Drift } from './drift.ts';
import { InputClock } from './input-clock.ts';
import { InputLog } from './input-log.ts';
import { drawView } from './interpolator.ts';
import type { KeptView, LinkKeeper } from './link-keeper.ts';
import { Predictor } from './predictor.ts';
import { ReceivedWorld } from './received-world.ts';
import { RoomEvents } from './room-events.ts';
import type { Between } from './room-link.ts';
import { type ConnectionState, RoomLinks, type Welcomed } from './room-links.ts';
import type { RoomProbe } from './room-probe.ts';
import { Smoothing } from './smoothing.ts';
import { emptyStats, measure, type RoomStats } from './stats.ts';
import { checkInputDelay, checkShare, Timeline } from './timeline.ts';
import { Uplink } from './uplink.ts';
import { View } from './view.ts';

/** A message that comes when no frame came for so long brings its own answers about. */
const framelessMs = 200;
/** A welcome that took longer was lost on its way, and measures that. */
const helloMsMax = 800;

export class ClientRoom<G extends AnyGame> {
  readonly game: G;
  readonly roomId: string;
  readonly sessionId: string;
  /** What a player says aloud to let friends in by `joinById`. Rooms that are unlisted have one, others when their code was asked for before the join. */
  readonly code: string | undefined;
  readonly stats: RoomStats = emptyStats();
  readonly view: View<G>;
  /** Milliseconds in which a correction is smoothed over where it is drawn. 0 shows it at once. May be changed at any time. */
  smoothingMs = 100;
  /** What has arrived, and what is predicted from it. For tests and tools. */
  readonly received: ReceivedWorld;
  predictor: Predictor<G> | undefined;
  /** Listens in, while there is one. For tools. */
  probe: RoomProbe | undefined;
  /** Ticks that a frame may simulate again after a correction; the rest waits and is shown farther back meanwhile. 32 is half a second at 60 Hz. */
  replayTicksPerFrame = 32;
  /** Nobody sees the picture: two snapshots a second, idle input, no drawing. `connect` sets it by the page's visibility; it counts from the next frame on. */
  hidden = false;
  /** Who calls `frame`: what `driveFrames` has started, as `connect` does, or its caller alone. May be changed at any time. */
  loop: 'auto' | 'manual' = 'auto';
  /** What opens links and looks for others. Without one, the end of the only link is the end of the stay. */
  keeper: Pick<LinkKeeper, 'advance' | 'retryNow' | 'counters' | 'state'> | undefined;
  /** False while the platform knows that there is no network. `connect` sets it. */
  isOnline = true;
  readonly #session: Session;
  readonly #links: RoomLinks;
  readonly #downlink: Downlink<G>;
  readonly #inputs: InputLog<G>;
  readonly #timeline: Timeline;
  readonly #inputClock: InputClock<G>;
  readonly #strikes = new Strikes();
  readonly #smoothing = new Smoothing();
  readonly #events: RoomEvents;
  readonly #leaveHandlers = new Set<(code: CloseCode, message: string) => void>();
  readonly #uplink: Uplink<G>;
  #drifted: ((drift: Drift) => void) | undefined;
  #renderer: ((view: View<G>) => void) | undefined;
  #ended: CloseCode | undefined;
  #frameAt = Number.NEGATIVE_INFINITY;
  #now: number;

  /** @param instance random, from 1 to 2^32 - 1: by it the server tells this page from another that has its token, after a reload or in a second tab. */
  constructor(game: G, seat: Seat, now: number, instance = 1) {
    this.game = game;
    this.roomId = seat.roomId;
    this.sessionId = seat.sessionId;
    this.code = seat.code;
    this.view = new View(game);
    this.received = new ReceivedWorld(game);
    this.#now = now;
    this.#session = new Session(seat.sessionId, seat.token, now);
    this.#inputs = new InputLog(game);
    const bundleTicks = game.tickHz / game.inputHz;
    this.#uplink = new Uplink(this.#session, this.#inputs, bundleTicks, this.stats);
    this.#timeline = new Timeline(game.tickHz, game.snapshotHz, bundleTicks);
    this.#events = new RoomEvents(this, this.#session, this.#timeline, (id) => this.predictor?.isPredicted(id) ?? false);
    this.#inputClock = new InputClock(this.#inputs, this.#timeline, game.tickHz);
    const parts = { session: this.#session, timeline: this.#timeline, inputs: this.#inputs, events: this.#events, uplink: this.#uplink };
    this.#downlink = new Downlink(this, parts);
    this.#links = new RoomLinks(this.#session, seat.roomId, instance, {
      welcomed: this.#welcomed,
      received: this.#received,
      linkLost: (at) => {
        this.#now = at;
        this.keeper?.advance(at, this.#keptView());
        return this.keeper !== undefined;
      },
      ended: (code, at) => {
        this.#now = at;
        this.#end(code);
      },
      failed: (error) => this.#events.handlers.failed(error),
    });
  }

  /** Takes a link that was opened for this seat. @returns a promise that is kept when the server has said welcome on it, and the room is on it. */
  accept(link: Link): Promise<void> {
    return this.#links.accept(link);
  }

  /** Puts something between this room and its links, those to come too: a simulated network, a meter. Undefined takes it out again. For tools. */
  interpose(between: Between | undefined): void {
    this.#links.interpose(between);
  }

  /** With the token that counts now: what the next link is opened with. */
  get seat(): Seat {
    return this.#links.seat;
  }

  /** Proves this player to `connect(url).reconnect(token, game)`, on this page or after a reload. It changes with each connection: store it anew in `onReconnect`. */
  get reconnectionToken(): string {
    const { roomId, sessionId, token } = this.seat;
    return `${roomId}.${sessionId}.${token}`;
  }

  /** How the connection is, for the page to show. */
  get connection(): ConnectionState {
    const state = this.#links.state(this.#now);
    // Where messages are rare the keeper waits for longer.
    return state === 'suspect' && this.keeper?.state === 'connected' ? 'connected' : state;
  }

  /**
   * Adds a handler for the loss of the connection. The stay goes on: the picture runs on, events that are emitted wait, and another connection is looked for.
   * `onReconnect` or `onLeave` follows. @returns a function that removes it.
   */
  onDrop(handler: (code: CloseCode, message: string) => void): () => void {
    return this.#links.onDrop(handler);
  }

  /** Adds a handler for the way back after `onDrop`. @returns a function that removes it. */
  onReconnect(handler: () => void): () => void {
    return this.#links.onReconnect(handler);
  }

  /** Ends the stay: no link could be found. */
  giveUp(code: CloseCode | RefusalCode): void {
    this.#end(isCloseCode(code) ? code : 'link-lost');
  }

  /**
   * Sets where inputs come from: called once for each tick. What the sample leaves out has its initial value; a press is true in the tick in which it
   * happened.
   */
  onInput(sampler: () => InputSample<G>): void {
    this.#inputClock.sampler = sampler;
  }

  /** Sets what draws: called once a frame with the view. */
  onRender(renderer: (view: View<G>) => void): void {
    this.#renderer = renderer;
  }

  /**
   * Adds a handler for an event: one of the server's, or one that a step of this client made ahead of it (`context.emit`).
   *
   * A server's event is handed over when what it is about is seen. The first field of kind `f.entity()` that is not null names the entity that it is about:
   * with one that this client predicts, the event is handed over on arrival; with another, when the view has reached the event's tick and the entity is in
   * view. Without an entity, a reliable event is handed over on arrival, an effect when the view reaches its tick. One that names an entity of which nothing
   * is known waits for it, 250 ms at most. Reliable events that wait keep their order, those on arrival may overtake them; effects have no order. None waits
   * for more than a second, and what is reliable comes before `onLeave`.
   *
   * An event of this client's own step is played in the frame of its tick and not again when the server's arrives. If the server does not make it after all,
   * what the handler returned is called, if it is a function: let it stop the sound or take back the effect. Events of steps keep no order with other events.
   * @returns a function that removes the handler.
   */
  on<Name extends EventName<G>>(name: Name, handler: (fields: EventOf<G, Name>) => unknown): () => void {
    return this.#events.handlers.add(name, handler as (fields: never) => unknown);
  }

  /** Sends an event to the room, reliably and in order. @throws TypeError when a field is missing or wrong; TickwireError when the room is over. */
  emit<Name extends EventName<G>>(name: Name, fields: EventOf<G, Name>): void {
    if (this.#ended) throw new TickwireError(this.#ended);
    this.#events.emit(name, fields);
  }

  /**
   * Asks the room, once and in order with events: `const { left } = await room.ask('buy', { item: 3 })`. `timeoutMs` are those of frames; what comes later is
   * ignored. The promise is rejected with a TickwireError: `ask-refused` (the room's reason in `detail`), `ask-timeout`, `ask-unhandled`, `asks-open`, or why the stay ended.
   */
  async ask<Name extends RequestName<G>>(name: Name, fields: RequestOf<G, Name>, options: { timeoutMs?: number } = {}): Promise<AnswerOf<G, Name>> {
    return (await this.#events.ask(name, fields, options.timeoutMs, this.#now)) as AnswerOf<G, Name>;
  }

  /** Adds a handler for the end of the stay, with a code to branch on and a sentence to show. @returns a function that removes it. */
  onLeave(handler: (code: CloseCode, message: string) => void): () => void {
    this.#leaveHandlers.add(handler);
    return () => this.#leaveHandlers.delete(handler);
  }

  /** Adds a handler for the notice that the server will stop, called each second until it does. What comes then says `onLeave`. @returns a function that removes it. */
  onDrain(handler: (secondsLeft: number) => void): () => void {
    return this.#events.drain.add(handler);
  }

  /** Sets who hears of what the page's own event handlers throw. Without it each is an unhandled rejection, which browsers show with its stack. */
  onError(handler: (error: unknown) => void): void {
    this.#events.handlers.failed = handler;
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
    this.#timeline.lead.missTarget = checkShare('missTarget', share);
  }

  /**
   * Ticks by which inputs are sampled ahead of the tick that is shown: 0 by default, 32 at most. Own actions appear that much later, and that much less is
   * predicted, so what others do to this player is corrected less often and by less. It takes effect as slowly as a clock.
   */
  get inputDelayTicks(): number {
    return this.#timeline.inputDelayTicks;
  }

  set inputDelayTicks(ticks: number) {
    this.#timeline.inputDelayTicks = checkInputDelay(ticks);
  }

  /** Share of the time in which others may be shown without a newer state; default 1e-3. The smaller, the farther behind they are shown. */
  get starveTarget(): number {
    return this.#timeline.viewDelay.starveTarget;
  }

  set starveTarget(share: number) {
    this.#timeline.viewDelay.starveTarget = checkShare('starveTarget', share);
  }

  /** Moves everything on to `now`: inputs, prediction, packets, view. Call it once a frame. */
  frame(now: number): void {
    this.#now = now;
    this.keeper?.advance(now, this.#keptView());
    if (this.#ended || !this.predictor) return;
    // Packets that came while the page was frozen are handed over after this frame.
    const wasAway = now - this.#frameAt > limits.sessionTimeoutMs / 2;
    this.#frameAt = now;
    this.#timeline.advance(now);
    if (this.#uplink.hidden !== this.hidden) {
      this.#uplink.tell(this.hidden, now);
      this.#timeline.viewDelay.interrupt();
      this.#inputs.wasIdle = true;
    }
    if (this.hidden) {
      this.#uplink.hiddenFrame(now);
      if (this.#flush(now, !wasAway)) this.#events.advance(now);
      return;
    }
    this.predictor.probe = this.probe;
    this.predictor.reconcile(this.replayTicksPerFrame);
    // The view that the player acts on is the one that is drawn.
    this.#inputClock.frame(this.predictor, this.view.tick);
    this.#events.play(this.predictor.events);
    this.#uplink.frame(now, this.#timeline.isSettled, this.#timeline.rttMs);
    if (!this.#flush(now, !wasAway)) return;
    measure(this.stats, this.#timeline, this.predictor, this.game.tickHz, this.#session.active?.path?.(now));
    const { presentTick } = this.#timeline;
    // At a tick that inputs can tell: the server rewinds to just what is drawn.
    const viewTick = Math.round(this.#timeline.viewTick * viewTickParts) / viewTickParts;
    this.#smoothing.begin(now, this.smoothingMs);
    drawView(this.view, this.received, this.predictor, this.#smoothing, viewTick, presentTick, this.game.tickHz / this.game.snapshotHz);
    // Behind the view: a handler finds there what the event is about.
    this.#events.advance(now);
    if (this.#ended) return;
    this.#renderer?.(this.view);
  }

  /** Sends events and acks; gives up a link that is silent. @returns false when that was the end. */
  #flush(now: number, mayTimeOut: boolean): boolean {
    const code = this.#session.flush(Math.floor(this.#timeline.inputTick), now);
    if (code) this.#end(code);
    else if (mayTimeOut && this.#session.active && now - this.#session.heardAt > limits.sessionTimeoutMs) this.#links.drop('timeout', now);
    return this.#ended === undefined;
  }

  readonly #welcomed = (how: Welcomed, { epoch, tick, seed }: Welcome, roundTripMs: number, now: number): void => {
    this.#now = now;
    this.#events.asks.epoch = epoch;
    this.stats.transport = this.#session.active?.kind ?? '';
    if (how === 'switched') {
      this.#uplink.tell(this.hidden, now);
      return;
    }
    this.#uplink.start();
    if (how === 'other life') this.#beginAnew(tick, seed, now);
    else this.#timeline.start(tick, now);
    this.view.tick = Math.max(this.view.tick, this.#timeline.viewTick);
    // The first round trip, for the first guess; the next ones count by their least.
    if (how === 'first' && roundTripMs < helloMsMax) this.#timeline.roundTrip(roundTripMs);
    this.predictor ??= this.#makePredictor(seed);
    // A page that nobody sees has no frames, and its input is idle.
    if (this.hidden) this.#uplink.tell(true, now);
  };

  /** The server's clock may have gone back, and its world with it: so does the picture, when the first snapshot is here. */
  #beginAnew(tick: number, seed: number, now: number): void {
    this.#session.received.clear();
    this.#timeline.restart(tick, now);
    this.#inputs.clear();
    this.#inputClock.clear();
    this.view.tick = this.#timeline.viewTick;
    this.#downlink.restart(() => {
      this.received.clear();
      this.#events.forgetPredicted();
      this.predictor = this.#makePredictor(seed);
    });
  }

  #makePredictor(seed: number): Predictor<G> {
    const predictor = new Predictor(this.game, this.received, this.#inputs, seed);
    predictor.drift.handler = this.#drifted;
    return predictor;
  }

  readonly #received = (lane: Lane, bytes: Uint8Array, now: number): void => {
    this.#now = now;
    if (this.#ended) return;
    this.stats.packetsReceived++;
    this.stats.bytesReceived += bytes.length;
    const fine = lane === 'unreliable' ? this.#downlink.receive(bytes, now) : this.#events.receiveMessage(bytes, now);
    // A hidden page has a frame a minute: what the server waits for must not wait for it.
    if (fine && now - this.#frameAt > framelessMs) this.#flush(now, false);
    if (fine) return;
    this.stats.packetsWrong++;
    if (this.#strikes.add()) this.#end('protocol-error');
  };

  #keptView(): KeptView {
    const { active, heardAt } = this.#session;
    return {
      heardAt,
      activeKind: active?.kind,
      ended: this.#ended !== undefined,
      isOnline: this.isOnline,
      reconnectSeconds: this.#links.reconnectSeconds,
    };
  }

  #end(code: CloseCode): void {
    if (this.#ended) return;
    this.#ended = code;
    this.#links.isOver = true;
    this.#session.close(code, this.#now);
    this.#events.end(code);
    this.keeper?.advance(this.#now, this.#keptView());
    for (const handler of this.#leaveHandlers) handler(code, closeMessages[code]);
  }
}
