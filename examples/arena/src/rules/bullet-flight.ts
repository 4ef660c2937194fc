// One tick of a bullet: straight on. What it hits and when it has flown enough is the server's to say (`shooting.ts`).
//
// Units: arena units, units per second; `dt` in seconds.

import type { Vec2 } from '@tickwire/shared';

export interface FlyingBullet {
  readonly pos: Vec2;
  readonly velocity: Readonly<Vec2>;
}

export function stepBullet(bullet: FlyingBullet, _input: unknown, { dt }: { readonly dt: number }): void {
  bullet.pos.x += bullet.velocity.x * dt;
  bullet.pos.y += bullet.velocity.y * dt;
}
