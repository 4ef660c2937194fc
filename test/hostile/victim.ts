// A client whose server is the test: what it is told, what it does with it, and that it stays within its bounds.
//
// Invariant: it does nothing by itself; time passes by `frame`. Units: milliseconds of its own clock, but for how long a frame took.

import { ClientRoom } from '@tickwire/client/core';
import { type CloseCode, type Lane, limits, type MemoryLinkPair, memoryLinkPair } from '@tickwire/shared';
import { type HostileGame, hostileGame } from './hostile-game.ts';

/** What a frame may take; an honest one takes well under a millisecond. */
const frameMsMax = 400;

/** Of what is drawn: id, type, mine, extrapolated and the fields. */
const fieldCounts = { walker: 8, ball: 6, mob: 8 } as const;

export class Victim {
  readonly room: ClientRoom<HostileGame>;
  readonly pair: MemoryLinkPair;
  readonly thrown: unknown[] = [];
  left: CloseCode | undefined;
  now = 1000;
  drawn = 0;
  longestFrameMs = 0;

  constructor(welcome: Uint8Array) {
    this.pair = memoryLinkPair({ seed: 1, now0: this.now, thrown: (error) => this.thrown.push(error) });
    this.pair.a.listen({ opened: () => {}, received: () => {}, closed: () => {} });
    this.room = new ClientRoom(hostileGame, { roomId: 'room', sessionId: 'recorder', token: 'token' }, this.now);
    this.room.accept(this.pair.b).catch(() => {});
    this.room.onLeave((code) => {
      this.left = code;
    });
    this.room.onInput(() => ({ move: { x: 1, y: 0 }, fire: true }));
    for (const name of ['chat', 'rename', 'told', 'spark'] as const) this.room.on(name, (fields) => void JSON.stringify(fields));
    // A page that looks at everything.
    this.room.onRender((view) => {
      for (const type of ['walker', 'ball', 'mob'] as const) {
        for (const one of view.all(type)) {
          this.drawn += JSON.stringify(one).length;
          if (one.type !== type || Object.keys(one).length !== fieldCounts[type] || typeof one.pos.x !== 'number')
            this.thrown.push(`a false ${type}`);
        }
      }
      JSON.stringify(view.state);
    });
    this.pair.advance(this.now);
    this.say('reliable', welcome);
  }

  say(lane: Lane, bytes: Uint8Array): void {
    this.pair.a.send(lane, bytes, this.now);
  }

  /** Time passes, with a frame at its end. */
  frame(ms: number): void {
    this.now += ms;
    const startedAt = performance.now();
    this.pair.advance(this.now);
    this.room.frame(this.now);
    this.longestFrameMs = Math.max(this.longestFrameMs, performance.now() - startedAt);
  }

  /** Whatever it has outgrown. */
  get faults(): string[] {
    const { received, predictor } = this.room;
    const faults = this.thrown.map(String);
    if (this.longestFrameMs > frameMsMax) faults.push(`a frame took ${Math.round(this.longestFrameMs)} ms`);
    if (received.entities.length > limits.worldSlots) faults.push(`${received.entities.length} slots`);
    if (received.departed.length > limits.worldSlots) faults.push(`${received.departed.length} departed`);
    if ((predictor?.world.slotCount ?? 0) > limits.worldSlots) faults.push(`${predictor?.world.slotCount} predicted slots`);
    for (const one of received.entities) if (one && one.count > limits.clientStates) faults.push(`${one.count} states of ${one.id}`);
    return faults;
  }
}
