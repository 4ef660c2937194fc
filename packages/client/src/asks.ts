// What this client has asked its room and not been told yet.
//
// Invariant: each ask ends once: with its answer, a refusal, its time or the stay, whichever is first; what comes for it later changes nothing. At most
// `limits.asksOpen` are open. Units: milliseconds of the caller's clock.

import { type AnyGame, type CloseCode, limits, TickwireError } from '@tickwire/shared';
import { type Ask, askEvent, type RequestType, readReply, requestTypeOf } from '@tickwire/shared/internal';

interface Open {
  readonly type: RequestType;
  readonly until: number;
  resolve(answer: object): void;
  reject(error: TickwireError): void;
}

export class Asks {
  /** The newest epoch of the session that is known here. */
  epoch = 0;
  readonly #game: AnyGame;
  readonly #open = new Map<number, Open>();
  #count = 0;
  #ended: CloseCode | undefined;

  constructor(game: AnyGame) {
    this.#game = game;
  }

  /**
   * Asks: gives the event to `send`. @returns the answer. @throws (in the promise) TickwireError when there is none; TypeError when a field is missing or wrong,
   * or there is no such request.
   */
  async ask(name: string, fields: object, timeoutMs: number, now: number, send: (event: unknown[]) => void): Promise<object> {
    if (this.#ended) throw new TickwireError(this.#ended);
    if (!(timeoutMs > 0)) throw new RangeError(`ask('${name}'): timeoutMs ${timeoutMs} must be above 0`);
    const type = requestTypeOf(this.#game, name);
    const ask: Ask = { type, ask: this.epoch * asksPerEpoch + (this.#count % asksPerEpoch), fields };
    const event = askEvent(ask);
    if (this.#open.size >= limits.asksOpen) throw new TickwireError('asks-open', `${name}; at most ${limits.asksOpen}`);
    this.#count++;
    send(event);
    return new Promise((resolve, reject) => this.#open.set(ask.ask, { type, until: now + timeoutMs, resolve, reject }));
  }

  /** What the room says to an ask. @returns false when no room says so. */
  receive(event: readonly unknown[]): boolean {
    const reply = readReply(this.#game, event);
    if (!reply) return false;
    const open = this.#open.get(reply.ask);
    if (!open) return true;
    if ('type' in reply && reply.type !== open.type) return false;
    this.#open.delete(reply.ask);
    if ('type' in reply) open.resolve(reply.fields);
    else open.reject(new TickwireError(reply.code, reply.reason));
    return true;
  }

  /** Gives up what has waited for long enough. */
  advance(now: number): void {
    for (const [ask, { type, until, reject }] of this.#open) {
      if (now < until) continue;
      this.#open.delete(ask);
      reject(new TickwireError('ask-timeout', type.name));
    }
  }

  /** The stay is over. */
  end(code: CloseCode): void {
    this.#ended = code;
    for (const { reject } of this.#open.values()) reject(new TickwireError(code));
    this.#open.clear();
  }
}

/** A page that was loaded anew goes on with the session in a later epoch: its asks have other numbers than those of the page before, which may be answered yet. */
const asksPerEpoch = 2 ** 16;
