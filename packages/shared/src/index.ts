// @tickwire/shared: what a game's shared file, its server and its client import. A hand-written list; `internal.ts` has what only the framework uses.

export { limits } from './limits.ts';
export { BadNetwork, type LaneCounters } from './link/bad-network.ts';
export {
  ChannelLink,
  type ChannelPort,
  type IgnoredMessage,
  type LanePort,
  RELIABLE_CHANNEL_ID,
  UNRELIABLE_CHANNEL_LABEL,
} from './link/channel-link.ts';
export {
  type AskCode,
  askCodes,
  type CloseCode,
  closeCodeNumber,
  closeCodeOf,
  closeMessages,
  endsSession,
  isCloseCode,
  type RefusalCode,
  refusalMessages,
  TickwireError,
} from './link/close-codes.ts';
export type { CandidateType, Lane, Link, LinkHandler, LinkKind, LinkPath } from './link/link.ts';
export { type MemoryLinkOptions, type MemoryLinkPair, memoryLinkPair, type PairProfile } from './link/memory-link.ts';
export { feedNativeLane, guard, type NativeChannel, type NativeEdge, nativeLane } from './link/native-lane.ts';
export { type BurstLoss, type NetworkProfile, type NetworkProfileName, networkProfiles } from './link/network-profile.ts';
export {
  codeOfSocketClose,
  feedSocketFrame,
  SOCKET_FRAME_BYTES,
  SOCKET_PATH,
  SOCKET_PROTOCOL,
  type SocketPort,
  socketCloseNumber,
  socketLanes,
} from './link/socket-lanes.ts';
export type { IceServer } from './protocol/ice.ts';
export { Random } from './random.ts';
export { f } from './schema/fields.ts';
export {
  type AnyEntity,
  type AnyGame,
  defineGame,
  type EngineParts,
  type EntityDef,
  type EntityName,
  type EntityOf,
  type EventDef,
  type EventName,
  type EventOf,
  entity,
  event,
  type Game,
  type InputOf,
  type InputSample,
  type Predict,
  type StateOf,
  type Step,
  type StepContext,
  type Visible,
  type WorldQuery,
} from './schema/game.ts';
export type { Interpolation, Kind } from './schema/kind.ts';
export type { Fields, ValueOf, ValuesOf } from './schema/layout.ts';
export { type AnswerOf, type RequestDef, type RequestName, type RequestOf, request } from './schema/request.ts';
export type { Quat, QuatOptions } from './schema/rotations.ts';
export type { Vec2, Vec3 } from './schema/vectors.ts';
export { checkDeterminism, type DeterminismOptions, type StepDifference } from './state/check-determinism.ts';
export type { EntityId } from './state/entity-id.ts';
export { type GuardedGlobals, guardSteps } from './state/guard-steps.ts';
