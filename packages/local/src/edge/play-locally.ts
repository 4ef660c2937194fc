// playLocally(): a game without a server. What a LocalGame must not do by itself: frames of the page, dice for the seed, warnings on the console.
//
// Invariant: nothing leaves the page. Units: milliseconds of performance.now().

import { driveFrames } from '@tickwire/client';
import type { RoomClass } from '@tickwire/server/core';
import { type AnyGame, guardSteps, networkProfiles, type PairProfile } from '@tickwire/shared';
import { LocalGame } from '../local-game.ts';

export interface PlayOptions {
  /** The network between the room and its players, such as `networkProfiles.badWifi`: one for both directions, or one each. Default: none at all. */
  network?: PairProfile;
  /** With the same seed the network loses the same packets and the room rolls the same dice. Default: chance. */
  seed?: number;
  /** `'auto'`: a frame for each animation frame of the page; in Node every 16 ms. `'manual'`: the caller calls `frame(now)` of the game, which frames its players too. */
  loop?: 'auto' | 'manual';
  /** Hears of what the room's code throws; the room is over then. Default: an unhandled rejection, which browsers show with its stack. */
  onError?(error: unknown, where: string): void;
  /** As in `connect`. Default: on a page of this machine, and outside of pages. */
  development?: boolean;
}

/**
 * A room and its players in this page, for a single player, a tutorial or a test: `const room = await playLocally(game, Arena).join()`. `join` gives what
 * `connect().joinOrCreate` gives, each call one more player. A page that is hidden or stands still has the whole game stand still; it goes on where it stood.
 * @param room the room's class, from a file that imports `@tickwire/server/core`: `@tickwire/server` is for Node.
 */
export function playLocally<G extends AnyGame>(game: G, room: RoomClass<G>, options: PlayOptions = {}): LocalGame<G> {
  const development = options.development ?? (typeof location === 'undefined' || /^(localhost|127\.0\.0\.1|\[::1\])$/.test(location.hostname));
  const local = new LocalGame(development ? guardSteps(game, { dice: Math, clock: Date, timer: performance }) : game, room, {
    seed: options.seed ?? Math.floor(Math.random() * 2 ** 32),
    network: options.network ?? networkProfiles.clean,
    onError: options.onError ?? ((error) => void Promise.reject(error)),
    onDrift: development ? ({ message }) => console.warn(message) : undefined,
  });
  if (options.loop !== 'manual') driveFrames(local);
  return local;
}
