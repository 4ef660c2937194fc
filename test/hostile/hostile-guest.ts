// A client that sends what it likes: a bare end of a memory link with a seat in the room, and the messages of the protocol to spoil.
//
// Invariant: it never throws, and does nothing by itself but to take what comes. Units: milliseconds of the stepper's clock.

import type { RoomCore } from '@tickwire/server/core';
import { type CloseCode, type Lane, limits, type MemoryLinkPair, memoryLinkPair } from '@tickwire/shared';
import {
  BitWriter,
  emptyInputHead,
  helloMessage,
  type InputHead,
  messageKind,
  packPlain,
  type Sequence,
  unpackPlain,
  writeFrame,
  writeInputHead,
  writeViewLag,
} from '@tickwire/shared/internal';
import { type HostileGame, hostileGame } from './hostile-game.ts';

let guests = 0;

export class HostileGuest {
  readonly sessionId: string;
  readonly pair: MemoryLinkPair;
  readonly heard: { readonly lane: Lane; readonly bytes: Uint8Array }[] = [];
  isOpen = false;
  closed: CloseCode | undefined;
  #packets = 0;
  #messages = 0;
  #now: number;

  constructor(core: RoomCore<HostileGame>, now: number) {
    this.sessionId = `hostile-${++guests}`;
    this.#now = now;
    if (!core.reserve(this.sessionId, 'token', true, {}, now)) throw new Error('no seat');
    this.pair = memoryLinkPair({ seed: guests, now0: now });
    core.accept(this.sessionId, this.pair.a);
    this.pair.b.listen({
      opened: () => {
        this.isOpen = true;
      },
      received: (lane, bytes) => {
        if (this.heard.length < 2000) this.heard.push({ lane, bytes: bytes.slice() });
      },
      closed: (code) => {
        this.closed = code;
      },
    });
    this.advance(now);
  }

  /** Lets messages through that are due. */
  advance(now: number): void {
    this.#now = now;
    this.pair.advance(now);
  }

  send(lane: Lane, bytes: Uint8Array): boolean {
    return this.pair.b.send(lane, bytes, this.#now);
  }

  hello(changes: { token?: string; protocol?: number } = {}): void {
    const message = this.helloElements(changes.token);
    if (changes.protocol !== undefined) message[1] = changes.protocol;
    this.send('reliable', packPlain(message));
    this.advance(this.#now);
  }

  /** The hello of its seat, to spoil. */
  helloElements(token = 'token'): unknown[] {
    return helloMessage({ sessionId: this.sessionId, token, instance: 1, reliableReceived: 0 });
  }

  /** Sends events, numbered as they should be. */
  events(...events: unknown[][]): void {
    this.send('reliable', packPlain([messageKind.events, ++this.#messages, 0, 0, ...events]));
  }

  /** An input packet; `write` puts in what follows its head (default: nothing). */
  packet(head: Partial<InputHead> = {}, write: (out: BitWriter) => void = () => {}): Uint8Array {
    const out = new BitWriter(limits.packetBytes);
    writeInputHead(out, { ...emptyInputHead(), sequence: (this.#packets++ & 0xffff) as Sequence, ...head });
    write(out);
    const bytes = new Uint8Array(limits.packetBytes + 8);
    return bytes.slice(0, writeFrame(bytes, messageKind.input, out.finish()));
  }

  /** An input packet with one honest input. */
  input(tick: number, sample: { x?: number; fire?: number } = {}, head: Partial<InputHead> = {}): Uint8Array {
    return this.packet({ ...head, count: 1, newestTick: tick }, (out) => {
      const row = new Int32Array(hostileGame.inputLayout.words);
      hostileGame.inputLayout.store({ move: { x: sample.x ?? 0, y: 0 }, level: 0, mode: 'a', fire: sample.fire ?? 0 }, row, 0);
      writeViewLag(out, 0, undefined);
      hostileGame.inputLayout.write(out, row, 0, 'wire', true);
    });
  }

  /** Snapshot packets that came. */
  get snapshots(): number {
    return this.heard.filter(({ lane }) => lane === 'unreliable').length;
  }

  /** Kinds of the reliable messages that came. */
  get kinds(): unknown[] {
    return this.heard.filter(({ lane }) => lane === 'reliable').map(({ bytes }) => unpackPlain(bytes)?.[0]);
  }
}
