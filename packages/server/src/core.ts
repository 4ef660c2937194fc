// @tickwire/server/core: the server without a platform, for tests that run rooms on a virtual clock and for hosts of their own making.
//
// A hand-written list. Nothing here reads a clock, opens a socket or sets a timer.

export { Refused } from './asks.ts';
export { Client, type JoinOptions, type Pace, type PaceReason } from './client.ts';
export type { GridInterest } from './interest.ts';
export { type JoinAnswer, type JoinContext, type ListAnswer, Lobby, type LobbyOptions } from './lobby.ts';
export type { RoomDefinition } from './matchmaking.ts';
export type { MemberCounters } from './member.ts';
export type { Past } from './past.ts';
export { type Audience, type AuthContext, type AuthOf, Room, type RoomClass } from './room.ts';
export { RoomCore } from './room-core.ts';
export type { RoomOptions } from './room-options.ts';
export type { Traffic, TrafficReason } from './traffic.ts';
