import type { Lobby } from '@tickwire/server';
import { afterEach, expect, test, vi } from 'vitest';
import { TickRecorder } from './tick-recorder.ts';

afterEach(() => vi.restoreAllMocks());

/** A lobby with one room that ticks at 100 Hz: the calls of `advance` take and make what they are told. */
class Scripted {
  nowMs = 0;
  readonly room = { world: { tick: 0 }, ticksSkipped: 0 };
  readonly rooms = new Map([['room', this.room]]);
  nextTickAt = 10;

  constructor() {
    vi.spyOn(performance, 'now').mockImplementation(() => this.nowMs);
  }

  asLobby(): Lobby {
    return this as unknown as Lobby;
  }

  advance(_now: number): void {
    this.room.world.tick += this.made;
    this.room.ticksSkipped += this.skipped;
    this.nextTickAt += (this.made + this.skipped) * 10;
    this.nowMs += this.tookMs;
  }

  made = 1;
  skipped = 0;
  tookMs = 0;

  tickAt(nowMs: number, tookMs: number, made = 1, skipped = 0): void {
    Object.assign(this, { nowMs, tookMs, made, skipped });
    this.advance(nowMs);
  }
}

test('[BE4] each tick is timed from its start to its end, and against its deadline', () => {
  const lobby = new Scripted();
  const recorder = new TickRecorder(lobby.asLobby(), 100);
  recorder.begin(1);
  lobby.tickAt(10.5, 2);
  lobby.tickAt(20, 4);
  lobby.tickAt(36, 1);
  const times = recorder.end();
  expect(times).toMatchObject({ ticks: 3, ticksSkipped: 0, tickP50Ms: 2, tickMaxMs: 4, latenessP50Ms: 0.5, latenessP99Ms: 6 });
  expect(times.lateTicksPercent).toBeCloseTo(100 / 3);
});

test('[BE4] ticks made up for after a stall are late by what was left of it, and ticks left out count as late', () => {
  const lobby = new Scripted();
  const recorder = new TickRecorder(lobby.asLobby(), 100);
  recorder.begin(1);
  lobby.tickAt(10, 1);
  // 35 ms after its deadline: two ticks are made in 4 ms, two are left out.
  lobby.tickAt(55, 4, 2, 2);
  const times = recorder.end();
  expect(times).toMatchObject({ ticks: 3, ticksSkipped: 2, tickMaxMs: 2, latenessP99Ms: 35, latenessP50Ms: 27 });
  expect(times.lateTicksPercent).toBeCloseTo((4 / 5) * 100);
});

test('[BE4] what happened before the window is not in it', () => {
  const lobby = new Scripted();
  const recorder = new TickRecorder(lobby.asLobby(), 100);
  lobby.tickAt(19, 9, 1, 1);
  recorder.begin(1);
  lobby.tickAt(30, 1);
  expect(recorder.end()).toMatchObject({ ticks: 1, ticksSkipped: 0, tickMaxMs: 1, lateTicksPercent: 0 });
});
