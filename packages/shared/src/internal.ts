// What the server and client packages share and games do not need: codecs, tables, sessions.
//
// A hand-written list. No promise of stability between versions: import from `index.ts` in a game.

export { BitReader, type BitSink, BitWriter } from './bits.ts';
export { type ContextFamily, contextCount, contextFamilies } from './codec/contexts.ts';
export { type Bases, readChange, writeChange } from './codec/entity-model.ts';
export { type EntityPlan, planOf, plansOf } from './codec/entity-plan.ts';
export {
  emptyOpening,
  type Form,
  firstOpening,
  form,
  type Identity,
  type Opening,
  operation,
  readIdentity,
  readOpening,
  readRest,
  writeIdentity,
  writeOpening,
  writeRest,
} from './codec/record-model.ts';
export { readWhole, writeWhole } from './codec/spawn-model.ts';
export { contextPlaces, frequencySum, SymbolDecoder, SymbolEncoder, Symbols } from './codec/symbol-coder.ts';
export { codecTable } from './codec/table.ts';
export { toWireRow } from './codec/wire-row.ts';
export { averageLoss, completeProfile } from './link/network-profile.ts';
export { Prefixes } from './prefixes.ts';
export { type Ask, answerEvent, askEvent, isOfAsks, type Reply, readAsk, readReply, refusalEvent } from './protocol/asks.ts';
export { drainMessage, drainSecondsMax, parseDrain } from './protocol/drain.ts';
export { originOfEvent } from './protocol/events.ts';
export {
  type Hello,
  helloMessage,
  type JoinMethod,
  type JoinRequest,
  type LinkOffer,
  parseHello,
  parseJoinRequest,
  parseWelcome,
  type Refusal,
  type Seat,
  type Welcome,
  welcomeMessage,
} from './protocol/handshake.ts';
export { type Ice, readIce } from './protocol/ice.ts';
export { emptyInputHead, type InputHead, readInputHead, readViewLag, viewTickParts, writeInputHead, writeViewLag } from './protocol/input.ts';
export { type ListRequest, parseListRequest, type RoomListing } from './protocol/list.ts';
export { type Frame, frameBytesMax, messageKind, openBody, openFrame, protocolVersion, readFrame, writeFrame } from './protocol/message.ts';
export { type Plain, packPlain, unpackAny, unpackPlain } from './protocol/plain.ts';
export {
  type EffectHead,
  emptySnapshotHead,
  hasHash,
  noMargin,
  patchHash,
  readEffectHead,
  readSnapshotHead,
  type SnapshotHead,
  snapshotHeadBytes,
  writeEffectHead,
  writeSnapshotHead,
} from './protocol/snapshot.ts';
export { pressesBetween } from './schema/choices.ts';
export { describeDifference } from './schema/description.ts';
export { type EntityType, type EventType, eventTypeOf } from './schema/game.ts';
export type { Precision } from './schema/kind.ts';
export { Layout } from './schema/layout.ts';
export { type RequestType, requestTypeOf } from './schema/request.ts';
export { AckWindow, nextSequence, type Sequence, sequenceDistance, unwrap16 } from './sequence.ts';
export { Outbox } from './session/outbox.ts';
export { isSameSecret } from './session/secret.ts';
export { Session, Strikes } from './session/session.ts';
export { type FieldDifference, firstDifference, valueText } from './state/difference.ts';
export { entityId, isGuest, type Slot, slotBits, slotOf, versionOf } from './state/entity-id.ts';
export { HashSink, hashWord, hashWords } from './state/hash.ts';
export { History, type Life, rowOfLife, sinceOfLife } from './state/history.ts';
export { interpolate, type Samples } from './state/interpolate.ts';
export { SimulationContext, type StepHost, simulate } from './state/simulate.ts';
export { type Entity, type SpawnOrigin, World } from './state/world.ts';
