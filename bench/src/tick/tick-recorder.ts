// Times the ticks of a running server from outside: around the lobby's `advance`, which the server's own loop calls.
//
// Invariant: it costs two readings of the clock and a few stores a tick and allocates nothing; it changes nothing that a room sees.
// Units: milliseconds of performance.now().

import type { Lobby } from '@tickwire/server';
import { percentile } from '../percentile.ts';

export interface TickTimes {
  ticks: number;
  ticksSkipped: number;
  /** From the call that makes a tick to its end: simulate, record, write, send. */
  tickP50Ms: number;
  tickP95Ms: number;
  tickP99Ms: number;
  tickMaxMs: number;
  /** How long after its deadline a tick began. */
  latenessP50Ms: number;
  latenessP99Ms: number;
  /** Ticks that began over half an interval late, or never. */
  lateTicksPercent: number;
}

export class TickRecorder {
  readonly #intervalMs: number;
  readonly #lobby: Lobby;
  #durations = new Float64Array(0);
  #lateness = new Float64Array(0);
  #count = 0;
  #skippedBefore = 0;

  /** Replaces `lobby.advance`. The lobby has one room. */
  constructor(lobby: Lobby, tickHz: number) {
    this.#lobby = lobby;
    this.#intervalMs = 1000 / tickHz;
    const advance = lobby.advance.bind(lobby);
    lobby.advance = (now) => {
      const dueAt = lobby.nextTickAt;
      const tickBefore = this.#tick();
      const startedAt = performance.now();
      advance(now);
      const tookMs = performance.now() - startedAt;
      this.#note(this.#tick() - tickBefore, startedAt - dueAt, tookMs);
    };
  }

  /** Forgets what was recorded and makes room for this many seconds. */
  begin(seconds: number): void {
    // Half as many again: a window that the parent ends late keeps its last ticks.
    const most = Math.ceil(((seconds + 2) * 1500) / this.#intervalMs);
    this.#durations = new Float64Array(most);
    this.#lateness = new Float64Array(most);
    this.#count = 0;
    this.#skippedBefore = this.#skipped();
  }

  end(): TickTimes {
    const ticks = this.#count;
    const durations = this.#durations.slice(0, ticks).sort();
    const lateness = this.#lateness.slice(0, ticks).sort();
    this.#durations = new Float64Array(0);
    const ticksSkipped = this.#skipped() - this.#skippedBefore;
    const late = lateness.length - lateness.findLastIndex((ms) => ms <= this.#intervalMs / 2) - 1;
    return {
      ticks,
      ticksSkipped,
      tickP50Ms: percentile(durations, 50),
      tickP95Ms: percentile(durations, 95),
      tickP99Ms: percentile(durations, 99),
      tickMaxMs: percentile(durations, 100),
      latenessP50Ms: percentile(lateness, 50),
      latenessP99Ms: percentile(lateness, 99),
      lateTicksPercent: ((late + ticksSkipped) / (ticks + ticksSkipped)) * 100,
    };
  }

  /** A call may make several ticks to catch up: each is due an interval after the one before, and takes its share of the time. */
  #note(made: number, lateMs: number, tookMs: number): void {
    for (let index = 0; index < made && this.#count < this.#durations.length; index++) {
      this.#durations[this.#count] = tookMs / made;
      this.#lateness[this.#count] = lateMs + (tookMs / made - this.#intervalMs) * index;
      this.#count++;
    }
  }

  #tick(): number {
    for (const room of this.#lobby.rooms.values()) return room.world.tick;
    return 0;
  }

  #skipped(): number {
    for (const room of this.#lobby.rooms.values()) return room.ticksSkipped;
    return 0;
  }
}
