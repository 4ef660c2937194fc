// The page of the connect suite: it joins as soon as its script runs, notes when it is welcomed, has its first state and draws it, and what it shows then.
//
// Invariant: it joins as any page does; it adds nothing to the way but the notes. Units: milliseconds of performance.now().

import { type ClientRoom, connect } from '@tickwire/client';
import { game, roomName } from './connect-game.ts';

/** What the suite asks the page for. */
export interface Shown {
  /** When each state newer than those before it came, the latest of them last. */
  readonly atMs: readonly number[];
  readonly transport: string;
  readonly ended: string | undefined;
}

declare global {
  interface Window {
    shown(): Shown;
    failed?: string;
  }
}

/** Half a minute of them. */
const statesKept = 600;

function watch(room: ClientRoom<typeof game>): void {
  const atMs: number[] = [];
  let newestTick = -1;
  const look = (): void => {
    const { newestTick: tick } = room.received;
    if (tick > newestTick && room.stats.packetsReceived > 0) {
      newestTick = tick;
      atMs.push(performance.now());
      if (atMs.length > statesKept) atMs.shift();
      window.marks['snapshot'] ??= performance.now();
    }
    if (room.ended === undefined) setTimeout(look, 1);
  };
  look();
  room.onRender((view) => {
    if (view.mine('square')) window.marks['drawn'] ??= performance.now();
  });
  window.shown = () => ({ atMs, transport: room.stats.transport, ended: room.ended });
}

window.marks['begin'] = performance.now();
try {
  const room = await connect().joinOrCreate(roomName, game);
  window.marks['welcome'] = performance.now();
  watch(room);
} catch (error) {
  window.failed = String(error);
}
