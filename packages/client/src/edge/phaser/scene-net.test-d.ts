// Types of a room in a scene: what must compile with Phaser's own types and what must not. The type check runs this file; nothing executes it.

import { defineGame, entity, event, f } from '@tickwire/shared';
import type * as Phaser from 'phaser';
import type { ClientRoom } from '../../client-room.ts';
import { tickwire } from './scene-net.ts';

const game = defineGame({
  name: 'types',
  tickHz: 60,
  snapshotHz: 20,
  entities: { tank: entity({ pos: f.vec2(0, 100), team: f.uint(3) }), flag: entity({ isHome: f.bool() }) },
  events: { hit: event({ damage: f.uint(100) }) },
});

export const rule = '[PH7] a scene is typed by its game: entities, their objects and events';

export function inScene(scene: Phaser.Scene, room: ClientRoom<typeof game>): void {
  const net = tickwire(scene, room);
  const tanks = net.bind('tank', {
    make: () => scene.add.image(0, 0, 'tank'),
    add: (image, tank) => image.setTint(tank.team),
    update: (image, tank) => image.setAlpha(tank.mine ? 1 : 0.5),
    remove: (image, { pos }) => scene.add.circle(pos.x, image.y, 3),
  });
  const image: Phaser.GameObjects.Image | undefined = tanks.get(room.view.all('tank')[0]?.id ?? null);
  if (tanks.mine) scene.cameras.main.startFollow(tanks.mine);
  for (const make of [
    () => scene.add.container(),
    () => scene.add.rectangle(),
    () => scene.add.sprite(0, 0, ''),
    () => scene.add.text(0, 0, '', {}),
  ]) {
    net.bind('flag', { make: make as () => Phaser.GameObjects.Container });
  }
  net.on('hit', ({ damage }) => scene.add.text(0, 0, damage.toFixed(), {}));
  // @ts-expect-error no such type
  net.bind('tanks', { make: () => scene.add.image(0, 0, 'tank') });
  // @ts-expect-error a flag has no team
  net.bind('flag', { make: () => scene.add.image(0, 0, 'flag'), add: (one, flag) => one.setTint(flag.team) });
  // @ts-expect-error an image has no text
  net.bind('flag', { make: () => scene.add.image(0, 0, 'flag'), update: (one) => one.setText('') });
  // @ts-expect-error an object is made
  net.bind('flag', { add: () => {} });
  // @ts-expect-error what cannot be destroyed would be left in the scene
  net.bind('flag', { make: () => ({ setPosition() {} }) });
  // @ts-expect-error no such event
  net.on('miss', () => {});
  // @ts-expect-error objects are those of the type
  const sprite: Phaser.GameObjects.Sprite | undefined = tanks.mine;
  void [image, sprite];
}
