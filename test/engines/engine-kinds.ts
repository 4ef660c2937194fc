// Every kind of field, with values to put into it: what the codec is tried on in each engine.
//
// A new kind gets its line in `engineKinds` and nothing else. Invariant: values come from the seeded random and `+ - * /` alone, so that each engine
// draws the same ones. Values may be out of range and off the grid: to store one is part of what is tried.

import { f, type Kind, type Quat, type Random } from '@tickwire/shared';

export interface EngineKind {
  readonly kind: Kind<unknown>;
  /** A value, or one that follows another as a game's values follow each other. */
  value(random: Random, before?: unknown): unknown;
}

type Draw<T> = (random: Random, before: T | undefined) => T;

export const engineKinds: readonly EngineKind[] = [
  of(f.fixed(0, 2000, { wire: 1 / 16 }), moving(0, 2000)),
  of(f.fixed(0, 1, { step: 0.4 }), moving(0, 1)),
  of(f.fixed(-10, 10, { step: 0.5, wire: 3 }), moving(-10, 10)),
  of(f.fixed(2.8e11, 2.8e11 + 1000, { step: 0.001 }), moving(2.8e11, 2.8e11 + 1000)),
  of(f.fixed(-(2 ** 20), 2 ** 20 - 1), moving(-(2 ** 20), 2 ** 20)),
  of(f.angle(), moving(-4, 4)),
  of(f.angle({ step: 30, wire: 1 }), moving(-40, 40)),
  of(f.angle({ wire: 8 }), moving(-4, 4)),
  of(f.vec2(0, 2000, { wire: 1 / 16 }), (random, before) => ({ x: moving(0, 2000)(random, before?.x), y: moving(0, 2000)(random, before?.y) })),
  of(f.vec3(-10, -1, { wire: 1 / 8 }), (random, before) => ({
    x: moving(-10, -1)(random, before?.x),
    y: moving(-10, -1)(random, before?.y),
    z: moving(-10, -1)(random, before?.z),
  })),
  of(f.quat(), turning),
  of(f.quat({ step: 20, wire: 10 }), turning),
  of(f.quat({ step: 6, wire: 4 }), turning),
  // A count: never below 0.
  of(f.teleport(), (random, before) => Math.max(0, whole(0, 40)(random, before))),
  of(f.float32(), moving(-1e9, 1e9)),
  of(f.uint(100), whole(0, 100)),
  of(f.uint(2 ** 31 - 1), whole(0, 2 ** 31)),
  of(f.int(-7, 9), whole(-7, 9)),
  of(f.int(2 ** 40, 2 ** 40 + 3), whole(2 ** 40, 2 ** 40 + 3)),
  of(f.tick(), whole(0, 2 ** 31)),
  of(f.bool(), (random) => random.chance(0.5)),
  of(f.enumOf('a', 'b', 'c d'), (random) => random.pick(['a', 'b', 'c d'] as const)),
  of(f.flags('lit', 'up', 'hot'), (random) => ({ lit: random.chance(0.5), up: random.chance(0.5), hot: random.chance(0.5) })),
  of(f.entity(), (random) => (random.chance(0.3) ? null : (random.int(2 ** 30) as never))),
  of(f.string(12), text),
  of(f.bytes(70), (random) => Uint8Array.from({ length: random.int(80) }, () => random.int(256))),
  of(f.list(f.uint(5), 3), (random) => Array.from({ length: random.int(4) }, () => random.int(6))),
  of(f.list(f.vec2(0, 9, { step: 0.25, wire: 2 }), 2), (random) => Array.from({ length: random.int(3) }, () => point(random))),
  of(f.optional(f.vec2(0, 9, { step: 0.25, wire: 2 })), (random) => (random.chance(0.5) ? null : point(random))),
  of(f.optional(f.list(f.string(3), 2)), (random) => (random.chance(0.5) ? null : Array.from({ length: random.int(3) }, () => text(random)))),
];

function of<T>(kind: Kind<T>, draw: Draw<T>): EngineKind {
  return { kind: kind as Kind<unknown>, value: (random, before) => draw(random, before as T | undefined) };
}

/** A rotation of any length but 0, near the one before or anywhere. */
function turning(random: Random, before: Quat | undefined): Quat {
  const part = (was: number | undefined): number => moving(-1, 1)(random, was);
  return { x: part(before?.x), y: part(before?.y), z: part(before?.z), w: part(before?.w) + 0.001 };
}

/** A number near the one before, or on from it, or anywhere, also a little outside. */
function moving(min: number, max: number): Draw<number> {
  const width = max - min;
  return (random, before) => {
    const how = random.int(4);
    if (before === undefined || how === 0) return random.range(min - width / 16, max + width / 16);
    return how === 1 ? before : before + random.range(-1, 1) * (how === 2 ? width / 64 : 0.01);
  };
}

function whole(min: number, max: number): Draw<number> {
  const draw = moving(min, max);
  return (random, before) => Math.floor(draw(random, before));
}

function point(random: Random): { x: number; y: number } {
  return { x: random.range(-1, 10), y: random.range(-1, 10) };
}

/** Letters of one to four bytes each, and halves of letters that have no UTF-8. */
function text(random: Random): string {
  return Array.from({ length: random.int(9) }, () => random.pick(['a', '7', 'é', '€', '𝄞', '\ud834', '\udd1e', '\u0000'])).join('');
}
