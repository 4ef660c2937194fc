// @tickwire/client/core: the client without a platform, for tests on a virtual clock, bots, and loops of their own making.
//
// A hand-written list. Nothing here reads a clock, opens a socket or sets a timer.

export { ClientRoom } from './client-room.ts';
export type { Drift } from './drift.ts';
export { type DialKind, type KeptRoom, type KeptView, type LinkDialer, LinkKeeper, type Transport } from './link-keeper.ts';
export type { Between } from './room-link.ts';
export type { RoomProbe } from './room-probe.ts';
export type { RoomStats } from './stats.ts';
export { View, type ViewEntity } from './view.ts';
