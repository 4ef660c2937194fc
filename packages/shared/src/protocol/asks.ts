// Requests and what becomes of them, as they stand among the events of a reliable message: numbers behind those of the events say which they are.
//
// A request is `[number, ask, ...fields]`, its answer `[answer number, ask, ...fields of the answer]`, and a refusal `[last number, ask, code, reason]`.
// Invariant: readers never throw; what is none of the three, or has wrong fields, is told from what is. Units: `ask` is a count of the client's choice.

import { limits } from '../limits.ts';
import { type AskCode, askCodes } from '../link/close-codes.ts';
import type { AnyGame } from '../schema/game.ts';
import { Layout } from '../schema/layout.ts';
import { uint } from '../schema/numbers.ts';
import type { RequestType } from '../schema/request.ts';
import { string } from '../schema/texts.ts';
import { isCount } from './handshake.ts';

/** What a client asks. */
export interface Ask {
  readonly type: RequestType;
  readonly ask: number;
  readonly fields: object;
}

/** What a room says to an ask: an answer, or why there is none. */
export type Reply = Ask | { readonly ask: number; readonly code: AskCode; readonly reason: string };

/** @throws TypeError when a field is missing or wrong. */
export function askEvent({ type, ask, fields }: Ask): unknown[] {
  return [type.number, ask, ...type.layout.packRounded(fields)];
}

/** @throws TypeError when a field of the answer is missing or wrong. */
export function answerEvent({ type, ask, fields }: Ask): unknown[] {
  return [type.answerNumber, ask, ...type.answerLayout.packRounded(fields)];
}

export function refusalEvent(game: AnyGame, ask: number, code: AskCode, reason: string): unknown[] {
  return [refusalNumber(game), ask, ...refusalLayout.packRounded({ code: askCodes.indexOf(code), reason })];
}

/** Whether an event is one of the game's requests, or says something to one. */
export function isOfAsks(game: AnyGame, event: readonly unknown[]): boolean {
  return (event[0] as number) >= game.eventTypes.length;
}

/** What a client asks; undefined for what no client of this game asks. */
export function readAsk(game: AnyGame, event: readonly unknown[]): Ask | undefined {
  const type = game.requestTypes[(event[0] as number) - game.eventTypes.length];
  const ask = event[1];
  const fields = type?.layout.unpack(event, 2);
  return type && fields && isCount(ask) ? { type, ask, fields } : undefined;
}

/** What a room says to an ask; undefined for what no room of this game says. */
export function readReply(game: AnyGame, event: readonly unknown[]): Reply | undefined {
  const ask = event[1];
  if (!isCount(ask)) return undefined;
  if (event[0] === refusalNumber(game)) {
    const refusal = refusalLayout.unpack(event, 2) as { code: number; reason: string } | undefined;
    return refusal && { ask, code: askCodes[refusal.code] ?? 'ask-refused', reason: refusal.reason };
  }
  const type = game.requestTypes[(event[0] as number) - game.eventTypes.length - game.requestTypes.length];
  const fields = type?.answerLayout.unpack(event, 2);
  return type && fields && { type, ask, fields };
}

/** The last of all numbers, behind events, requests and answers. */
function refusalNumber(game: AnyGame): number {
  return game.eventTypes.length + 2 * game.requestTypes.length;
}

const refusalLayout = new Layout('refusal', { code: uint(255), reason: string(limits.reasonBytes) });
