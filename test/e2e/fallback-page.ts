// What runs in the page of the fallback tests: a client that says a number each 50 ms and writes down what it is told and what it shows.
//
// Built into one script by page-bundle.ts; the test calls what it exports. Units: milliseconds of performance.now().

import { type ClientRoom, type ConnectOptions, connect } from '@tickwire/client';
import { game } from './fallback-game.ts';

export interface FallbackReport {
  readonly transport: string;
  readonly sessionId: string;
  readonly ended: string | undefined;
  readonly said: number;
  readonly told: number;
  /** Events that came in another order than that of their numbers, twice, or not at all. */
  readonly toldWrong: number;
  readonly clock: { readonly joins: number; readonly leaves: number; readonly heard: number; readonly wrong: number } | undefined;
  readonly resyncs: number;
  readonly drops: readonly string[];
  readonly counters: ClientRoom<typeof game>['keeper'] extends infer Keeper | undefined
    ? Keeper extends { counters: infer Counters }
      ? Counters
      : never
    : never;
}

/** When a newer state was shown than in the frame before. */
const shownMs: number[] = [];
/** What was told of the connection. */
const drops: string[] = [];
let room: ClientRoom<typeof game> | undefined;
let [said, told, toldWrong, isSaying] = [0, 0, 0, true];

/** @returns the time from the call to the first state shown. */
export async function join(options: ConnectOptions, method: 'create' | 'joinOrCreate' = 'create'): Promise<number> {
  const startMs = performance.now();
  room = await connect(location.origin, options)[method]('fallback', game);
  const joined = room;
  let newestTick = -1;
  joined.onRender((view) => {
    const tick = view.all('clock')[0]?.tick ?? -1;
    if (tick > newestTick) shownMs.push(performance.now());
    newestTick = Math.max(newestTick, tick);
  });
  joined.onDrop((code) => drops.push(code));
  joined.onReconnect(() => drops.push('back'));
  joined.on('told', ({ number }) => {
    told++;
    if (number !== told) toldWrong++;
  });
  setInterval(() => {
    if (isSaying && joined.ended === undefined) joined.emit('say', { number: ++said });
  }, 50);
  while (shownMs.length === 0) await new Promise((resolve) => requestAnimationFrame(resolve));
  return (shownMs[0] as number) - startMs;
}

/** The code and the sentence of a join that fails. */
export async function failure(options: ConnectOptions): Promise<string> {
  try {
    await connect(location.origin, options).create('fallback', game);
    return 'joined';
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
}

/** The longest time without a newer state shown, from `fromMs` on. */
export function longestGapMs(fromMs: number): number {
  const times = [...shownMs.filter((ms) => ms >= fromMs), performance.now()];
  return Math.max(...times.map((ms, index) => ms - (times[index - 1] ?? fromMs)));
}

export function nowMs(): number {
  return performance.now();
}

/** Says nothing more, so that what was said can be counted. */
export function hush(): void {
  isSaying = false;
}

export function report(): FallbackReport {
  if (!room) throw new Error('not joined');
  const [clock] = room.view.all('clock');
  const { transport, resyncs } = room.stats;
  return {
    transport,
    sessionId: room.sessionId,
    ended: room.ended,
    said,
    told,
    toldWrong,
    clock: clock && { joins: clock.joins, leaves: clock.leaves, heard: clock.heard, wrong: clock.wrong },
    resyncs,
    drops,
    counters: { dialed: 0, suspected: 0, falseAlarms: 0, ...room.keeper?.counters },
  };
}
