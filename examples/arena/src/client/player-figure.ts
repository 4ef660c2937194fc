// One player on the screen: body with its mark, weapon, name and health bar, and what flashes when it shoots or is hit.
//
// Invariant: shows what `show` was last given; it decides nothing. Names and bars keep their size on the screen at every zoom. Nothing is made in a frame.
// Units: arena units, radians, milliseconds.

import type { ViewEntity } from '@tickwire/client';
import type { Vec2 } from '@tickwire/shared';
import * as Phaser from 'phaser';
import { balance } from '../balance.ts';
import type { game } from '../game.ts';
import type { Eye } from './eye.ts';
import { colourOf, palette } from './palette.ts';
import { emblemOf, type Shape, shapes } from './textures.ts';

export type Player = ViewEntity<typeof game, 'player'>;

/** What a player has just done or suffered. */
export type Happened = 'hurt' | 'died' | 'appeared' | undefined;

export class PlayerFigure {
  readonly #shadow: Phaser.GameObjects.Image;
  readonly #weapon: Phaser.GameObjects.Image;
  readonly #flash: Phaser.GameObjects.Image;
  readonly #body: Phaser.GameObjects.Image;
  readonly #emblem: Phaser.GameObjects.Image;
  readonly #ring: Phaser.GameObjects.Image;
  readonly #name: Phaser.GameObjects.Text;
  readonly #back: Phaser.GameObjects.Image;
  readonly #bar: Phaser.GameObjects.Image;
  /** Where it was a frame ago. */
  readonly before: Vec2 = { x: 0, y: 0 };
  readonly #parts: readonly (Phaser.GameObjects.Image | Phaser.GameObjects.Text)[];
  #isShown = true;
  #zoom = 0;
  #hp = 0;
  #shots = -1;
  #flashUntil = 0;
  #whiteUntil = 0;

  constructor(scene: Phaser.Scene) {
    const image = (shape: Shape, width: number, height: number, depth: number): Phaser.GameObjects.Image =>
      scene.add.image(0, 0, shapes, shape).setDisplaySize(width, height).setDepth(depth);
    const size = 2 * balance.playerRadius * (128 / 120);
    this.#shadow = image('shadow', 58, 58, 3);
    // Both turn around the player's centre, which lies outside their pictures: hence the odd origins.
    this.#flash = image('flash', 32, 32, 4).setOrigin(0.3 - (balance.muzzleDistance - 3) / 32, 0.5);
    this.#weapon = image('rifle', 36, 18, 5).setOrigin(-2 / 36, 0.5);
    this.#body = image('body', size, size, 6);
    this.#emblem = scene.add.image(0, 0, shapes, emblemOf(0)).setDisplaySize(25, 25).setDepth(7);
    this.#ring = image('ring', size + 13, size + 13, 6);
    this.#name = scene.add.text(0, 0, '', { fontFamily: fonts, fontSize: '13px', fontStyle: '600', color: '#d5e0ec' }).setStroke('#141e2b', 4);
    this.#name.setOrigin(0.5, 1).setDepth(20);
    this.#back = image('bar', barWidth + 4, barHeight + 4, 20).setTint(palette.healthBack);
    this.#bar = image('bar', barWidth, barHeight, 20).setOrigin(0, 0.5);
    this.#parts = [this.#shadow, this.#flash, this.#weapon, this.#body, this.#emblem, this.#ring, this.#name, this.#back, this.#bar];
  }

  /** Becomes the figure of this player. */
  dress(player: Player, pixelRatio: number): void {
    this.#hp = player.hp;
    this.#shots = player.shots;
    this.#flashUntil = this.#whiteUntil = 0;
    this.#body.setTint(colourOf(player)).setTintMode(Phaser.TintModes.MULTIPLY);
    this.#emblem.setFrame(emblemOf(player.colour), false, false);
    this.#name
      .setText(player.name)
      .setColor(player.mine ? '#ffffff' : '#d5e0ec')
      .setResolution(pixelRatio);
  }

  /** @param aim where its weapon points. @param zoom screen pixels in one arena unit. @returns what has just happened to the player. */
  show(player: Player, aim: number, { zoom, pixelRatio }: Eye, now: number): Happened {
    const happened = this.#note(player, now);
    this.before.x = this.#body.x;
    this.before.y = this.#body.y;
    const isAlive = player.hp > 0;
    this.setVisible(isAlive);
    if (!isAlive) return happened;
    if (this.#zoom !== zoom) this.#rescale(zoom);
    if (this.#name.text !== player.name) this.dress(player, pixelRatio);
    const isWhite = now < this.#whiteUntil;
    this.#body.setTint(isWhite ? 0xffffff : colourOf(player)).setTintMode(isWhite ? Phaser.TintModes.FILL : Phaser.TintModes.MULTIPLY);
    this.#ring.setVisible(player.mine);
    this.#flash.setVisible(now < this.#flashUntil);
    if (this.#weapon.frame.name !== player.weapon) this.#weapon.setFrame(player.weapon, false, false);
    this.#bar.setDisplaySize((barWidth / zoom) * (player.hp / balance.healthMax), barHeight / zoom);
    this.#bar.setTint(player.hp <= lowHealth ? palette.healthLow : palette.healthGood);
    this.#place(player.pos.x, player.pos.y, aim, zoom);
    return happened;
  }

  setVisible(isVisible: boolean): void {
    if (this.#isShown === isVisible) return;
    this.#isShown = isVisible;
    for (const part of this.#parts) part.setVisible(isVisible);
  }

  destroy(): void {
    for (const part of this.#parts) part.destroy();
  }

  #note({ hp, shots }: Player, now: number): Happened {
    const before = this.#hp;
    const hasShot = this.#shots !== shots;
    this.#hp = hp;
    this.#shots = shots;
    if (hasShot) this.#flashUntil = now + flashMs;
    if (hp < before) this.#whiteUntil = now + whiteMs;
    if (hp < before) return hp === 0 ? 'died' : 'hurt';
    return before === 0 && hp > 0 ? 'appeared' : undefined;
  }

  #place(x: number, y: number, aim: number, zoom: number): void {
    this.#shadow.setPosition(x + 3, y + 6);
    this.#weapon.setPosition(x, y).setRotation(aim);
    this.#flash.setPosition(x, y).setRotation(aim);
    this.#body.setPosition(x, y);
    this.#emblem.setPosition(x, y);
    this.#ring.setPosition(x, y);
    const above = y - balance.playerRadius - 9;
    this.#name.setPosition(x, above - 7 / zoom);
    this.#back.setPosition(x, above);
    this.#bar.setPosition(x - barWidth / 2 / zoom, above);
  }

  #rescale(zoom: number): void {
    this.#zoom = zoom;
    this.#name.setScale(1 / zoom);
    this.#back.setDisplaySize((barWidth + 4) / zoom, (barHeight + 4) / zoom);
  }
}

const fonts = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
const barWidth = 44;
const barHeight = 5;
const lowHealth = 40;
const flashMs = 60;
const whiteMs = 60;
