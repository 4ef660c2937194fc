// `window.arena`: what the page knows, for end-to-end tests and for the curious with a console open.
//
// Invariant: read-only in spirit and in effect: `view()` gives copies, and nothing here changes the game. The room is the framework's own
// object, so a test can read `room.stats`.
// Units: arena units, radians, milliseconds.

import type { ClientRoom } from '@tickwire/client';
import type { game, Player } from '../game.ts';

/** A player as it is on the screen now. */
export interface SeenPlayer {
  readonly id: number;
  readonly name: string;
  readonly mine: boolean;
  readonly x: number;
  readonly y: number;
  readonly aim: number;
  readonly hp: number;
  readonly score: number;
  readonly deaths: number;
}

export interface SeenArena {
  readonly phase: 'connecting' | 'playing' | 'ended';
  /** The own player; undefined until the first state has come. */
  readonly me: SeenPlayer | undefined;
  readonly players: readonly SeenPlayer[];
  readonly rockets: number;
  readonly pingMs: number;
  /** Frames drawn since the page was opened. */
  readonly frames: number;
  /** Chat lines that arrived, oldest first. */
  readonly chat: readonly { readonly name: string; readonly text: string }[];
}

export interface ArenaHook {
  /** Undefined until the join has succeeded. */
  readonly room: ClientRoom<typeof game> | undefined;
  view(): SeenArena;
}

declare global {
  interface Window {
    readonly arena: ArenaHook;
  }
}

/** What the page keeps up to date for the hook. */
export interface HookSource {
  room: ClientRoom<typeof game> | undefined;
  players: readonly (Player & { readonly mine: boolean })[];
  rockets: readonly unknown[];
  frames: number;
  chat: { name: string; text: string }[];
}

export function installTestHook(source: HookSource): void {
  const hook: ArenaHook = {
    get room() {
      return source.room;
    },
    view() {
      const players = source.players.map(seen);
      return {
        phase: source.room ? (source.room.ended ? 'ended' : 'playing') : 'connecting',
        me: players.find((player) => player.mine),
        players,
        rockets: source.rockets.length,
        pingMs: source.room?.stats.rttMs ?? 0,
        frames: source.frames,
        chat: source.chat.map((line) => ({ ...line })),
      };
    },
  };
  Object.defineProperty(window, 'arena', { value: Object.freeze(hook) });
}

function seen({ id, name, mine, pos, aim, hp, score, deaths }: HookSource['players'][number]): SeenPlayer {
  return { id, name, mine, x: pos.x, y: pos.y, aim, hp, score, deaths };
}
