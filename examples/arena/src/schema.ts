// What the arena has: its entities, state, input and events, and their types. `game.ts` puts the steps to them.
//
// Units: arena units, units per second, radians, ticks of 1/60 s, points of health.

import { entity, event, f, type StepContext, type ValuesOf } from '@tickwire/shared';
import { balance } from './balance.ts';

/** How many player colours the page knows. */
export const colourCount = 8;

const place = { wire: 1 / 16 } as const;
const point = { step: 1 / 4 } as const;
const speed = { wire: 1 / 4 } as const;
const colour = f.uint(colourCount - 1);
const weapon = f.enumOf('rifle', 'launcher');

export const entities = {
  /** Everybody foresees it, so it is in the present on every screen. */
  ball: entity(
    {
      pos: f.vec2(0, 2000, place).velocity('velocity'),
      velocity: f.vec2(-1200, 1200, speed),
      /** Gets the points if it goes into a goal now. */
      touchedBy: f.entity(),
      /** Raised when it is put back to the middle. */
      jumps: f.teleport(),
    },
    { predict: 'everyone', priority: 2 },
  ),
  player: entity(
    {
      pos: f.vec2(0, 2000, place),
      aim: f.angle({ wire: 8 }),
      /** 0 is dead. */
      hp: f.uint(balance.healthMax),
      weapon,
      /** What only its owner's page foresees, only its owner needs. */
      rockets: f.uint(balance.rocketsMax).owner(),
      /** Ticks until the next shot, of either weapon. */
      reload: f.uint(balance.rocketReloadTicks).owner(),
      /** The tick of the last rifle shot. */
      firedAt: f.tick().owner(),
      /** Counts shots of both weapons and wraps, so that a muzzle flash survives a lost packet. */
      shots: f.uint(15),
      /** Ticks left of a dash; 0 is none. */
      dash: f.uint(balance.dashTicks),
      /** Ticks until the next dash. */
      dashReload: f.uint(balance.dashReloadTicks).owner(),
      /** Raised when it appears somewhere else. */
      jumps: f.teleport(),
      /** Meaningful while dead. */
      respawnAt: f.tick(),
      score: f.uint(9999),
      deaths: f.uint(9999),
      colour,
      name: f.string(32),
      isBot: f.bool(),
    },
    { predict: 'owner' },
  ),
  /** Made by the step of who fires it, so it is on his screen in that frame. */
  rocket: entity(
    {
      pos: f.vec2(0, 2000, place).velocity('velocity'),
      velocity: f.vec2(-700, 700, speed),
      shooter: f.entity(),
      colour,
      /** Ticks left to fly. At 0 it bursts, and is gone a tick later. */
      fuse: f.uint(balance.rocketLifeTicks),
    },
    { predict: 'owner' },
  ),
  pickup: entity({
    pos: f.vec2(0, 2000, place),
    kind: f.enumOf('health', 'rockets'),
    isThere: f.bool(),
    /** Of interest to the server only: it is nobody's. */
    backAt: f.tick().owner(),
  }),
} as const;

export const state = {
  phase: f.enumOf('play', 'result'),
  /** When the match, or in `result` the result, is over. */
  endsAt: f.tick(),
  /** Of the match that has ended; empty when nobody had a point. */
  winner: f.string(32),
} as const;

export const input = {
  move: f.vec2(-1, 1, { step: 1 / 64 }),
  aim: f.angle({ wire: 10 }),
  fire: f.button(),
  dash: f.press(),
  swap: f.press(),
} as const;

export const events = {
  /** Told to the one who was hit and to the one who shot. */
  hit: event({ target: f.entity(), shooter: f.entity(), damage: f.uint(balance.healthMax) }),
  /** With names, because an entity may be gone when its obituary is read. Who blew himself up is both. */
  kill: event({ victim: f.entity(), victimName: f.string(32), killer: f.entity(), killerName: f.string(32), weapon }),
  /** Three points for this player. */
  goal: event({ scorer: f.entity(), scorerName: f.string(32), side: f.enumOf('left', 'right') }),
  picked: event({ player: f.entity(), kind: f.enumOf('health', 'rockets'), at: f.vec2(0, 2000, point) }),
  /** From a client: a line to say. */
  say: event({ text: f.string(200) }),
  /** From the room: a line that somebody said. */
  chat: event({ name: f.string(32), colour, text: f.string(200) }),
  /** A rifle shot, from the middle of the player to the first wall or the ball: who is drawn in its way is hit, so a page ends the line there. */
  shot: event(
    {
      shooter: f.entity(),
      from: f.vec2(0, 2000, point),
      angle: f.angle({ step: 12 }),
      length: f.uint(balance.rifleRange),
      /** What it ends on when nobody is in its way. */
      on: f.enumOf('nothing', 'wall', 'ball'),
      colour,
    },
    { expiresMs: 250 },
  ),
  /** Where a rocket has burst. */
  blast: event({ at: f.vec2(0, 2000, point), colour }, { expiresMs: 400 }),
} as const;

/** What a step is given besides its entity and its input. */
export type ArenaStep = StepContext<typeof entities, typeof state, typeof events>;
/** What a step reads of an input; a press is how often in this tick. */
export type Intent = Readonly<ValuesOf<typeof input>>;
/** The fields of an entity, without the id that a world gives it. */
export type FieldsOf<Name extends keyof typeof entities> = ValuesOf<(typeof entities)[Name]['fields']>;
export type Weapon = FieldsOf<'player'>['weapon'];
