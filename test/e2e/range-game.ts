// A shooting range: targets that nobody can foretell, and a player who walks and shoots at once, along a line.
//
// Both ends decide what a line hits by `firstHit`: the page on what it has drawn, the server on what it rebuilds of that. Units: the range's own, seconds,
// radians.

import { defineGame, entity, event, f, type Vec2 } from '@tickwire/shared';

export const range = { width: 2000, height: 1200, targets: 6, targetRadius: 20, targetSpeedMax: 250, walkSpeed: 200 } as const;
/** No target. */
export const nothing = -1;

export const game = defineGame({
  name: 'range',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    target: entity({ pos: f.vec2(0, 2000, { wire: 1 / 16 }), number: f.uint(range.targets - 1) }),
    player: entity({ pos: f.vec2(0, 2000, { step: 1 / 64 }) }, { predict: 'owner' }),
  },
  /** `aim` and `shot` stay until the next shot: a press that comes late finds them there. */
  input: { move: f.vec2(-1, 1, { step: 1 / 64 }), aim: f.angle({ wire: 20 }), shot: f.uint(9999), fire: f.press() },
  events: {
    /** A step pulled the trigger: what a page draws the line of. */
    fired: event({ shot: f.uint(9999), from: f.vec2(0, 2000, { step: 1 / 64 }), aim: f.angle({ wire: 20 }) }),
    /** What the server says of a shot: what it hit in the tick, as its client saw the world, and what it would have hit in the present. */
    judged: event({ shot: f.uint(9999), tick: f.tick(), seen: f.int(nothing, range.targets), present: f.int(nothing, range.targets) }),
  },
  steps: {
    player(player, input, context) {
      const way = range.walkSpeed * context.dt;
      player.pos.x = Math.max(0, Math.min(range.width, player.pos.x + input.move.x * way));
      player.pos.y = Math.max(0, Math.min(range.height, player.pos.y + input.move.y * way));
      if (input.fire > 0) context.emit('fired', { shot: input.shot, from: player.pos, aim: input.aim });
    },
  },
});

/** The number of the first target on a line, `nothing` where there is none. */
export function firstHit(from: Readonly<Vec2>, aim: number, targets: readonly { readonly pos: Readonly<Vec2>; readonly number: number }[]): number {
  const [x, y] = [Math.cos(aim), Math.sin(aim)];
  let first = nothing;
  let nearest = Number.POSITIVE_INFINITY;
  for (const { pos, number } of targets) {
    const along = (pos.x - from.x) * x + (pos.y - from.y) * y;
    const beside = (pos.y - from.y) * x - (pos.x - from.x) * y;
    if (Math.abs(beside) > range.targetRadius) continue;
    const half = Math.sqrt(range.targetRadius ** 2 - beside ** 2);
    if (along + half < 0 || along - half >= nearest) continue;
    nearest = along - half;
    first = number;
  }
  return first;
}
