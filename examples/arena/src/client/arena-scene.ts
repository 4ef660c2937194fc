// The arena as Phaser draws it: the map, and in it whatever the room has.
//
// Invariant: between `play` and `stop` it shows one room, and nothing of a room otherwise. What the network does is the adapter's: an entity that it binds
// here comes, moves and goes as an object of any game does. Units: arena units; milliseconds of performance.now().

import type { ClientRoom, RoomStats, View } from '@tickwire/client';
import { type SceneNet, tickwire } from '@tickwire/client/phaser';
import type { Vec2 } from '@tickwire/shared';
import * as Phaser from 'phaser';
import { balance } from '../balance.ts';
import type { game } from '../game.ts';
import { BallFigure } from './ball-figure.ts';
import { Effects } from './effects.ts';
import { Eye } from './eye.ts';
import { drawMap } from './map-drawing.ts';
import { Minimap } from './minimap.ts';
import { colourOf, palette } from './palette.ts';
import { PickupFigure } from './pickup-figure.ts';
import { type Player, PlayerFigure } from './player-figure.ts';
import { RocketFigure } from './rocket-figure.ts';
import { lineShown } from './shot-line.ts';
import { paintTextures } from './textures.ts';
import { Tracers } from './tracers.ts';

type Arena = typeof game;

export class ArenaScene extends Phaser.Scene {
  /** Called once a frame, when everything is in its place and nothing is drawn yet. */
  onFrame: (view: View<Arena>, stats: RoomStats) => void = () => {};
  /** The own player was hit. */
  onHurt: () => void = () => {};
  /** Where the own player aims now: the barrel follows the hand in every frame, not only in every tick. */
  aim: (me: Player) => number = (me) => me.aim;
  #eye!: Eye;
  #effects!: Effects;
  #tracers!: Tracers;
  #minimap!: Minimap;
  #net: SceneNet<Arena> | undefined;
  #now = 0;
  #frameMs = 0;

  constructor() {
    super('arena');
  }

  create(): void {
    paintTextures(this.textures);
    drawMap(this);
    this.#eye = new Eye(this.cameras.main);
    this.#effects = new Effects(this, this.#eye);
    this.#tracers = new Tracers(this);
    this.#minimap = new Minimap(this.game.canvas.parentElement ?? document.body);
  }

  /** Shows a room until `stop`. */
  play(room: ClientRoom<Arena>): void {
    this.stop();
    const net = tickwire(this, room);
    const { view } = room;
    net.bind('player', {
      make: () => new PlayerFigure(this),
      add: (figure, player) => figure.dress(player, this.#eye.pixelRatio),
      place: (figure, player) => this.#showPlayer(figure, player),
    });
    net.bind('rocket', { make: () => new RocketFigure(this), update: (figure, rocket) => figure.fly(rocket, this.#effects, this.#now) });
    net.bind('ball', { make: () => new BallFigure(this), place: (figure, ball) => figure.roll(ball, this.#frameMs) });
    net.bind('pickup', { make: () => new PickupFigure(this), place: (figure, pickup) => figure.lie(pickup, this.#now) });
    net.on('shot', (shot) => {
      const { from, to, hit, isStopped } = lineShown(shot, view.all('player'));
      if (isStopped) this.#effects.spark(to, hit ? colourOf(hit) : palette.spark);
      return this.#tracers.show(from, to, colourOf(shot), this.#now);
    });
    net.on('blast', ({ at, colour }) => this.#effects.blast(at, colourOf({ colour }), balance.blastRadius));
    net.on('hit', ({ target, shooter, damage }) => {
      const hit = view.get(target);
      if (hit?.type === 'player' && view.get(shooter)?.mine && !hit.mine) this.#effects.number(hit.pos, String(damage));
    });
    net.on('picked', ({ at, kind }) => this.#effects.sparkle(at, kind === 'health' ? palette.healthGood : palette.rocketMark, 90));
    net.on('goal', () => {
      for (const { pos } of view.all('ball')) this.#effects.sparkle(pos, palette.goal, 260);
    });
    this.#net = net;
  }

  /** Shows the empty arena. */
  stop(): void {
    this.#net?.close();
    this.#net = undefined;
    this.#minimap.hide();
  }

  override update(): void {
    const net = this.#net;
    this.#frameMs = performance.now() - this.#now;
    this.#now += this.#frameMs;
    this.#tracers.update(this.#now);
    if (!net) this.#eye.drift(this.#now);
    else {
      this.#minimap.draw(net.view, this.#eye, this.#now);
      this.onFrame(net.view, net.room.stats);
    }
  }

  /** The canvas has a new size. */
  resize(width: number, height: number, pixelRatio: number): void {
    this.#eye.resize(width, height, pixelRatio);
  }

  /** The place of the arena under a point of the page. */
  placeUnder(page: Readonly<Vec2>): Vec2 {
    return this.#eye.placeUnder(page);
  }

  #showPlayer(figure: PlayerFigure, player: Player): void {
    const aim = player.mine ? this.aim(player) : player.aim;
    const happened = figure.show(player, aim, this.#eye, this.#now);
    if (player.dash > 0 && player.hp > 0) this.#effects.trail(figure.before, player.pos, colourOf(player));
    if (happened === 'died') this.#effects.burst(player.pos, colourOf(player));
    if (happened === 'appeared') this.#effects.appear(player.pos, colourOf(player));
    if (!player.mine) return;
    this.#eye.follow(player.pos, aim, this.#frameMs);
    if (happened !== 'hurt' && happened !== 'died') return;
    this.#eye.shake(player.pos, 4, 140);
    this.onHurt();
  }
}
