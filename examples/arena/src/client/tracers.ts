// The lines of rifle shots: drawn at once, gone after a blink.
//
// Invariant: at most as many lines exist as ever burned at the same time. Units: arena units, radians, milliseconds.

import type { Vec2 } from '@tickwire/shared';
import type * as Phaser from 'phaser';
import { shapes } from './textures.ts';

interface Tracer {
  readonly image: Phaser.GameObjects.Image;
  endsAt: number;
}

export class Tracers {
  readonly #scene: Phaser.Scene;
  readonly #tracers: Tracer[] = [];

  constructor(scene: Phaser.Scene) {
    this.#scene = scene;
  }

  /** @returns what takes it back. */
  show(from: Readonly<Vec2>, to: Readonly<Vec2>, colour: number, now: number): () => void {
    const tracer = this.#tracers.find(({ endsAt }) => endsAt <= now) ?? this.#make();
    const endsAt = now + burnMs;
    tracer.endsAt = endsAt;
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    tracer.image
      .setPosition(from.x, from.y)
      .setRotation(Math.atan2(dy, dx))
      .setDisplaySize(Math.max(1, Math.hypot(dx, dy)), 7)
      .setTint(colour)
      .setAlpha(1)
      .setVisible(true);
    return () => {
      if (tracer.endsAt === endsAt) tracer.endsAt = 0;
    };
  }

  update(now: number): void {
    for (const { image, endsAt } of this.#tracers) {
      if (!image.visible) continue;
      image.setAlpha(Math.max(0, (endsAt - now) / burnMs));
      if (endsAt <= now) image.setVisible(false);
    }
  }

  #make(): Tracer {
    const tracer = { image: this.#scene.add.image(0, 0, shapes, 'tracer').setOrigin(0, 0.5).setDepth(9), endsAt: 0 };
    this.#tracers.push(tracer);
    return tracer;
  }
}

const burnMs = 130;
