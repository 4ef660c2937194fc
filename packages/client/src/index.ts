// @tickwire/client: what a game's page imports. A hand-written list.
//
// `core.ts` has the parts without a platform; `edge/node.ts` is the client for Node.

export { type CloseCode, type IceServer, type LinkPath, type RefusalCode, TickwireError } from '@tickwire/shared';
export type { RoomListing } from '@tickwire/shared/internal';
export { ClientRoom } from './client-room.ts';
export type { Drift } from './drift.ts';
export { type ConnectOptions, connect } from './edge/connect.ts';
export type { Connection, JoinOptions, ListOptions } from './edge/connection.ts';
export { driveFrames, type Framed } from './edge/frame-loop.ts';
export type { Between } from './room-link.ts';
export type { RoomProbe } from './room-probe.ts';
export type { RoomStats } from './stats.ts';
export { View, type ViewEntity } from './view.ts';
