// What flies about for a moment: sparks on walls, splashes from players, bursts where one died, numbers of damage.
//
// Invariant: nothing here matters to the game; every effect ends by itself.
// Units: arena units, milliseconds.

import type { Vec2 } from '@tickwire/shared';
import type * as Phaser from 'phaser';
import { palette } from './palette.ts';
import { textureNames } from './textures.ts';

export class Effects {
  readonly #scene: Phaser.Scene;
  readonly #sparks: Phaser.GameObjects.Particles.ParticleEmitter;
  readonly #bursts: Phaser.GameObjects.Particles.ParticleEmitter;

  constructor(scene: Phaser.Scene) {
    this.#scene = scene;
    this.#sparks = scene.add
      .particles(0, 0, textureNames.dot, {
        speed: { min: 60, max: 260 },
        lifespan: { min: 120, max: 300 },
        scale: { start: 0.2, end: 0 },
        emitting: false,
      })
      .setDepth(12);
    this.#bursts = scene.add
      .particles(0, 0, textureNames.dot, {
        speed: { min: 40, max: 340 },
        lifespan: { min: 260, max: 700 },
        scale: { start: 0.5, end: 0 },
        emitting: false,
      })
      .setDepth(12);
  }

  spark(at: Readonly<Vec2>, colour: number, count: number): void {
    this.#sparks.setParticleTint(colour);
    this.#sparks.explode(count, at.x, at.y);
  }

  burst(at: Readonly<Vec2>, colour: number): void {
    this.#bursts.setParticleTint(colour);
    this.#bursts.explode(26, at.x, at.y);
    const ring = this.#scene.add.image(at.x, at.y, textureNames.ring).setTint(colour).setDisplaySize(30, 30).setDepth(11);
    const scale = ring.scale * 5;
    this.#scene.tweens.add({ targets: ring, scale, alpha: 0, duration: 420, ease: 'Cubic.easeOut', onComplete: () => ring.destroy() });
  }

  /** The damage that the own bullet did. */
  number(at: Readonly<Vec2>, text: string, zoom: number, pixelRatio: number): void {
    const label = this.#scene.add
      .text(at.x, at.y - 58, text, { fontFamily: 'system-ui, sans-serif', fontSize: '15px', fontStyle: '800', color: '#ffe08a' })
      .setStroke(`#${palette.outside.toString(16)}`, 4)
      .setResolution(pixelRatio)
      .setOrigin(0.5)
      .setScale(1 / zoom)
      .setDepth(21);
    this.#scene.tweens.add({
      targets: label,
      y: at.y - 92,
      alpha: { from: 1, to: 0 },
      duration: 650,
      ease: 'Cubic.easeOut',
      onComplete: () => label.destroy(),
    });
  }
}
