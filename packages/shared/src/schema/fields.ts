// `f`: every field kind under the name that a game's schema uses.
//
// A hand-written list: what each kind means, its units and its errors stand at its own function.

import { bool, button, enumOf, flags, press, teleport } from './choices.ts';
import { list, optional } from './containers.ts';
import { angle, entityRef, fixed, float32, int, tick, uint } from './numbers.ts';
import { quat } from './rotations.ts';
import { bytes, string } from './texts.ts';
import { vec2, vec3 } from './vectors.ts';

/** The field kinds. Each is described at its own function; `button` and `press` are for inputs. */
export const f: {
  readonly bool: typeof bool;
  readonly uint: typeof uint;
  readonly int: typeof int;
  readonly fixed: typeof fixed;
  readonly angle: typeof angle;
  readonly vec2: typeof vec2;
  readonly vec3: typeof vec3;
  readonly quat: typeof quat;
  readonly float32: typeof float32;
  readonly enumOf: typeof enumOf;
  readonly flags: typeof flags;
  readonly string: typeof string;
  readonly bytes: typeof bytes;
  readonly tick: typeof tick;
  readonly entity: typeof entityRef;
  readonly list: typeof list;
  readonly optional: typeof optional;
  readonly button: typeof button;
  readonly press: typeof press;
  readonly teleport: typeof teleport;
} = {
  bool,
  uint,
  int,
  fixed,
  angle,
  vec2,
  vec3,
  quat,
  float32,
  enumOf,
  flags,
  string,
  bytes,
  tick,
  entity: entityRef,
  list,
  optional,
  button,
  press,
  teleport,
};
