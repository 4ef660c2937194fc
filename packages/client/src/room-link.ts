// A link as its room has it: straight to the transport's, or by way of what a tool puts between them (a simulated network, a meter).
//
// Invariant: what is between may change at any time, and the room's handler stays. Units: bytes; milliseconds of the caller's clock.

import type { CloseCode, Lane, Link, LinkHandler, LinkKind, LinkPath } from '@tickwire/shared';

/** Makes of a link one that passes on what goes both ways, in its own manner. It is asked anew each time, and what it made before is not used again. */
export type Between = (link: Link) => Link;

export class RoomLink implements Link {
  readonly kind: LinkKind;
  readonly #link: Link;
  #way: Link;
  #handler: LinkHandler | undefined;

  constructor(link: Link, between: Between | undefined) {
    this.kind = link.kind;
    this.#link = link;
    this.#way = between?.(link) ?? link;
  }

  /** What is sent and what comes goes this way from now on; straight without one. */
  interpose(between: Between | undefined): void {
    this.#way = between?.(this.#link) ?? this.#link;
    if (this.#handler) this.#way.listen(this.#handler);
  }

  listen(handler: LinkHandler): void {
    this.#handler = handler;
    this.#way.listen(handler);
  }

  send(lane: Lane, bytes: Uint8Array, now: number): boolean {
    return this.#way.send(lane, bytes, now);
  }

  backlog(lane: Lane): number {
    return this.#way.backlog(lane);
  }

  path(now: number): LinkPath | undefined {
    return this.#way.path?.(now);
  }

  maxBytes(lane: Lane): number {
    return this.#way.maxBytes(lane);
  }

  close(code: CloseCode, now: number): void {
    this.#way.close(code, now);
  }
}
