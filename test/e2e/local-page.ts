// What runs in the page of a local game: a yard with strollers that the room moves and two players, of whom the first walks by a key. Its room is in the page.
//
// A module of its own; the test builds it with Vite as a game's page is built. Invariant: nothing here knows the test but `window.yard`, which tells what
// was drawn. Units: the yard's own; milliseconds.

import { type Client, type JoinOptions, Room } from '@tickwire/server/core';
import { defineGame, entity, f, networkProfiles, request, type Vec2 } from '@tickwire/shared';
import { playLocally } from '../../packages/local/src/index.ts';

const [width, height] = [640, 360];
const strollers = 12;

const game = defineGame({
  name: 'yard',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    player: entity({ pos: f.vec2(0, 640), name: f.string(16) }, { predict: 'owner' }),
    stroller: entity({ pos: f.vec2(0, 640, { wire: 1 / 8 }), hue: f.uint(359) }),
  },
  input: { right: f.button() },
  requests: { count: request({}, { players: f.uint(9) }) },
  steps: {
    player(player, input, { dt }) {
      if (input.right) player.pos.x = Math.min(width, player.pos.x + 120 * dt);
    },
  },
});

class Yard extends Room<typeof game> {
  override onCreate(): void {
    for (let number = 0; number < strollers; number++) this.world.spawn('stroller', { hue: number * 30 });
    this.onAsk('count', () => ({ players: this.clients.length }));
  }
  override onJoin(client: Client<typeof game>, { name }: JoinOptions): void {
    client.control(this.world.spawn('player', { pos: { x: 40, y: 60 + 60 * this.clients.length }, name: String(name) }));
  }
  override onTick(): void {
    this.world.all('stroller').forEach(({ pos }, number) => {
      const angle = (number * Math.PI * 2) / strollers + this.tick / 60;
      pos.x = width / 2 + Math.cos(angle) * (100 + 60 * Math.sin(angle * 3));
      pos.y = height / 2 + Math.sin(angle) * 120;
    });
  }
}

export interface YardReport {
  readonly frames: number;
  readonly players: readonly { readonly name: string; readonly mine: boolean; readonly pos: Vec2 }[];
  readonly strollers: number;
  /** Length of the way of the first stroller over the screen, and its longest stretch in one frame. */
  readonly way: number;
  readonly stretch: number;
  readonly asked: number;
  readonly ended: string | undefined;
  readonly stats: { readonly transport: string; readonly rttMs: number; readonly packetsReceived: number; readonly packetsLost: number };
}

declare global {
  interface Window {
    yard: { report(): YardReport; close(): void };
  }
}

const local = playLocally(game, Yard, { network: networkProfiles.badWifi, seed: 2 });
const [ada, bob] = await Promise.all([local.join({ name: 'Ada' }), local.join({ name: 'Bob' })]);
const keys = new Set<string>();
addEventListener('keydown', ({ code }) => keys.add(code));
addEventListener('keyup', ({ code }) => keys.delete(code));
ada.onInput(() => ({ right: keys.has('KeyD') }));
bob.onInput(() => ({ right: Math.floor(performance.now() / 500) % 2 === 0 }));

const canvas = document.createElement('canvas');
canvas.width = width;
canvas.height = height;
document.body.append(canvas);
const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
let frames = 0;
let way = 0;
let stretch = 0;
let asked = 0;
let last: Vec2 | undefined;

ada.onRender((view) => {
  frames++;
  pen.fillStyle = '#182028';
  pen.fillRect(0, 0, width, height);
  for (const { pos, hue } of view.all('stroller')) {
    pen.fillStyle = `hsl(${hue} 70% 60%)`;
    pen.beginPath();
    pen.arc(pos.x, pos.y, 8, 0, 2 * Math.PI);
    pen.fill();
  }
  for (const { pos, name, mine } of view.all('player')) {
    pen.fillStyle = mine ? '#fff' : '#8aa';
    pen.fillRect(pos.x - 10, pos.y - 10, 20, 20);
    pen.fillText(name, pos.x - 10, pos.y - 14);
  }
  pen.fillText(`bad Wi-Fi in one page: ${Math.round(ada.stats.rttMs)} ms, ${ada.stats.packetsLost} packets lost`, 10, height - 10);
  const [first] = view.all('stroller');
  if (first && last) {
    const moved = Math.hypot(first.pos.x - last.x, first.pos.y - last.y);
    way += moved;
    stretch = Math.max(stretch, moved);
  }
  last = first && { ...first.pos };
});
ada.ask('count', {}).then(({ players }) => {
  asked = players;
});

window.yard = {
  report: () => ({
    frames,
    players: ada.view
      .all('player')
      .map(({ name, mine, pos }) => ({ name, mine, pos: { ...pos } }))
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
    strollers: ada.view.all('stroller').length,
    way,
    stretch,
    asked,
    ended: ada.ended,
    stats: { ...ada.stats },
  }),
  close: () => local.close(),
};
