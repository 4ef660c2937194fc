// One player on the screen: body, barrel, name and health bar, and what flashes when it shoots or is hit.
//
// Invariant: shows what `update` was last given; it decides nothing. Names and bars keep their size on the screen at every zoom.
// Units: arena units, radians, milliseconds.

import * as Phaser from 'phaser';
import { balance } from '../balance.ts';
import type { Player } from '../game.ts';
import { colourOf, palette } from './palette.ts';
import { textureNames } from './textures.ts';

/** What a figure reads of a player. */
export type Figured = Pick<Player, 'pos' | 'aim' | 'hp' | 'shots' | 'colour' | 'name'> & { readonly mine: boolean };

export class PlayerFigure {
  readonly #ground: Phaser.GameObjects.Image;
  readonly #barrel: Phaser.GameObjects.Image;
  readonly #flash: Phaser.GameObjects.Image;
  readonly #body: Phaser.GameObjects.Image;
  readonly #ring: Phaser.GameObjects.Image;
  readonly #label: Phaser.GameObjects.Container;
  readonly #name: Phaser.GameObjects.Text;
  readonly #bar: Phaser.GameObjects.Rectangle;
  #hp = -1;
  #shots = -1;
  #flashUntil = 0;
  #whiteUntil = 0;

  constructor(scene: Phaser.Scene, player: Figured, pixelRatio: number) {
    const { add } = scene;
    const size = 2 * balance.playerRadius * (128 / 120);
    this.#ground = add.image(0, 0, textureNames.shadow).setDisplaySize(56, 56).setDepth(3);
    // Both turn around the player's centre, which lies outside their pictures: hence the odd origins.
    this.#barrel = add
      .image(0, 0, textureNames.barrel)
      .setDisplaySize(33, 16)
      .setOrigin(-4 / 33, 0.5)
      .setDepth(5);
    this.#flash = add
      .image(0, 0, textureNames.flash)
      .setDisplaySize(30, 30)
      .setOrigin(0.3 - (balance.muzzleDistance - 3) / 30, 0.5)
      .setDepth(4);
    this.#body = add.image(0, 0, textureNames.body).setDisplaySize(size, size).setTint(colourOf(player)).setDepth(6);
    this.#ring = add
      .image(0, 0, textureNames.ring)
      .setDisplaySize(size + 9, size + 9)
      .setVisible(player.mine)
      .setAlpha(0.9)
      .setDepth(6);
    this.#name = add
      .text(0, -11, player.name, {
        fontFamily: fonts,
        fontSize: '13px',
        fontStyle: player.mine ? '700' : '600',
        color: player.mine ? '#ffffff' : '#d5e0ec',
      })
      .setStroke('#141e2b', 4)
      .setResolution(pixelRatio)
      .setOrigin(0.5, 1);
    const back = add.rectangle(0, -4, barWidth + 4, barHeight + 4, palette.healthBack, 0.85);
    this.#bar = add.rectangle(-barWidth / 2, -4, barWidth, barHeight, palette.healthGood).setOrigin(0, 0.5);
    this.#label = add.container(0, 0, [this.#name, back, this.#bar]).setDepth(20);
  }

  /** @param zoom screen pixels in one arena unit. @returns what has just happened to the player. */
  update(player: Figured, zoom: number, now: number): 'hurt' | 'died' | undefined {
    const happened = this.#hp > player.hp ? (player.hp === 0 ? 'died' : 'hurt') : undefined;
    if (happened) this.#whiteUntil = now + whiteMs;
    if (this.#shots !== -1 && this.#shots !== player.shots) this.#flashUntil = now + flashMs;
    this.#hp = player.hp;
    this.#shots = player.shots;
    this.#show(player, now);
    this.#place(player, zoom);
    return happened;
  }

  destroy(): void {
    for (const part of [this.#ground, this.#barrel, this.#flash, this.#body, this.#ring, this.#label]) part.destroy();
  }

  #show(player: Figured, now: number): void {
    const isAlive = player.hp > 0;
    for (const part of [this.#ground, this.#barrel, this.#body, this.#label]) part.setVisible(isAlive);
    this.#ring.setVisible(isAlive && player.mine);
    this.#flash.setVisible(isAlive && now < this.#flashUntil);
    const isWhite = now < this.#whiteUntil;
    this.#body.setTint(isWhite ? 0xffffff : colourOf(player)).setTintMode(isWhite ? Phaser.TintModes.FILL : Phaser.TintModes.MULTIPLY);
    this.#bar.width = (barWidth * player.hp) / balance.healthMax;
    this.#bar.fillColor = player.hp <= lowHealth ? palette.healthLow : palette.healthGood;
    if (this.#name.text !== player.name) this.#name.setText(player.name);
  }

  #place({ pos, aim }: Figured, zoom: number): void {
    this.#ground.setPosition(pos.x + 3, pos.y + 6);
    for (const part of [this.#barrel, this.#flash]) part.setPosition(pos.x, pos.y).setRotation(aim);
    this.#body.setPosition(pos.x, pos.y);
    this.#ring.setPosition(pos.x, pos.y);
    this.#label.setPosition(pos.x, pos.y - balance.playerRadius - 8).setScale(1 / zoom);
  }
}

const fonts = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
const barWidth = 44;
const barHeight = 4;
const lowHealth = 40;
const flashMs = 60;
const whiteMs = 60;
