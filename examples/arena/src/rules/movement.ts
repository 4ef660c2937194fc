// One tick of a player: aim, walk, reload and pull the trigger. The server runs it for everyone, each page for its own player ahead of the server.
//
// Invariant: reads only the player, its input and the map, so a replay of the same inputs gives the same player.
// Units: arena units, radians; `dt` in seconds; reload in ticks.

import type { Vec2 } from '@tickwire/shared';
import { walls } from '../arena-map.ts';
import { balance } from '../balance.ts';
import { pushOut } from './collision.ts';

/** What the step changes of a player. */
export interface Walker {
  readonly pos: Vec2;
  aim: number;
  readonly hp: number;
  reload: number;
  shots: number;
}

/** What the step reads of an input. */
export interface Intent {
  readonly move: Readonly<Vec2>;
  readonly aim: number;
  readonly fire: boolean;
}

export function stepPlayer(player: Walker, input: Intent, { dt }: { readonly dt: number }): void {
  if (player.reload > 0) player.reload -= 1;
  if (player.hp === 0) return;
  player.aim = input.aim;
  walk(player.pos, input.move, dt);
  if (input.fire && player.reload === 0) {
    player.reload = balance.reloadTicks;
    player.shots = (player.shots + 1) % 16;
  }
}

/** True in the one tick in which the step pulled the trigger. */
export function hasJustFired(player: { readonly reload: number; readonly hp: number }): boolean {
  return player.reload === balance.reloadTicks && player.hp > 0;
}

function walk(pos: Vec2, move: Readonly<Vec2>, dt: number): void {
  const length = Math.sqrt(move.x * move.x + move.y * move.y);
  if (length === 0) return;
  // A stick may be pushed half way; two keys at once are no faster than one.
  const distance = (balance.walkSpeed * dt) / (length > 1 ? length : 1);
  pos.x += move.x * distance;
  pos.y += move.y * distance;
  pushOut(pos, balance.playerRadius, walls);
}
