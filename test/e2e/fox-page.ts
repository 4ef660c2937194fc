// What runs in a page of the Firefox tests: it joins, walks, sends numbered notes and says what came of it.
//
// Built into one script by page-bundle.ts; the test calls what it exports. Units: milliseconds of performance.now().

import { type ClientRoom, connect } from '@tickwire/client';
import { game } from './fox-game.ts';

export interface FoxReport {
  readonly transport: string;
  readonly sessionId: string;
  readonly squares: readonly { readonly x: number; readonly mine: boolean }[];
  /** Numbers of notes in the order in which they came, by who sent them. */
  readonly notes: { readonly [from: string]: readonly number[] };
  readonly ended: string | undefined;
}

let room: ClientRoom<typeof game> | undefined;
let walks = 0;
const notes: { [from: string]: number[] } = {};

export async function join(options: Parameters<typeof connect>[1] = {}): Promise<void> {
  const joined = await connect(location.origin, options).joinOrCreate('fox', game);
  room = joined;
  joined.onInput(() => ({ move: { x: walks, y: 0 } }));
  joined.on('noted', ({ number, from }) => {
    notes[from] = [...(notes[from] ?? []), number];
  });
}

export function walk(way: number): void {
  walks = way;
}

export function send(count: number): void {
  for (let number = 0; number < count; number++) room?.emit('note', { number });
}

export function report(): string {
  if (!room) throw new Error('not joined');
  const squares = [...room.view.all('square')].map(({ pos, mine }) => ({ x: Math.round(pos.x), mine }));
  const { stats, sessionId, ended } = room;
  return JSON.stringify({ transport: stats.transport, sessionId, squares, notes, ended } satisfies FoxReport);
}
