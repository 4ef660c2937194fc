// What shows others from snapshots, and how a recorded run is played through it: the same states, arrivals and frames as Tickwire's client had.
//
// Invariant: a viewer is told what arrived and what time it is, nothing else. Units: milliseconds of virtual time, ticks.

import { wireStep } from './feel-game.ts';
import type { Arrival, FeelRun, Screen } from './feel-run.ts';
import { RemoteMeter } from './remote-meter.ts';

/** A whole snapshot, as the server would have sent it: positions on the wire grid. */
export interface StateSnapshot {
  readonly tick: number;
  /** When it was made, on the server's clock. */
  readonly timeMs: number;
  readonly places: readonly Place[];
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Viewer {
  receive(snapshot: StateSnapshot, now: number): void;
  /** Draws. @returns the server time that it means to show, whether or not it has the states for it; NaN before the first snapshot. */
  frame(now: number): number;
  /** Where it shows a player. */
  placeOf(player: number): Place | undefined;
}

/** Shows one screen of a run through a viewer. @param arrivals the screen's own, or its ordered ones. */
export function watch(viewer: Viewer, run: FeelRun, screen: Screen, arrivals: readonly Arrival[]): RemoteMeter {
  const meter = new RemoteMeter(run.truth, run.tickMs);
  const byTime = [...arrivals].sort((a, b) => a.atMs - b.atMs);
  let next = 0;
  let newestTick = -1;
  for (const now of screen.frames) {
    for (let arrival = byTime[next]; arrival && arrival.atMs <= now; arrival = byTime[++next]) {
      viewer.receive(snapshotOf(run, arrival.tick), arrival.atMs);
      newestTick = Math.max(newestTick, arrival.tick);
    }
    const shownMs = viewer.frame(now);
    meter.frame(now, shownMs / run.tickMs);
    for (const { player } of run.screens) {
      const place = player === screen.player ? undefined : viewer.placeOf(player);
      if (place) meter.picture(player, place.x, place.y, newestTick);
    }
  }
  return meter;
}

function snapshotOf({ truth, tickMs, screens }: FeelRun, tick: number): StateSnapshot {
  const places = screens.map(({ player }) => ({ x: onWire(truth.xAt(player, tick)), y: onWire(truth.yAt(player, tick)) }));
  return { tick, timeMs: tick * tickMs, places };
}

function onWire(value: number): number {
  return Math.round(value / wireStep) * wireStep;
}
