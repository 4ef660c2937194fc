// One tick of a player: aim, walk or dash, reload, change weapons and pull the trigger. The server runs it for everyone, each page for its own player
// ahead of the server.
//
// Invariant: reads only the player, its input, the map and the ball, so a replay of the same inputs gives the same player.
// Units: arena units, radians; `dt` in seconds; reload in ticks.

import type { EntityId, Vec2 } from '@tickwire/shared';
import { walls } from '../arena-map.ts';
import { balance } from '../balance.ts';
import type { ArenaStep, FieldsOf, Intent } from '../schema.ts';
import { pushOut } from './collision.ts';
import { directionOf } from './direction.ts';
import { fireRifle } from './rifle.ts';
import { fireRocket } from './rocket.ts';

/** A player as its step knows it. */
export type Fighter = FieldsOf<'player'> & { readonly id: EntityId };

/** What the step of a player needs of its context. */
export type FighterContext = Pick<ArenaStep, 'tick' | 'dt' | 'emit' | 'spawn'> & { readonly world: Pick<ArenaStep['world'], 'all'> };

export function stepPlayer(player: Fighter, input: Intent, context: FighterContext): void {
  if (player.reload > 0) player.reload -= 1;
  if (player.dashReload > 0) player.dashReload -= 1;
  if (player.hp === 0) return;
  player.aim = input.aim;
  move(player, input, context.dt);
  for (let swap = 0; swap < input.swap; swap++) swapWeapon(player);
  if (!input.fire || player.reload > 0) return;
  player.shots = (player.shots + 1) % 16;
  if (player.weapon === 'rifle') fireRifle(player, context);
  else fireRocket(player, context);
}

/** True in the one tick in which the step fired the rifle. */
export function hasJustFired(player: Pick<Fighter, 'firedAt' | 'hp'>, tick: number): boolean {
  return player.firedAt === tick && player.hp > 0;
}

function move(player: Fighter, input: Intent, dt: number): void {
  if (input.dash > 0 && player.dashReload === 0) {
    player.dash = balance.dashTicks;
    player.dashReload = balance.dashReloadTicks;
  }
  if (player.dash === 0) {
    walk(player.pos, input.move, balance.walkSpeed * dt);
    return;
  }
  player.dash -= 1;
  const { x, y } = input.move;
  // Who stands dashes to where he looks.
  const way = x === 0 && y === 0 ? directionOf(player.aim) : input.move;
  const length = Math.sqrt(way.x * way.x + way.y * way.y);
  walk(player.pos, { x: way.x / length, y: way.y / length }, balance.dashFactor * balance.walkSpeed * dt);
}

function walk(pos: Vec2, way: Readonly<Vec2>, fullDistance: number): void {
  const length = Math.sqrt(way.x * way.x + way.y * way.y);
  if (length === 0) return;
  // A stick may be pushed half way; two keys at once are no faster than one.
  const distance = fullDistance / (length > 1 ? length : 1);
  pos.x += way.x * distance;
  pos.y += way.y * distance;
  pushOut(pos, balance.playerRadius, walls);
}

/** A launcher without rockets stays on the back. */
function swapWeapon(player: Fighter): void {
  if (player.weapon === 'launcher') player.weapon = 'rifle';
  else if (player.rockets > 0) player.weapon = 'launcher';
}
