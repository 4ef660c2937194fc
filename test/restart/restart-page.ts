// What runs in the page of the restart test: a client that sends a number every 25 ms and writes down what it hears of it and what it shows.
//
// Built into one script by page-bundle.ts; the test calls what it exports. Units: milliseconds; ticks.

import { type ClientRoom, connect } from '@tickwire/client';
import { game } from './drain-game.ts';

export interface RestartReport {
  readonly ended: string | undefined;
  readonly sent: number;
  /** What this page sent and heard of again. */
  readonly echoed: readonly number[];
  readonly walkers: number;
  readonly x: number;
  /** Of the newest state that came. */
  readonly tick: number;
  /** Pages of one tab have one each. */
  readonly pageMs: number;
}

const pageMs = performance.timeOrigin;
const echoed: number[] = [];
let room: ClientRoom<typeof game> | undefined;
let [sent, isSending] = [0, true];

export async function join(): Promise<void> {
  const joined = await connect(location.origin).joinOrCreate('lasting', game);
  room = joined;
  joined.onRender(() => {});
  joined.on('added', ({ by, count }) => {
    if (by === joined.sessionId) echoed.push(count);
  });
  setInterval(() => {
    if (isSending && joined.ended === undefined) joined.emit('add', { number: ++sent });
  }, 25);
}

/** Sends nothing more, so that what was sent can be counted. */
export function hush(): void {
  isSending = false;
}

export function report(): RestartReport {
  if (!room) throw new Error('not joined');
  const { view, received, ended } = room;
  return { ended, sent, echoed, walkers: view.all('walker').length, x: view.mine('walker')?.x ?? 0, tick: received.newestTick, pageMs };
}
