// Requests: what a client asks its room and what the room answers, as a game describes it.
//
// Invariant: both halves are fields like those of an event, so both are typed, rounded and checked by one layout each. Units: none.

import type { Fields, Layout, ValuesOf } from './layout.ts';

export interface RequestDef<F extends Fields = Fields, A extends Fields = Fields> {
  /** What is asked. */
  readonly fields: F;
  /** What is answered. */
  readonly answer: A;
}

// biome-ignore lint/suspicious/noExplicitAny: each definition keeps its own field types
export type RequestDefs = Readonly<Record<string, RequestDef<any, any>>>;

/** Describes a request: `await room.ask('buy', { item: 3 })` on a client gives what the room's `onAsk('buy', ...)` returned. */
export function request<const F extends Fields, const A extends Fields>(fields: F, answer: A): RequestDef<F, A> {
  return { fields, answer };
}

/** A request with its places on the wire: the numbers of requests stand behind those of the events, and those of answers behind them. */
export interface RequestType {
  readonly name: string;
  readonly number: number;
  readonly answerNumber: number;
  readonly layout: Layout;
  readonly answerLayout: Layout;
}

/** A game, as far as its requests go. */
interface Asked {
  readonly name: string;
  readonly requests: RequestDefs;
  readonly requestTypes: readonly RequestType[];
}

export type RequestName<G extends Asked> = keyof G['requests'] & string;
export type RequestOf<G extends Asked, Name extends RequestName<G>> = ValuesOf<G['requests'][Name]['fields']>;
export type AnswerOf<G extends Asked, Name extends RequestName<G>> = ValuesOf<G['requests'][Name]['answer']>;

/** The request type of a name. @throws TypeError when the game has no such request. */
export function requestTypeOf(game: Asked, name: string): RequestType {
  const type = game.requestTypes.find((one) => one.name === name);
  if (!type) throw new TypeError(`there is no request '${name}' in the game '${game.name}'`);
  return type;
}
