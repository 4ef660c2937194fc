// The requests that clients make of a room: its handlers, and the answers on their way back.
//
// Invariant: each request that can be read is answered or refused once, through the client's outbox, unless its client has left; at most
// `limits.asksOpen` of a client wait for a handler that takes its time. A handler that throws anything but Refused is a fault of the room, at once or later.
// Units: ticks.

import { type AnyGame, type AskCode, limits } from '@tickwire/shared';
import { type Ask, answerEvent, type Outbox, readAsk, refusalEvent, requestTypeOf } from '@tickwire/shared/internal';
import type { Client } from './client.ts';

/** Thrown by a handler of `onAsk`: the client's `ask` is rejected with `ask-refused` and this reason (200 bytes at most), and nothing else happens. */
export class Refused extends Error {
  /** @param reason for the player to read. */
  constructor(reason: string) {
    super(reason);
    this.name = 'Refused';
  }
}

/** Whom an answer goes to. */
interface Asker<G extends AnyGame> {
  readonly isHere: boolean;
  readonly client: Client<G>;
  readonly session: { readonly outbox: Outbox };
}

type Handler<G extends AnyGame> = (client: Client<G>, fields: never) => object | Promise<object>;

export class Asks<G extends AnyGame> {
  readonly #game: G;
  readonly #tick: () => number;
  readonly #failed: (error: unknown, where: string) => void;
  readonly #handlers = new Map<number, Handler<G>>();
  /** The asks of each client whose handlers take their time. */
  readonly #open = new WeakMap<Asker<G>, Set<number>>();

  /** @param failed a handler threw something that is no refusal. */
  constructor(game: G, tick: () => number, failed: (error: unknown, where: string) => void) {
    this.#game = game;
    this.#tick = tick;
    this.#failed = failed;
  }

  /** @throws TypeError when the game has no such request. */
  handle(name: string, handler: Handler<G>): void {
    this.#handlers.set(requestTypeOf(this.#game, name).number, handler);
  }

  /** A request came. @returns false when it is none of the game's. */
  receive(from: Asker<G>, event: readonly unknown[]): boolean {
    const ask = readAsk(this.#game, event);
    const open = this.#openOf(from);
    if (!ask || open.has(ask.ask)) return false;
    const handler = this.#handlers.get(ask.type.number);
    if (!handler) this.#refuse(from, ask, 'ask-unhandled', ask.type.name);
    else if (open.size >= limits.asksOpen) this.#refuse(from, ask, 'asks-open', ask.type.name);
    else this.#run(from, ask, handler, open);
    return true;
  }

  #run(from: Asker<G>, ask: Ask, handler: Handler<G>, open: Set<number>): void {
    try {
      const answer = handler(from.client, ask.fields as never);
      if (!(answer instanceof Promise)) {
        this.#answer(from, ask, answer);
        return;
      }
      open.add(ask.ask);
      answer
        .finally(() => open.delete(ask.ask))
        .then((late) => this.#answer(from, ask, late))
        .catch((error: unknown) => this.#threw(from, ask, error));
    } catch (error) {
      this.#threw(from, ask, error);
    }
  }

  #answer(to: Asker<G>, { type, ask }: Ask, fields: object): void {
    // Packed before it is asked who is here: a wrong answer is a fault of the room whoever hears of it.
    this.#say(to, answerEvent({ type, ask, fields }));
  }

  #threw(to: Asker<G>, ask: Ask, error: unknown): void {
    if (error instanceof Refused) this.#refuse(to, ask, 'ask-refused', error.message);
    else this.#failed(error, `onAsk('${ask.type.name}')`);
  }

  #refuse(to: Asker<G>, { ask }: Ask, code: AskCode, reason: string): void {
    this.#say(to, refusalEvent(this.#game, ask, code, reason));
  }

  #say(to: Asker<G>, event: unknown[]): void {
    if (to.isHere) to.session.outbox.add(event, this.#tick());
  }

  #openOf(from: Asker<G>): Set<number> {
    let open = this.#open.get(from);
    if (!open) {
      open = new Set();
      this.#open.set(from, open);
    }
    return open;
  }
}
