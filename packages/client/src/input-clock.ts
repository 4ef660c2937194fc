// Makes the inputs that are due and steps the prediction to the present: once for each tick that the input clock has reached, before the frame is drawn.
//
// Invariant: no tick is sampled twice; after a stall the ticks that nobody saw are left out. Units: ticks.

import type { AnyGame, InputSample } from '@tickwire/shared';
import type { InputLog } from './input-log.ts';
import type { Predictor } from './predictor.ts';
import type { Timeline } from './timeline.ts';

/** Time whose inputs are made in one frame at most, for 5 frames a second: after a stall the rest of the time is left out. */
const inputsPerFrameMs = 200;

export class InputClock<G extends AnyGame> {
  /** Where inputs come from; without it this client is a spectator. */
  sampler: (() => InputSample<G>) | undefined;
  readonly #inputs: InputLog<G>;
  readonly #timeline: Timeline;
  readonly #inputsPerFrame: number;
  /** Tick of the next input to be made. */
  #next = 0;

  constructor(inputs: InputLog<G>, timeline: Timeline, tickHz: number) {
    this.#inputs = inputs;
    this.#timeline = timeline;
    this.#inputsPerFrame = Math.ceil((tickHz * inputsPerFrameMs) / 1000);
  }

  /** The clock may have gone back. */
  clear(): void {
    this.#next = 0;
  }

  /** @param viewTick what is on the screen: the player acts on that. */
  frame(predictor: Predictor<G>, viewTick: number): void {
    const due = Math.floor(this.#timeline.inputTick);
    const present = Math.floor(this.#timeline.presentTick);
    const { sampler } = this;
    // Without one there is nothing to sample, but what everyone predicts goes on.
    if (sampler) {
      // After a stall, and at the start: the ticks up to this one get no input of their own.
      if (due - this.#inputs.newestTick > this.#inputsPerFrame || this.#inputs.newestTick < 0) this.#next = Math.max(this.#next, due);
      for (; this.#next <= due; this.#next++) this.#inputs.add(this.#next, sampler(), viewTick);
    }
    predictor.advance(present);
  }
}
