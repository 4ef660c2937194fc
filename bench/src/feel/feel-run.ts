// One measured run of the feel game: human input through the server and its clients, with the figures of each screen.
//
// What it leaves behind is enough to show the same game through anything else: the truth of every tick, when which snapshot would have come to whom (by a
// packet of its own, and by an ordered stream), and when each screen drew. Invariant: seed, profile and script decide everything.
// Units: milliseconds of virtual time, ticks.

import type { Client } from '@tickwire/server/core';
import type { EntityId } from '@tickwire/shared';
import { type Fates, lost, reliableArrival } from './fates.ts';
import { type FeelGame, FeelRoom, feelGame } from './feel-game.ts';
import type { FeelProfile } from './feel-profiles.ts';
import { InputAgreement } from './input-agreement.ts';
import { OwnMeter } from './own-meter.ts';
import { RemoteMeter } from './remote-meter.ts';
import { Truth } from './truth.ts';
import { usualFrameMs, type VirtualClient, VirtualRoom } from './virtual-room.ts';

export interface FeelSetup {
  readonly seed: number;
  readonly profile: FeelProfile;
  readonly players: number;
  /** Measured time; the run is `warmMs` longer. */
  readonly seconds: number;
  /** Where a player's pointer is. */
  pointer(player: number, now: number, into: { x: number; y: number }): void;
  /** Until a screen's next frame; `usualFrameMs` when left out. */
  frameMs?(screen: Screen, now: number): number;
  /** Changes the fates before anything is sent. */
  tamper?(player: number, down: Fates, up: Fates): void;
  /** After each measured frame of a screen. */
  drawn?(screen: Screen, now: number): void;
}

export interface Arrival {
  readonly tick: number;
  readonly atMs: number;
}

/** One player's client, and what it met. */
export interface Screen extends VirtualClient<FeelGame> {
  /** Times of measured frames. */
  readonly frames: number[];
  /** Snapshots as packets of their own, in the order sent; as an ordered stream; and those that Tickwire's client read as its newest. */
  readonly arrivals: Arrival[];
  readonly ordered: Arrival[];
  readonly heard: Arrival[];
}

export interface FeelRun {
  readonly truth: Truth;
  readonly tickMs: number;
  readonly screens: readonly Screen[];
  readonly remotes: readonly RemoteMeter[];
  readonly own: readonly OwnMeter[];
  /** Ticks of all players in the measured time; those for which the server had no input, and those that it made with another one than the client. */
  readonly ticks: number;
  readonly inputsMissed: number;
  readonly inputsDifferent: number;
  /** Payload for each client. */
  readonly bytesDownPerSecond: number;
  readonly bytesUpPerSecond: number;
}

/** Joining, and the first steps of all clocks: not measured. */
export const warmMs = 5000;

export function runFeel(setup: FeelSetup): FeelRun {
  return new Run(setup).go();
}

interface Player extends Screen {
  readonly own: OwnMeter;
  readonly remote: RemoteMeter;
  orderedAt: number;
}

/** What is counted from the end of the warm-up on. */
interface Counts {
  readonly tick: number;
  readonly missed: number;
  readonly down: number;
  readonly up: number;
}

class Run {
  readonly #setup: FeelSetup;
  readonly #game: FeelGame = feelGame((world, id, tick, x, y) => this.#inputs.note(world === this.#virtual.core.world, id, tick, x, y));
  readonly #room = new PlayersRoom();
  readonly #virtual: VirtualRoom<FeelGame>;
  readonly #players: Player[] = [];
  readonly #truth = new Truth();
  readonly #inputs = new InputAgreement();
  readonly #tickMs: number = 1000 / this.#game.tickHz;
  readonly #pointer = { x: 0, y: 0 };

  constructor(setup: FeelSetup) {
    this.#setup = setup;
    this.#virtual = new VirtualRoom(this.#game, this.#room, setup.seed);
    for (let player = 0; player < setup.players; player++) this.#join(player);
  }

