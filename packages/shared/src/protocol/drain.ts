// The notice of a server that will stop: `[8, secondsLeft]`, once a second until it does. It has no number and no ack: one that is lost is followed by the next.
//
// Invariant: a reader takes nothing but whole seconds of at most a day. Units: seconds.

import { isCount } from './handshake.ts';
import { messageKind } from './message.ts';

/** A day: nobody drains for longer. */
export const drainSecondsMax = 86_400;

export function drainMessage(secondsLeft: number): unknown[] {
  return [messageKind.drain, secondsLeft];
}

/** The seconds left, or undefined when it is no such message. */
export function parseDrain(message: readonly unknown[]): number | undefined {
  const [kind, secondsLeft] = message;
  return kind === messageKind.drain && message.length === 2 && isCount(secondsLeft) && secondsLeft <= drainSecondsMax ? secondsLeft : undefined;
}
