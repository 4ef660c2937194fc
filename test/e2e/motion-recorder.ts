// Records what a page of the arena draws, frame by frame, and the keys that it is given, to measure what a player would see.
//
// Invariant: a frame is noted after everything that drew it has run. Times are comparable between pages of one machine.
// Units: milliseconds since the epoch with fractions; arena units.

import type { Page } from 'playwright-core';

export interface DrawnFrame {
  /** When its animation callbacks began, and when they had all run. */
  readonly begunAt: number;
  readonly drawnAt: number;
  readonly x: number;
  readonly y: number;
}

export interface Recording {
  /** When each key went down, by the event's own time stamp. */
  readonly keys: readonly { readonly code: string; readonly at: number }[];
  readonly frames: readonly DrawnFrame[];
}

declare global {
  interface Window {
    stopRecording?: () => Recording;
  }
}

/** Starts recording where a player is drawn, and waits for the first frame. */
export async function record(page: Page, id: number): Promise<void> {
  await page.evaluate((wanted): Promise<void> => {
    const keys: { code: string; at: number }[] = [];
    const frames: DrawnFrame[] = [];
    let isOn = true;
    const onKey = ({ code, timeStamp, repeat }: KeyboardEvent): void => {
      if (!repeat) keys.push({ code, at: performance.timeOrigin + timeStamp });
    };
    window.addEventListener('keydown', onKey, { capture: true });
    // A message runs after all animation callbacks of its frame, the game's among them, whatever their order.
    const { port1, port2 } = new MessageChannel();
    let started = (): void => {};
    port1.onmessage = ({ data: begunAt }) => {
      const player = window.arena.view().players.find((one) => one.id === wanted);
      if (!player) return;
      started();
      frames.push({ begunAt, drawnAt: performance.timeOrigin + performance.now(), x: player.x, y: player.y });
    };
    const turn = (): void => {
      if (!isOn) return;
      port2.postMessage(performance.timeOrigin + performance.now());
      requestAnimationFrame(turn);
    };
    requestAnimationFrame(turn);
    window.stopRecording = () => {
      isOn = false;
      port1.close();
      window.removeEventListener('keydown', onKey, { capture: true });
      return { keys, frames };
    };
    return new Promise((resolve) => {
      started = resolve;
    });
  }, id);
}

export function stopRecording(page: Page): Promise<Recording> {
  return page.evaluate(() => window.stopRecording?.() ?? { keys: [], frames: [] });
}

/** The first frame after a moment that shows the player somewhere else than the last frame before it. @returns its index; -1 when there is none. */
export function firstMoved({ frames }: Recording, after: number): number {
  const last = frames.findLast(({ drawnAt }) => drawnAt <= after);
  return last ? frames.findIndex(({ drawnAt, x, y }) => drawnAt > after && (x !== last.x || y !== last.y)) : -1;
}