  go(): FeelRun {
    const { seconds, players } = this.#setup;
    const hooks = {
      delivered: (client: VirtualClient<FeelGame>) => this.#delivered(client),
      ticked: () => this.#ticked(),
      frame: (client: VirtualClient<FeelGame>) => this.#frame(this.#players[client.player] as Player),
    };
    this.#virtual.run(warmMs, hooks);
    const before = this.#counts();
    this.#virtual.run(warmMs + seconds * 1000, hooks);
    const after = this.#counts();
    const different = [...this.#room.ids.values()].map((id) => this.#inputs.differences(id, before.tick, after.tick));
    return {
      truth: this.#truth,
      tickMs: this.#tickMs,
      screens: this.#players,
      remotes: this.#players.map(({ remote }) => remote),
      own: this.#players.map(({ own }) => own),
      ticks: (after.tick - before.tick) * players,
      inputsMissed: after.missed - before.missed,
      inputsDifferent: different.reduce((sum, ticks) => sum + ticks, 0),
      bytesDownPerSecond: (after.down - before.down) / seconds / players,
      bytesUpPerSecond: (after.up - before.up) / seconds / players,
    };
  }

  #join(player: number): void {
    const { profile, tamper } = this.#setup;
    const client = this.#virtual.join(profile, (down, up) => tamper?.(player, down, up));
    client.room.onInput(() => {
      this.#setup.pointer(player, this.#virtual.now, this.#pointer);
      return { pointer: { x: this.#pointer.x, y: this.#pointer.y } };
    });
    const own = new OwnMeter(client.room, this.#inputs, this.#tickMs);
    const remote = new RemoteMeter(this.#truth, this.#tickMs);
    this.#players.push(Object.assign(client, { frames: [], arrivals: [], ordered: [], heard: [], own, remote, orderedAt: 0 }));
  }

  #delivered({ player, room }: VirtualClient<FeelGame>): void {
    const { heard } = this.#players[player] as Player;
    const { newestTick } = room.received;
    if (newestTick > (heard[heard.length - 1]?.tick ?? -1)) heard.push({ tick: newestTick, atMs: this.#virtual.now });
  }

  /** Notes where everyone is, and what becomes of a snapshot that leaves now. */
  #ticked(): void {
    const { now, core } = this.#virtual;
    const { tick } = core.world;
    for (const { player, sessionId } of this.#players) {
      const own = core.world.get(this.#room.ids.get(sessionId) ?? null);
      if (own) this.#truth.record(tick, player, own.pos.x, own.pos.y);
    }
    const every = this.#game.tickHz / this.#game.snapshotHz;
    for (const screen of this.#players) {
      const phase = core.members.get(screen.sessionId)?.phase ?? 0;
      if ((tick + phase) % every !== 0) continue;
      const delay = screen.down.delayMs(now);
      if (delay !== lost) screen.arrivals.push({ tick, atMs: now + delay });
      screen.orderedAt = Math.max(screen.orderedAt, reliableArrival(screen.down, now, every * this.#tickMs));
      screen.ordered.push({ tick, atMs: screen.orderedAt });
    }
  }

  #frame(player: Player): number {
    const { room, own, remote, sessionId } = player;
    const { now } = this.#virtual;
    const next = player.nextFrameAt + (this.#setup.frameMs?.(player, now) ?? usualFrameMs);
    const id = this.#room.ids.get(sessionId);
    if (id !== undefined) own.before(id);
    room.frame(now);
    if (id === undefined || !room.predictor) return next;
    const counts = now >= warmMs;
    own.after(id, now, counts);
    if (!counts) return next;
    player.frames.push(now);
    remote.frame(now, room.view.tick);
    for (const shown of room.view.all('player')) {
      if (shown.mine) continue;
      remote.picture(this.#playerOf(shown.id), shown.pos.x, shown.pos.y, room.received.get(shown.id)?.newestTick ?? -1);
    }
    this.#setup.drawn?.(player, now);
    return next;
  }

  #playerOf(id: EntityId): number {
    return this.#players.findIndex(({ sessionId }) => this.#room.ids.get(sessionId) === id);
  }

  #counts(): Counts {
    const sum = (of: (player: Player) => number): number => this.#players.reduce((total, player) => total + of(player), 0);
    return {
      tick: this.#virtual.core.world.tick,
      missed: sum(({ sessionId }) => this.#virtual.core.members.get(sessionId)?.inputs.missed ?? Number.NaN),
      down: sum(({ links }) => links.bytesDown()),
      up: sum(({ links }) => links.bytesUp()),
    };
  }
}

class PlayersRoom extends FeelRoom {
  readonly ids = new Map<string, EntityId>();

  override onJoin(client: Client<FeelGame>): void {
    super.onJoin(client);
    const [own] = client.entities;
    if (own) this.ids.set(client.sessionId, own.id);
  }
}
