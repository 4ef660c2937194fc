// `window.arena`: what the page knows, for end-to-end tests and for the curious with a console open.
//
// Invariant: read-only in spirit and in effect: `view()` gives copies, and nothing here changes the game. The room is the framework's own
// object, so a test can read `room.stats`.
// Units: arena units, radians, milliseconds.

import type { View } from '@tickwire/client';
import type { game, Player } from '../game.ts';
import type { DeviceName } from './controls.ts';
import type { ArenaClientRoom } from './joining.ts';

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
  readonly weapon: string;
  readonly rockets: number;
  readonly dash: number;
  readonly isBot: boolean;
}

export interface SeenArena {
  readonly phase: 'title' | 'connecting' | 'playing' | 'ended';
  /** Of the match; empty while nobody plays. */
  readonly match: string;
  /** The own player; undefined until the first state has come. */
  readonly me: SeenPlayer | undefined;
  readonly players: readonly SeenPlayer[];
  readonly rockets: number;
  readonly ball: { readonly x: number; readonly y: number } | undefined;
  /** What the player has in the hands. */
  readonly device: DeviceName;
  /** How often each sound was played. */
  readonly sounds: { readonly [name: string]: number };
  readonly pingMs: number;
  /** Frames drawn since the page was opened. */
  readonly frames: number;
  /** Chat lines that arrived, oldest first. */
  readonly chat: readonly { readonly name: string; readonly text: string }[];
}

export interface ArenaHook {
  /** Undefined until the join has succeeded. */
  readonly room: ArenaClientRoom | undefined;
  view(): SeenArena;
}

declare global {
  interface Window {
    readonly arena: ArenaHook;
  }
}

/** What the page keeps up to date for the hook. */
export interface HookSource {
  room: ArenaClientRoom | undefined;
  /** Of the room, while it is drawn. */
  view: View<typeof game> | undefined;
  frames: number;
  chat: { name: string; text: string }[];
}

interface HookPage {
  readonly hands: { readonly device: DeviceName };
  readonly sounds: { readonly played: ReadonlyMap<string, number> };
  readonly title: { readonly isShown: boolean };
}

export function installTestHook(source: HookSource, { hands, sounds, title }: HookPage): void {
  const hook: ArenaHook = {
    get room() {
      return source.room;
    },
    view() {
      const { room, view } = source;
      const players = view?.all('player').map(seen) ?? [];
      const ball = view?.all('ball')[0]?.pos;
      return {
        phase: title.isShown ? 'title' : room ? (room.ended ? 'ended' : 'playing') : 'connecting',
        match: view?.state.phase ?? '',
        me: players.find((player) => player.mine),
        players,
        rockets: view?.all('rocket').length ?? 0,
        ball: ball && { ...ball },
        device: hands.device,
        sounds: Object.fromEntries(sounds.played),
        pingMs: room?.stats.rttMs ?? 0,
        frames: source.frames,
        chat: source.chat.map((line) => ({ ...line })),
      };
    },
  };
  Object.defineProperty(window, 'arena', { value: Object.freeze(hook) });
}

function seen(player: Player & { readonly mine: boolean }): SeenPlayer {
  const { id, name, mine, pos, aim, hp, score, deaths, weapon, rockets, dash, isBot } = player;
  return { id, name, mine, x: pos.x, y: pos.y, aim, hp, score, deaths, weapon, rockets, dash, isBot };
}
