// A link handler that writes down every call, and waits for things to happen.
//
// Units: milliseconds of `now`.

import type { CloseCode, Lane, Link, LinkHandler } from '@tickwire/shared';

export interface Message {
  readonly lane: Lane;
  readonly bytes: Uint8Array;
  readonly atMs: number;
}

export class Recorder implements LinkHandler {
  readonly link: Link;
  readonly seat: string;
  readonly calls: string[] = [];
  readonly messages: Message[] = [];
  /** What to do with a message once it is written down. */
  react: (message: Message) => void = () => {};

  constructor(link: Link, seat = '') {
    this.link = link;
    this.seat = seat;
    link.listen(this);
  }

  opened(): void {
    this.calls.push('opened');
  }

  received(lane: Lane, bytes: Uint8Array, atMs: number): void {
    const message = { lane, bytes: Uint8Array.from(bytes), atMs };
    if (this.calls.at(-1) !== 'received') this.calls.push('received');
    this.messages.push(message);
    this.react(message);
  }

  closed(code: CloseCode): void {
    this.calls.push(`closed ${code}`);
  }

  get isOpen(): boolean {
    return this.calls.includes('opened');
  }

  get closedWith(): string | undefined {
    return this.calls.find((call) => call.startsWith('closed '))?.slice('closed '.length);
  }

  on(lane: Lane): Uint8Array[] {
    return this.messages.filter((message) => message.lane === lane).map((message) => message.bytes);
  }
}

export function now(): number {
  return performance.now();
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until it holds; throws, naming what was waited for, when it does not within the patience. */
export async function until(what: string, holds: () => boolean, patienceMs = 10_000): Promise<void> {
  for (const endMs = now() + patienceMs; !holds(); await pause(5)) {
    if (now() > endMs) throw new Error(`Waited ${patienceMs} ms in vain: ${what}`);
  }
}

/** A message that carries a number. Its first byte is one that msgpack uses. */
export function numbered(number: number, length = 3): Uint8Array {
  const bytes = new Uint8Array(length).fill(0xaa);
  bytes.set([0x92, number >> 8, number & 0xff]);
  return bytes;
}

export function numberOf(bytes: Uint8Array): number {
  return ((bytes[1] ?? Number.NaN) << 8) | (bytes[2] ?? Number.NaN);
}
