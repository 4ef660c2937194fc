// @tickwire/server: what a game's server imports. A hand-written list.
//
// `core.ts` has the parts without a platform.

export type { Plain } from '@tickwire/shared/internal';
export { Refused } from './asks.ts';
export { Client, type JoinOptions, type Pace, type PaceReason } from './client.ts';
export type { IceOptions, TurnOptions } from './edge/ice-servers.ts';
export { type AttachOptions, attach, type GameServer, type GameServerCounters, type RoomTable, type ServeOptions, serve } from './edge/serve.ts';
export type { ServerLimits } from './edge/server-limits.ts';
export type { GridInterest } from './interest.ts';
export { Lobby } from './lobby.ts';
export type { Past } from './past.ts';
export { type Audience, type AuthContext, type AuthOf, Room, type RoomClass } from './room.ts';
export { RoomCore } from './room-core.ts';
export type { Traffic, TrafficReason } from './traffic.ts';
