// A rocket on the screen, which leaves smoke where it has been.
//
// Invariant: one that has burst is not seen: its blast is. Units: arena units, milliseconds.

import type { ViewEntity } from '@tickwire/client';
import * as Phaser from 'phaser';
import { balance } from '../balance.ts';
import type { game } from '../game.ts';
import type { Effects } from './effects.ts';
import { colourOf } from './palette.ts';
import { shapes } from './textures.ts';

export class RocketFigure extends Phaser.GameObjects.Image {
  #smokedAt = 0;

  constructor(scene: Phaser.Scene) {
    super(scene, 0, 0, shapes, 'rocket');
    this.setDisplaySize(46, 23).setDepth(10);
    scene.add.existing(this);
  }

  fly({ pos, velocity, colour, fuse }: ViewEntity<typeof game, 'rocket'>, effects: Effects, now: number): void {
    // With the fuse at its end it has burst already, and the blast is shown.
    this.setVisible(fuse > 0)
      .setTint(colourOf({ colour }))
      .setRotation(Math.atan2(velocity.y, velocity.x));
    if (fuse === 0 || now - this.#smokedAt < smokeMs) return;
    this.#smokedAt = now;
    effects.smoke(pos.x - velocity.x * behindSeconds, pos.y - velocity.y * behindSeconds);
  }
}

const smokeMs = 28;
/** From the middle of a rocket to its end, at its speed. */
const behindSeconds = 20 / balance.rocketSpeed;
