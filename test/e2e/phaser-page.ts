// What runs in the page of the Phaser test: a scene with a local game in it, in which balls come and go at the test's word and one tank drives by a key.
//
// A module of its own; the test builds it with Vite as a game's page is built. Invariant: nothing here knows the test but `window.yard`. Units: the yard's
// own, which are the canvas' pixels; milliseconds.

import { type Client, Room } from '@tickwire/server/core';
import { defineGame, entity, event, f, networkProfiles } from '@tickwire/shared';
import * as Phaser from 'phaser';
import { type Bound, tickwire } from '../../packages/client/src/edge/phaser.ts';
import { playLocally } from '../../packages/local/src/index.ts';

const [width, height] = [640, 360];
const tankColour = 0xff8000;

const game = defineGame({
  name: 'yard',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    tank: entity({ pos: f.vec2(0, 640), heading: f.angle() }, { predict: 'owner' }),
    ball: entity({ pos: f.vec2(0, 640, { wire: 1 / 8 }), hue: f.uint(359) }),
  },
  input: { right: f.button() },
  events: { balls: event({ count: f.uint(99) }), told: event({ count: f.uint(99) }) },
  steps: {
    tank(tank, input, { dt }) {
      if (!input.right) return;
      tank.pos.x = Math.min(width - 40, tank.pos.x + 120 * dt);
      tank.heading += dt;
    },
  },
});

class Yard extends Room<typeof game> {
  override onCreate(): void {
    this.on('balls', (_client, { count }) => {
      const balls = this.world.all('ball');
      for (const ball of balls.slice(count)) this.world.despawn(ball);
      for (let number = balls.length; number < count; number++) this.world.spawn('ball', { hue: number * 30 });
      this.emit('told', { count });
    });
  }
  override onJoin(client: Client<typeof game>): void {
    client.control(this.world.spawn('tank', { pos: { x: 60, y: 300 } }));
  }
  override onTick(): void {
    this.world.all('ball').forEach(({ pos }, number) => {
      const angle = number + this.tick / 60;
      pos.x = width / 2 + Math.cos(angle) * (60 + 12 * number);
      pos.y = 150 + Math.sin(angle) * 100;
    });
  }
}

const local = playLocally(game, Yard, { network: networkProfiles['4g'], seed: 3, loop: 'manual' });
let frames = 0;
let made = 0;
let told = 0;
let farthest = 0;
let starts = 0;
const keys = new Set<string>();
addEventListener('keydown', ({ code }) => keys.add(code));
addEventListener('keyup', ({ code }) => keys.delete(code));

class YardScene extends Phaser.Scene {
  tanks!: Bound<typeof game, 'tank', Phaser.GameObjects.Container>;
  balls!: Bound<typeof game, 'ball', Phaser.GameObjects.Arc>;

  create(): void {
    starts++;
    made = 0;
    const net = tickwire(this, room, {
      frame(now) {
        frames++;
        local.frame(now);
      },
    });
    this.tanks = net.bind('tank', {
      make: () => this.add.container(0, 0, [this.add.rectangle(0, 0, 36, 28, tankColour), this.add.rectangle(14, 0, 16, 6, 0xffffff)]),
    });
    this.balls = net.bind('ball', {
      make: () => {
        made++;
        return this.add.circle(0, 0, 9);
      },
      add: (circle, { hue }) => circle.setFillStyle(Phaser.Display.Color.HSVToRGB(hue / 360, 0.6, 1).color),
    });
    net.on('told', () => void told++);
  }

  /** The last before Phaser renders: how far from its entity an object is. */
  override update(): void {
    for (const type of ['tank', 'ball'] as const) {
      for (const one of room.view.all(type)) {
        const object = (type === 'tank' ? this.tanks : this.balls).get(one.id);
        farthest = Math.max(farthest, object?.visible ? Math.hypot(object.x - one.pos.x, object.y - one.pos.y) : Number.POSITIVE_INFINITY);
      }
    }
  }
}

// A local game runs on frames only, and there is no scene yet.
const joining = setInterval(() => local.frame(performance.now()), 16);
const room = await local.join();
clearInterval(joining);
room.onInput(() => ({ right: keys.has('KeyD') }));
const phaser = new Phaser.Game({
  type: Phaser.WEBGL,
  width,
  height,
  backgroundColor: '#182028',
  scene: YardScene,
  banner: false,
  audio: { noAudio: true },
});
await new Promise((resolve) => phaser.events.once('ready', resolve));
const scene = (): YardScene => phaser.scene.getScene('default') as YardScene;

export interface YardReport {
  readonly starts: number;
  readonly frames: number;
  readonly made: number;
  readonly told: number;
  /** The farthest that an object was from its entity when a frame was about to be rendered. */
  readonly farthest: number;
  readonly tank: { readonly x: number; readonly rotation: number } | undefined;
  readonly balls: number;
  readonly shown: number;
  readonly objects: number;
  readonly listeners: number;
  readonly rttMs: number;
}

declare global {
  interface Window {
    yardScene: {
      report(): YardReport;
      balls(count: number): void;
      restart(): void;
      stop(): void;
      start(): void;
      pause(): void;
      resume(): void;
      /** The colour of the canvas where the tank was drawn, in the frame that this asks for. */
      colourAtTank(): Promise<number>;
    };
  }
}

window.yardScene = {
  report() {
    const { sys, tanks } = scene();
    const tank = tanks?.mine;
    const children = sys.displayList?.list ?? [];
    const circles = children.filter((child) => child.type === 'Arc') as Phaser.GameObjects.Arc[];
    return {
      starts,
      frames,
      made,
      told,
      farthest,
      tank: tank && { x: tank.x, rotation: tank.rotation },
      balls: room.view.all('ball').length,
      shown: circles.filter(({ visible }) => visible).length,
      objects: children.length,
      listeners: ['update', 'pause', 'resume', 'sleep', 'wake', 'shutdown', 'destroy'].reduce((sum, name) => sum + sys.events.listenerCount(name), 0),
      rttMs: room.stats.rttMs,
    };
  },
  balls: (count) => room.emit('balls', { count }),
  restart: () => void scene().scene.restart(),
  stop: () => void scene().scene.stop(),
  start: () => void phaser.scene.start('default'),
  pause: () => void scene().scene.pause(),
  resume: () => void scene().scene.resume(),
  colourAtTank: () =>
    new Promise((resolve) => {
      scene().events.once('postupdate', () => {
        const { x = 0, y = 0 } = scene().tanks.mine ?? {};
        (phaser.renderer as Phaser.Renderer.WebGL.WebGLRenderer).snapshotPixel(Math.round(x) - 5, Math.round(y), (pixel) =>
          resolve((pixel as Phaser.Display.Color).color),
        );
      });
    }),
};
