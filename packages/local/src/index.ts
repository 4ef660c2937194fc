// @tickwire/local: what a page without a server imports. A hand-written list.

export { type PlayOptions, playLocally } from './edge/play-locally.ts';
export type { LocalGame } from './local-game.ts';
