// The links of one member: those that have not said hello, and what a hello makes of one: the first link, a second beside it, the way back of a lost client,
// or another page that takes the session over.
//
// Invariant: a link counts once its hello was accepted; a wrong hello costs its link, never the member. At most `limits.linksWaiting` links wait, each for
// `limits.handshakeMs`; whatever a peer opens, the oldest goes. Units: milliseconds of the room's clock.

import { type CloseCode, type Lane, type Link, limits } from '@tickwire/shared';
import { type Hello, packPlain, parseHello, type Session, unpackPlain, type Welcome, welcomeMessage } from '@tickwire/shared/internal';

/** What a link that was welcomed is to the session. `new page`: it is not the object that said hello before. */
export type Arrival = 'first' | 'beside' | 'back' | 'new page';

/** Whose links these are. */
export interface LinkOwner {
  readonly session: Session;
  /** What the room says in a welcome. */
  greeting(): Pick<Welcome, 'tick' | 'seed' | 'reconnectSeconds' | 'lives'>;
  /** A secret for the next hello; undefined where tokens stay as they are. */
  readonly newToken: (() => string) | undefined;
  welcomed(arrival: Arrival, now: number): void;
  received(link: Link, lane: Lane, bytes: Uint8Array, now: number): void;
  /** The last link of the session is gone. */
  lost(code: CloseCode, now: number): void;
  /** Its client and this session cannot agree. */
  stale(now: number): void;
  /** The hello was none, or not one of this session. */
  refused(): void;
}

interface WaitingLink {
  readonly link: Link;
  readonly since: number;
}

export class MemberLinks {
  readonly #owner: LinkOwner;
  readonly #waiting: WaitingLink[] = [];

  constructor(owner: LinkOwner) {
    this.#owner = owner;
  }

  /** Takes a link that the transport opened for this seat. */
  accept(link: Link, now: number): void {
    const { session } = this.#owner;
    let isWelcomed = false;
    let early = 0;
    if (this.#waiting.length === limits.linksWaiting) this.#waiting.shift()?.link.close('link-replaced', now);
    this.#waiting.push({ link, since: now });
    link.listen({
      opened: () => {},
      received: (lane, bytes, at) => {
        if (isWelcomed) {
          if (session.has(link)) this.#owner.received(link, lane, bytes, at);
        } else if (!this.#isWaiting(link)) return;
        else if (++early > limits.beforeHello) link.close('flood', at);
        else if (lane === 'reliable') isWelcomed = this.#greet(link, bytes, at);
      },
      closed: (code, at) => {
        this.#forget(link);
        if (isWelcomed && session.has(link) && !session.detach(link)) this.#owner.lost(code, at);
      },
    });
  }

  /** Closes the links that were given their time. */
  expire(now: number): void {
    while (this.#waiting.length > 0 && now - (this.#waiting[0] as WaitingLink).since > limits.handshakeMs)
      this.#waiting.shift()?.link.close('never-opened', now);
  }

  /** Closes all links that have not said hello: nobody comes on them any more. */
  abandon(code: CloseCode, now: number): void {
    for (const { link } of this.#waiting.splice(0)) link.close(code, now);
  }

  /** @returns whether the link was welcomed. */
  #greet(link: Link, bytes: Uint8Array, now: number): boolean {
    const { session } = this.#owner;
    const message = unpackPlain(bytes);
    const hello = message && parseHello(message);
    this.#forget(link);
    if (!hello || hello.sessionId !== session.sessionId || !session.accepts(hello.token)) {
      this.#owner.refused();
      link.close('protocol-error', now);
      return false;
    }
    if (session.wasReplaced(hello.instance)) {
      // It does not know yet, or its hello was overtaken by that of the page after it: it cannot take the session back.
      link.close('taken-over', now);
      return false;
    }
    const isSame = hello.instance === session.instance;
    if (isSame && hello.reliableReceived > session.outbox.last) {
      link.close('session-stale', now);
      this.#owner.stale(now);
      return false;
    }
    this.#welcome(link, hello, now);
    return true;
  }

  #welcome(link: Link, hello: Hello, now: number): void {
    const { session, newToken } = this.#owner;
    const isFirst = session.instance === 0;
    const isSame = hello.instance === session.instance;
    const token = session.tokens.give(hello.token, newToken);
    if (isSame) {
      session.outbox.acknowledge(hello.reliableReceived);
    } else {
      session.close('taken-over', now);
      session.meet(hello.instance);
    }
    const isBeside = session.active !== undefined;
    session.attach(link, token);
    session.heardAt = now;
    const { epoch, reliableReceived, outbox } = session;
    const welcome = { epoch, reliableReceived, token, reliableFrom: outbox.acknowledged, ...this.#owner.greeting() };
    link.send('reliable', packPlain(welcomeMessage(welcome)), now);
    this.#owner.welcomed(isFirst ? 'first' : !isSame ? 'new page' : isBeside ? 'beside' : 'back', now);
  }

  #isWaiting(link: Link): boolean {
    return this.#waiting.some((waiting) => waiting.link === link);
  }

  #forget(link: Link): void {
    const index = this.#waiting.findIndex((waiting) => waiting.link === link);
    if (index >= 0) this.#waiting.splice(index, 1);
  }
}
