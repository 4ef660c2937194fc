// The arena as Phaser draws it: asks for a frame, and draws the view that the frame brings.
//
// Invariant: holds one figure for each entity of the last view and none besides.
// Units: arena units; `zoom` is page pixels in one arena unit; milliseconds.

import type { EntityId, Vec2 } from '@tickwire/shared';
import * as Phaser from 'phaser';
import { arenaSize } from '../arena-map.ts';
import type { Rocket } from '../game.ts';
import { Effects } from './effects.ts';
import { drawMap } from './map-drawing.ts';
import { colourOf, playerColours } from './palette.ts';
import { type Figured, PlayerFigure } from './player-figure.ts';
import { paintTextures, textureNames } from './textures.ts';

/** What the scene draws. */
export interface Picture {
  readonly players: readonly (Figured & { readonly id: EntityId })[];
  readonly rockets: readonly Pick<Rocket, 'id' | 'pos' | 'velocity' | 'colour'>[];
}

export class ArenaScene extends Phaser.Scene {
  /** Called once a frame, before it is drawn. */
  onFrame: (now: number) => void = () => {};
  /** The own player was hit. */
  onHurt: () => void = () => {};
  effects!: Effects;
  readonly #figures = new Map<EntityId, PlayerFigure>();
  readonly #rockets = new Map<EntityId, Phaser.GameObjects.Image>();
  readonly #focus: Vec2 = { x: arenaSize.width / 2, y: arenaSize.height / 2 };
  #zoom = 1;
  #pixelRatio = 1;
  #onReady: () => void;
  /** Resolves when there is something to draw on. */
  readonly ready: Promise<void>;

  constructor() {
    super('arena');
    let resolve = (): void => {};
    this.ready = new Promise((done) => {
      resolve = done;
    });
    this.#onReady = resolve;
  }

  create(): void {
    paintTextures(this.textures);
    drawMap(this);
    this.effects = new Effects(this);
    this.#onReady();
  }

  override update(): void {
    this.onFrame(performance.now());
    this.#look();
  }

  /** The canvas has a new size. Every screen sees about as much of the arena, whatever its shape: nobody gains by a larger window. */
  resize(width: number, height: number, pixelRatio: number): void {
    this.#zoom = Math.sqrt((width * height) / unitsSeen);
    this.#pixelRatio = pixelRatio;
    this.cameras.main.setZoom(this.#zoom * pixelRatio);
  }

  draw(picture: Picture, now: number): void {
    this.#drawPlayers(picture.players, now);
    this.#drawRockets(picture.rockets);
  }

  /** The place of the arena under a point of the page. */
  placeUnder(page: Readonly<Vec2>): Vec2 {
    const { x, y } = this.#centre();
    return { x: x + (page.x - innerWidth / 2) / this.#zoom, y: y + (page.y - innerHeight / 2) / this.#zoom };
  }

  spark(at: Readonly<Vec2>, colour: number, isOnPlayer: boolean): void {
    this.effects.spark(at, isOnPlayer ? 0xffffff : (playerColours[colour] ?? 0xffffff), isOnPlayer ? 8 : 6);
  }

  damageNumber(at: Readonly<Vec2>, damage: number): void {
    this.effects.number(at, String(damage), this.#zoom, this.#pixelRatio);
  }

  #drawPlayers(players: Picture['players'], now: number): void {
    const gone = new Set(this.#figures.keys());
    for (const player of players) {
      gone.delete(player.id);
      let figure = this.#figures.get(player.id);
      if (!figure) {
        figure = new PlayerFigure(this, player, this.#pixelRatio);
        this.#figures.set(player.id, figure);
      }
      const happened = figure.update(player, this.#zoom, now);
      if (happened === 'died') this.effects.burst(player.pos, colourOf(player));
      if (!player.mine) continue;
      if (happened) this.onHurt();
      this.#focus.x = player.pos.x;
      this.#focus.y = player.pos.y;
    }
    for (const id of gone) {
      this.#figures.get(id)?.destroy();
      this.#figures.delete(id);
    }
  }

  #drawRockets(rockets: Picture['rockets']): void {
    const gone = new Set(this.#rockets.keys());
    for (const { id, pos, velocity, colour } of rockets) {
      gone.delete(id);
      let image = this.#rockets.get(id);
      if (!image) {
        image = this.add.image(0, 0, textureNames.bullet).setOrigin(0.87, 0.5).setDisplaySize(44, 11).setTint(colourOf({ colour })).setDepth(10);
        image.setRotation(Math.atan2(velocity.y, velocity.x));
        this.#rockets.set(id, image);
      }
      image.setPosition(pos.x, pos.y);
    }
    for (const id of gone) {
      this.#rockets.get(id)?.destroy();
      this.#rockets.delete(id);
    }
  }

  #look(): void {
    const { x, y } = this.#centre();
    this.cameras.main.centerOn(x, y);
  }

  /** The middle of the screen: the own player, but not so far out that the screen shows little else than what lies outside. */
  #centre(): Vec2 {
    return {
      x: held(this.#focus.x, innerWidth / 2 / this.#zoom, arenaSize.width),
      y: held(this.#focus.y, innerHeight / 2 / this.#zoom, arenaSize.height),
    };
  }
}

function held(at: number, half: number, size: number): number {
  const least = half - outsideSeen;
  const most = size - least;
  return least > most ? size / 2 : Math.min(Math.max(at, least), most);
}

/** As much as 1100 x 700 units, in whatever shape the screen has. */
const unitsSeen = 1100 * 700;
/** How far the screen reaches beyond the arena's edge. */
const outsideSeen = 60;
