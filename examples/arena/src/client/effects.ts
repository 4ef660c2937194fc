// What flies about for a moment: sparks, splashes, bursts where one died, blasts, smoke, trails of dashes and numbers of damage.
//
// Invariant: nothing here matters to the game; every effect ends by itself. Particles are Phaser's own pools; what is no particle is made for one effect,
// a few times a second. Units: arena units, milliseconds.

import type { Vec2 } from '@tickwire/shared';
import type * as Phaser from 'phaser';
import type { Eye } from './eye.ts';
import { palette } from './palette.ts';
import { type Shape, shapes } from './textures.ts';

type Emitter = Phaser.GameObjects.Particles.ParticleEmitter;

export class Effects {
  readonly #scene: Phaser.Scene;
  readonly #eye: Eye;
  readonly #trails: Emitter;
  readonly #smoke: Emitter;
  readonly #sparks: Emitter;
  readonly #splinters: Emitter;
  readonly #fire: Emitter;

  constructor(scene: Phaser.Scene, eye: Eye) {
    this.#scene = scene;
    this.#eye = eye;
    const emitter = (shape: Shape, depth: number, config: Phaser.Types.GameObjects.Particles.ParticleEmitterConfig): Emitter =>
      scene.add.particles(0, 0, shapes, { frame: shape, emitting: false, ...config }).setDepth(depth);
    this.#trails = emitter('body', 4, { speed: 0, lifespan: 240, scale: { start: 0.32, end: 0.2 }, alpha: { start: 0.34, end: 0 } });
    this.#smoke = emitter('smoke', 8, {
      speed: { min: 4, max: 26 },
      lifespan: { min: 320, max: 620 },
      scale: { start: 0.22, end: 0.62 },
      alpha: { start: 0.5, end: 0 },
    });
    this.#sparks = emitter('dot', 12, { speed: { min: 60, max: 280 }, lifespan: { min: 120, max: 300 }, scale: { start: 0.2, end: 0 } });
    this.#splinters = emitter('dot', 12, { speed: { min: 40, max: 360 }, lifespan: { min: 260, max: 720 }, scale: { start: 0.52, end: 0 } });
    this.#fire = emitter('smoke', 13, {
      speed: { min: 30, max: 300 },
      lifespan: { min: 160, max: 420 },
      scale: { start: 0.8, end: 0.1 },
      alpha: { start: 0.95, end: 0 },
    });
  }

  /** A shot has hit. */
  spark(at: Readonly<Vec2>, colour: number, count = 7): void {
    throwOff(this.#sparks, colour, at, count);
  }

  /** Somebody is dashing from here to there. */
  trail(from: Readonly<Vec2>, to: Readonly<Vec2>, colour: number): void {
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const steps = Math.ceil(Math.min(Math.hypot(dx, dy), trailMax) / trailStep);
    this.#trails.setParticleTint(colour);
    for (let step = 0; step < steps; step++) this.#trails.explode(1, to.x - (dx * step) / steps, to.y - (dy * step) / steps);
  }

  /** A rocket is flying past here. */
  smoke(x: number, y: number): void {
    this.#smoke.setParticleTint(palette.smoke);
    this.#smoke.explode(1, x, y);
  }

  /** Somebody has died here. */
  burst(at: Readonly<Vec2>, colour: number): void {
    throwOff(this.#splinters, colour, at, 30);
    throwOff(this.#sparks, 0xffffff, at, 10);
    this.#wave('ring', at, colour, { from: 34, to: 190, ms: 460 });
  }

  /** A rocket has burst here. @param radius how far it hurts. @returns what takes it back. */
  blast(at: Readonly<Vec2>, colour: number, radius: number): () => void {
    throwOff(this.#fire, palette.fire, at, 16);
    throwOff(this.#smoke, palette.smoke, at, 9);
    throwOff(this.#splinters, colour, at, 9);
    const light = this.#wave('smoke', at, palette.fire, { from: radius * 1.6, to: radius * 0.6, ms: 220 });
    const wave = this.#wave('shock', at, 0xffe2b0, { from: 40, to: 2 * radius, ms: 340 });
    this.#eye.shake(at, 7, 220);
    return () => {
      light?.setVisible(false);
      wave?.setVisible(false);
    };
  }

  /** Somebody has come into being here. */
  appear(at: Readonly<Vec2>, colour: number): void {
    this.#wave('ring', at, colour, { from: 150, to: 44, ms: 420 });
    this.#wave('shock', at, 0xffffff, { from: 30, to: 110, ms: 520 });
  }

  /** Something was picked up here, or a ball went into a goal. */
  sparkle(at: Readonly<Vec2>, colour: number, size: number): void {
    throwOff(this.#splinters, colour, at, size / 8);
    this.#wave('ring', at, colour, { from: 30, to: size, ms: 380 });
  }

  /** What the own weapon did, or what it gave. */
  number(at: Readonly<Vec2>, text: string, colour = '#ffe08a'): void {
    if (document.hidden) return;
    const { zoom, pixelRatio } = this.#eye;
    const x = at.x + (Math.random() - 0.5) * 24;
    const label = this.#scene.add
      .text(x, at.y - 54, text, { fontFamily: 'system-ui, sans-serif', fontSize: '17px', fontStyle: '800', color: colour })
      .setStroke(`#${palette.outside.toString(16)}`, 4)
      .setResolution(pixelRatio)
      .setOrigin(0.5)
      .setScale(1 / zoom)
      .setDepth(22);
    const rises = { y: at.y - 92, alpha: { from: 1, to: 0 }, duration: 750, ease: 'Cubic.easeOut' };
    this.#scene.tweens.add({ targets: label, ...rises, onComplete: () => label.destroy() });
  }

  #wave(
    shape: Shape,
    at: Readonly<Vec2>,
    colour: number,
    { from, to, ms }: { from: number; to: number; ms: number },
  ): Phaser.GameObjects.Image | undefined {
    if (document.hidden) return undefined;
    const wave = this.#scene.add.image(at.x, at.y, shapes, shape).setTint(colour).setDisplaySize(from, from).setDepth(11);
    const scale = (wave.scale * to) / from;
    this.#scene.tweens.add({ targets: wave, scale, alpha: 0, duration: ms, ease: 'Cubic.easeOut', onComplete: () => wave.destroy() });
    return wave;
  }
}

/** Particles of a page that nobody sees would wait in it for its next frame, with all that came before. */
function throwOff(emitter: Emitter, colour: number, at: Readonly<Vec2>, count: number): void {
  if (document.hidden) return;
  emitter.setParticleTint(colour);
  emitter.explode(count, at.x, at.y);
}

const trailStep = 16;
/** Farther than this nobody dashes in a frame. */
const trailMax = 90;
