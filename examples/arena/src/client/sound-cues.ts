// When the arena makes which sound: what changes from one frame to the next. Events make theirs where they are told (happenings.ts).
//
// Invariant: each change is heard once; what was so when the page came is no change. Units: ticks of 1/60 s.

import type { View } from '@tickwire/client';
import type { game } from '../game.ts';
import type { Sounds } from './sounds.ts';

export class SoundCues {
  readonly #sounds: Sounds;
  /** By the view's own objects: a rocket that was made ahead of the server gets another id in flight. */
  readonly #rockets = new WeakSet<object>();
  readonly #dashing = new WeakSet<object>();
  #weapon: string | undefined;
  #phase: string | undefined;
  #secondsLeft = 0;

  constructor(sounds: Sounds) {
    this.#sounds = sounds;
  }

  update(view: View<typeof game>): void {
    const isFirst = this.#phase === undefined;
    const me = view.mine('player');
    if (me) {
      this.#sounds.ears.x = me.pos.x;
      this.#sounds.ears.y = me.pos.y;
      if (this.#weapon !== undefined && this.#weapon !== me.weapon) this.#sounds.play('swap');
      this.#weapon = me.weapon;
    }
    for (const rocket of view.all('rocket')) {
      if (this.#rockets.has(rocket)) continue;
      this.#rockets.add(rocket);
      if (!isFirst) this.#sounds.play('rocket', rocket.pos);
    }
    for (const player of view.all('player')) {
      const isDashing = player.dash > 0;
      if (isDashing === this.#dashing.has(player)) continue;
      if (isDashing) this.#dashing.add(player);
      else this.#dashing.delete(player);
      if (isDashing) this.#sounds.play('dash', player.pos);
    }
    this.#match(view, isFirst);
  }

  #match(view: View<typeof game>, isFirst: boolean): void {
    const { phase, endsAt } = view.state;
    if (!isFirst && phase !== this.#phase) this.#sounds.play(phase === 'play' ? 'begin' : 'end');
    this.#phase = phase;
    const secondsLeft = Math.ceil((endsAt - view.tick) / 60);
    if (secondsLeft !== this.#secondsLeft && secondsLeft > 0 && secondsLeft <= countedSeconds) this.#sounds.play('tick');
    this.#secondsLeft = secondsLeft;
  }
}

const countedSeconds = 5;
