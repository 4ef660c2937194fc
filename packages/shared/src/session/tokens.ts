// The reconnection tokens of one session: a new one in each welcome, and no reply that is lost locks anybody out.
//
// Invariant: at most two are valid, the last one that the peer has shown to have and one that was given since. Giving another before that one was shown gives
// the same again. Where nothing makes new ones, the first stays. Units: none; a token is compared in a time that tells nothing of it.

import { isSameSecret } from './secret.ts';

export class Tokens {
  /** The newest that the peer has shown to have: the first one is that of its seat. */
  #shown: string;
  /** Given since, and not shown yet. */
  #given: string | undefined;

  constructor(token: string) {
    this.#shown = token;
  }

  accepts(token: string): boolean {
    return isSameSecret(this.#shown, token) || (this.#given !== undefined && isSameSecret(this.#given, token));
  }

  /** A hello came with `token`, which is valid. @param make a new one that nobody can guess. @returns the one for the welcome. */
  give(token: string, make: (() => string) | undefined): string {
    this.shown(token);
    this.#given ??= make?.();
    return this.newest;
  }

  /** The peer has this token: the one before it is over. */
  shown(token: string): void {
    if (this.#given === undefined || !isSameSecret(this.#given, token)) return;
    this.#shown = this.#given;
    this.#given = undefined;
  }

  /** Of the one who is given them: this one counts from now on. */
  take(token: string): void {
    this.#shown = token;
    this.#given = undefined;
  }

  get newest(): string {
    return this.#given ?? this.#shown;
  }

  save(): string[] {
    return this.#given === undefined ? [this.#shown] : [this.#shown, this.#given];
  }

  restore(saved: readonly string[]): void {
    this.#shown = saved[0] as string;
    this.#given = saved[1];
  }
}
