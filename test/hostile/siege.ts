// A live room with one honest client that must stay exact, hostile guests beside it, and a recorder whose packets they spoil.
//
// Invariant: decided by its seed. Everything runs on the stepper's clock; the guests' links are moved with it. Units: milliseconds.

import { ClientRoom } from '@tickwire/client/core';
import { type Lane, type Link, type MemoryLinkPair, memoryLinkPair, Random } from '@tickwire/shared';
import { expect } from 'vitest';
import { type Peer, Stepper } from '../stepper.ts';
import { differences, type HostileGame, HostileRoom, hostileGame } from './hostile-game.ts';
import { HostileGuest } from './hostile-guest.ts';

export type Recording = Record<Lane, Uint8Array[]>;

/** Packets that a recording keeps in a lane: the newest. */
const recordedMax = 1000;

export class Siege {
  readonly room: HostileRoom = new HostileRoom();
  readonly stepper: Stepper<HostileGame>;
  readonly random: Random;
  readonly honest: Peer<HostileGame>;
  readonly guests: HostileGuest[] = [];
  /** What an honest client sent, and what it was sent. */
  readonly up: Recording = { unreliable: [], reliable: [] };
  readonly down: Recording = { unreliable: [], reliable: [] };
  readonly #recorder: { readonly room: ClientRoom<HostileGame>; readonly pair: MemoryLinkPair } | undefined;
  readonly #told: number[] = [];
  #said = 0;
  #corrections = 0;
  #missed = 0;
  #recorderFrameAt = 0;

  constructor(seed: number, options: { records?: boolean } = {}) {
    this.random = new Random(seed);
    this.stepper = new Stepper<HostileGame>({ game: hostileGame, room: this.room, seed, profile: { delayMs: 20 } });
    this.honest = this.stepper.join();
    const { random } = this.honest;
    this.honest.room.onInput(() => ({
      move: { x: random.range(-1, 1), y: random.range(-1, 1) },
      level: random.int(11),
      mode: 'b',
      fire: random.chance(0.2),
    }));
    this.honest.room.on('told', ({ number }) => this.#told.push(number));
    if (options.records) this.#recorder = this.#record();
    this.run(2500);
    this.#corrections = this.honest.room.predictor?.corrections ?? -1;
    this.#missed = this.#missedInputs();
  }

  /** A guest with an open link, which has said hello unless told not to. */
  guest(saysHello = true): HostileGuest {
    const guest = new HostileGuest(this.stepper.core, this.stepper.now);
    this.guests.push(guest);
    guest.advance(this.stepper.now);
    if (saysHello) guest.hello();
    return guest;
  }

  /** What the server knows of a guest. */
  member(guest: HostileGuest): NonNullable<ReturnType<Stepper<HostileGame>['core']['members']['get']>> | undefined {
    return this.stepper.core.members.get(guest.sessionId);
  }

  /** Lets time pass; `each` runs every 2 ms. */
  run(ms: number, each: () => void = () => {}): void {
    for (const until = this.stepper.now + ms; this.stepper.now < until; ) {
      this.stepper.run(2, (peer) => {
        if (peer.random.chance(0.05) && !this.room.world.state.isCalm) peer.room.emit('chat', { text: `${++this.#said}` });
      });
      this.#advanceRecorder();
      for (const guest of this.guests) guest.advance(this.stepper.now);
      each();
    }
  }

  /** The honest client saw nothing of it: nothing wrong, nothing corrected, and in the end exactly the server's world. */
  expectHonest(): void {
    const { honest, stepper, room } = this;
    expect(stepper.errors).toEqual([]);
    expect(honest.room.ended).toBeUndefined();
    expect(honest.room.predictor?.corrections).toBe(this.#corrections);
    room.world.state.isCalm = true;
    honest.room.onInput(() => ({}));
    this.run(1500);
    expect(stepper.errors).toEqual([]);
    expect(differences(stepper, honest)).toEqual([]);
    const { resyncs, packetsWrong } = honest.room.stats;
    expect({ resyncs, packetsWrong, missed: this.#missedInputs() - this.#missed }).toEqual({ resyncs: 0, packetsWrong: 0, missed: 0 });
    expect(this.#told).toEqual(Array.from({ length: room.told }, (_, index) => index + 1));
    const mine = room.chats.filter((line) => line.startsWith(`${honest.room.sessionId}: `)).map((line) => Number(line.split(': ')[1]));
    expect(mine).toEqual(Array.from({ length: this.#said }, (_, index) => index + 1));
    expect(stepper.core.isClosed).toBe(false);
  }

  /** Ticks for which the server had no input of the honest client. */
  #missedInputs(): number {
    return this.stepper.core.members.get(this.honest.room.sessionId)?.inputs.missed ?? -1;
  }

  #record(): { room: ClientRoom<HostileGame>; pair: MemoryLinkPair } {
    const { core, now } = this.stepper;
    core.reserve('recorder', 'token', true, {}, now);
    const pair = memoryLinkPair({ seed: 1, now0: now });
    core.accept('recorder', recorded(pair.a, this.down));
    const room = new ClientRoom(hostileGame, { roomId: 'room', sessionId: 'recorder', token: 'token' }, now);
    void room.accept(recorded(pair.b, this.up));
    const { random } = this;
    let said = 0;
    room.onInput(() => {
      if (random.chance(0.2)) room.emit('rename', { name: `name ${++said}`, rank: said % 6 });
      if (random.chance(0.1)) room.emit('chat', { text: 'x'.repeat(random.int(40)) });
      return { move: { x: random.range(-1, 1), y: 0 }, level: random.int(11), mode: 'c', fire: random.chance(0.3) };
    });
    return { room, pair };
  }

  #advanceRecorder(): void {
    if (!this.#recorder) return;
    const { now } = this.stepper;
    this.#recorder.pair.advance(now);
    if (now < this.#recorderFrameAt) return;
    this.#recorderFrameAt = now + 16;
    this.#recorder.room.frame(now);
  }
}

function recorded(link: Link, to: Recording): Link {
  return {
    kind: link.kind,
    listen: (handler) => link.listen(handler),
    send(lane, bytes, now) {
      to[lane].push(bytes.slice());
      if (to[lane].length > recordedMax) to[lane].shift();
      return link.send(lane, bytes, now);
    },
    backlog: (lane) => link.backlog(lane),
    maxBytes: (lane) => link.maxBytes(lane),
    close: (code, now) => link.close(code, now),
  };
}
