// What a player does with the hands, whatever the hands hold: one interface for keyboard and mouse, gamepad and touch, and the one that is in use.
//
// Invariant: a press is told once, and a click shorter than a tick still shoots once; while the page has something else on it that takes keys (a menu, the
// chat line) the hands are held, and nothing that was down before stays down.
// Units: page pixels, radians, -1 to 1 for directions.

import type { Vec2 } from '@tickwire/shared';

export type DeviceName = 'keys' | 'gamepad' | 'touch';

/** One tick of hands. */
export interface Sample {
  move: Vec2;
  aim: number;
  fire: boolean;
  dash: boolean;
  swap: boolean;
}

/** Where the aim starts from, and how a point of the page becomes one of the arena. */
export interface Sight {
  readonly from: Readonly<Vec2>;
  placeUnder(page: Readonly<Vec2>): Vec2;
}

/** A kind of device. */
export interface Controls {
  readonly name: DeviceName;
  /** When it was last used, in milliseconds of the page's clock. */
  readonly usedAt: number;
  move(): Readonly<Vec2>;
  /** Undefined where it points nowhere: then the barrel stays. */
  aim(sight: Sight): number | undefined;
  fires(): boolean;
  /** Presses since the last call. */
  takePresses(): { readonly dash: boolean; readonly swap: boolean };
  /** Lets go of everything. */
  release(): void;
}

/** The way of four keys or of a cross, as long as that of a stick: two at once are no faster than one. Written into `way`. */
export function fourWays(left: boolean, right: boolean, up: boolean, down: boolean, way: Vec2): void {
  const x = Number(right) - Number(left);
  const y = Number(down) - Number(up);
  const length = x !== 0 && y !== 0 ? Math.SQRT1_2 : 1;
  way.x = x * length;
  way.y = y * length;
}

/** All devices of the page; the one that was used last counts. */
export class Hands {
  /** Tells when another device is used than before. */
  onDevice: (name: DeviceName) => void = () => {};
  readonly #devices: readonly [Controls, ...Controls[]];
  readonly #isElsewhere: () => boolean;
  #current: Controls;
  #aim = 0;
  #areHeld = true;

  /** @param isElsewhere whether something else has the player's attention: nothing moves or shoots then. */
  constructor(devices: readonly [Controls, ...Controls[]], isElsewhere: () => boolean) {
    this.#devices = devices;
    this.#isElsewhere = isElsewhere;
    this.#current = devices.reduce((best, one) => (one.usedAt > best.usedAt ? one : best));
    addEventListener('blur', () => this.#release());
    document.addEventListener('visibilitychange', () => this.#release());
  }

  get device(): DeviceName {
    return this.#current.name;
  }

  sample(sight: Sight): Sample {
    this.#look();
    const areHeld = this.#isElsewhere();
    if (areHeld !== this.#areHeld) this.#release();
    this.#areHeld = areHeld;
    const { dash, swap } = this.#current.takePresses();
    const aim = this.aim(sight);
    if (areHeld) return { move: { x: 0, y: 0 }, aim, fire: false, dash: false, swap: false };
    return { move: { ...this.#current.move() }, aim, fire: this.#current.fires(), dash, swap };
  }

  /** Where the barrel points now: more often than once a tick, since the eye follows the hand. */
  aim(sight: Sight): number {
    if (!this.#areHeld) this.#aim = this.#current.aim(sight) ?? this.#aim;
    return this.#aim;
  }

  #look(): void {
    const latest = this.#devices.reduce((best, one) => (one.usedAt > best.usedAt ? one : best));
    if (latest === this.#current || latest.usedAt <= this.#current.usedAt) return;
    this.#current.release();
    this.#current = latest;
    this.onDevice(latest.name);
  }

  #release(): void {
    for (const device of this.#devices) device.release();
  }
}
