// What steps are given in unit tests: a world made by hand, and notes of what a step has spawned, emitted and despawned.

import type { EntityId, Vec2 } from '@tickwire/shared';
import { ballStart } from '../arena-map.ts';
import { balance } from '../balance.ts';
import type { FieldsOf } from '../schema.ts';
import type { RollingBall } from './ball.ts';
import type { Fighter, FighterContext } from './movement.ts';
import type { FlyingRocket } from './rocket.ts';

type StandIn<Entity> = Entity & { readonly id: EntityId };

export interface StepStage {
  readonly players: Fighter[];
  readonly balls: StandIn<RollingBall>[];
}

export interface StepNotes {
  readonly spawned: Partial<FlyingRocket>[];
  readonly emitted: { readonly event: string; readonly fields: Record<string, unknown> }[];
  readonly despawned: unknown[];
}

/** A context at a tick, in a world that has what is given. */
export function stepContext(stage: Partial<StepStage> = {}, tick = 1): FighterContext & StepNotes & { despawn(entity: unknown): void } {
  const notes: StepNotes = { spawned: [], emitted: [], despawned: [] };
  const all = (type: string): readonly unknown[] => (type === 'player' ? stage.players : type === 'ball' ? stage.balls : undefined) ?? [];
  return {
    ...notes,
    tick,
    dt: 1 / 60,
    world: { all: all as FighterContext['world']['all'] },
    spawn: ((_type: string, values: Partial<FlyingRocket>) => void notes.spawned.push(values)) as unknown as FighterContext['spawn'],
    emit: (event, fields) => void notes.emitted.push({ event, fields: { ...fields } }),
    despawn: (entity) => void notes.despawned.push(entity),
  };
}

export function fighterAt(x: number, y: number, id = 7): Fighter {
  const rest = { weapon: 'rifle', rockets: balance.rocketsAtStart, reload: 0, firedAt: 0, shots: 0, dash: 0, dashReload: 0, jumps: 0 } as const;
  const record = { respawnAt: 0, score: 0, deaths: 0, colour: 0, name: 'Ada', isBot: false };
  return { id: id as EntityId, pos: { x, y }, aim: 0, hp: balance.healthMax, ...rest, ...record };
}

export function ballAt(x: number = ballStart.x, y: number = ballStart.y, velocity: Vec2 = { x: 0, y: 0 }): StandIn<RollingBall> {
  return { id: 1 as EntityId, pos: { x, y }, velocity: { ...velocity }, touchedBy: null, jumps: 0 };
}

export function rocketAt(x: number, y: number, velocity: Vec2, shooter: number | null = 7): StandIn<FieldsOf<'rocket'>> {
  return {
    id: 9 as EntityId,
    pos: { x, y },
    velocity: { ...velocity },
    shooter: shooter as EntityId | null,
    colour: 0,
    fuse: balance.rocketLifeTicks,
  };
}
