// Reliable events: one message a flush, `[6, sequence, ack, tick, [event, ...fields], ...]`, and the bare ack `[7, ack]`.
//
// Invariant: sequences count reliable messages of the session from 1, without a gap; the receiver delivers each once and in order, whichever link
// brings it. Units: ticks of the room for `tick` (0 from a client that does not know it yet).

import type { SpawnOrigin } from '../state/world.ts';
import { isCount } from './handshake.ts';
import { messageKind } from './message.ts';

/**
 * A flush of events; each is `[number, ...fields]` with the fields in schema order, and behind them key, tick and number of its origin when it was made in a
 * step that the receiver predicts.
 */
export interface EventsMessage {
  sequence: number;
  /** Newest reliable message of the other side that arrived. */
  ack: number;
  tick: number;
  events: unknown[][];
}

export function eventsMessage(message: EventsMessage): unknown[] {
  return [messageKind.events, message.sequence, message.ack, message.tick, ...message.events];
}

export function parseEvents(message: readonly unknown[]): EventsMessage | undefined {
  const [kind, sequence, ack, tick, ...events] = message;
  if (kind !== messageKind.events || !isCount(sequence) || !isCount(ack) || !isCount(tick)) return undefined;
  for (const event of events) if (!Array.isArray(event) || !isCount(event[0])) return undefined;
  return { sequence, ack, tick, events: events as unknown[][] };
}

/** The origin of an event of `fields` fields; undefined when it has none, or when it is none. */
export function originOfEvent(event: readonly unknown[], fields: number): SpawnOrigin | undefined {
  const [key, tick, number] = event.slice(fields + 1);
  return event.length === fields + 4 && isCount(key) && isCount(tick) && isCount(number) ? { key, tick, number } : undefined;
}

export function reliableAckMessage(ack: number): unknown[] {
  return [messageKind.reliableAck, ack];
}

export function parseReliableAck(message: readonly unknown[]): number | undefined {
  return message[0] === messageKind.reliableAck && message.length === 2 && isCount(message[1]) ? message[1] : undefined;
}
