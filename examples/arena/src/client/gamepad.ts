// A gamepad of the standard mapping: the left stick or the cross walks, the right stick aims, a right trigger shoots, A or a left trigger dashes, X changes
// the weapon. The other buttons are the page's: Start opens the menu, Back shows the scores, and in menus the cross moves and A chooses.
//
// Invariant: the browser tells of buttons only when it is asked, so `poll` is called in every frame; a press is told once.
// Units: radians, -1 to 1 for sticks, milliseconds of the page's clock.

import type { Vec2 } from '@tickwire/shared';
import { type Controls, fourWays } from './controls.ts';
import { Presses } from './presses.ts';

/** Buttons that are the page's, by their place in the standard mapping. */
export type PageButton = 'choose' | 'back' | 'menu' | 'scores' | 'up' | 'down' | 'left' | 'right';

export class GamepadControls implements Controls {
  readonly name = 'gamepad';
  usedAt = 0;
  /** A button of the page went down, or `scores` up again. */
  onButton: (button: PageButton, isDown: boolean) => void = () => {};
  readonly #move: Vec2 = { x: 0, y: 0 };
  readonly #look: Vec2 = { x: 0, y: 0 };
  readonly #cross: Vec2 = { x: 0, y: 0 };
  readonly #presses = new Presses();
  readonly #down = new Set<number>();
  #stickWay: PageButton | undefined;

  /** Asks the gamepad. The one that was used last counts, where there are several. */
  poll(now: number): void {
    for (const pad of navigator.getGamepads()) {
      if (pad?.connected) this.#read(pad, now);
    }
  }

  move(): Readonly<Vec2> {
    const { left, right, up, down } = standard;
    fourWays(this.#down.has(left), this.#down.has(right), this.#down.has(up), this.#down.has(down), this.#cross);
    return this.#cross.x === 0 && this.#cross.y === 0 ? this.#move : this.#cross;
  }

  /** Who only walks looks where they go. */
  aim(): number | undefined {
    if (this.#look.x !== 0 || this.#look.y !== 0) return Math.atan2(this.#look.y, this.#look.x);
    const { x, y } = this.move();
    return x === 0 && y === 0 ? undefined : Math.atan2(y, x);
  }

  fires(): boolean {
    return this.#down.has(standard.rightTrigger) || this.#down.has(standard.rightShoulder);
  }

  takePresses(): ReturnType<Presses['take']> {
    return this.#presses.take();
  }

  /** What is held stays known as held: else it would count as pressed anew. */
  release(): void {
    this.takePresses();
  }

  #read({ axes, buttons }: Gamepad, now: number): void {
    withoutRest(this.#move, axes[0] ?? 0, axes[1] ?? 0);
    withoutRest(this.#look, axes[2] ?? 0, axes[3] ?? 0);
    if (lengthOf(this.#move) > 0 || lengthOf(this.#look) > 0) this.usedAt = now;
    for (const [number, button] of buttons.entries()) {
      const isDown = button.pressed || button.value > triggerFrom;
      if (isDown) this.usedAt = now;
      if (isDown === this.#down.has(number)) continue;
      if (isDown) this.#down.add(number);
      else this.#down.delete(number);
      this.#changed(number, isDown);
    }
    this.#tilt();
  }

  #changed(number: number, isDown: boolean): void {
    if (isDown && dashButtons.has(number)) this.#presses.dash = true;
    if (isDown && swapButtons.has(number)) this.#presses.swap = true;
    const button = pageButtons.get(number);
    if (button && (isDown || button === 'scores')) this.onButton(button, isDown);
  }

  /** In menus the left stick moves as the cross does, a step each time that it is pushed over. */
  #tilt(): void {
    const { x, y } = this.#move;
    const strength = lengthOf(this.#move);
    if (strength < tiltBack) this.#stickWay = undefined;
    if (strength < tiltFrom) return;
    const way = Math.abs(x) > Math.abs(y) ? (x > 0 ? 'right' : 'left') : y > 0 ? 'down' : 'up';
    if (way === this.#stickWay) return;
    this.#stickWay = way;
    this.onButton(way, true);
  }
}

/** Sticks never rest quite in the middle; what is left of the way is stretched, so that slow walking stays possible. */
function withoutRest(to: Vec2, x: number, y: number): void {
  const length = Math.hypot(x, y);
  const strength = length < restWithin ? 0 : Math.min(1, (length - restWithin) / (1 - restWithin)) / length;
  to.x = x * strength;
  to.y = y * strength;
}

function lengthOf({ x, y }: Readonly<Vec2>): number {
  return Math.hypot(x, y);
}

const restWithin = 0.2;
const triggerFrom = 0.3;
const tiltFrom = 0.6;
const tiltBack = 0.3;

const standard = { rightShoulder: 5, rightTrigger: 7, up: 12, down: 13, left: 14, right: 15 } as const;
/** A, both left triggers. */
const dashButtons: ReadonlySet<number> = new Set([0, 4, 6]);
/** X, Y. */
const swapButtons: ReadonlySet<number> = new Set([2, 3]);
const pageButtons: ReadonlyMap<number, PageButton> = new Map([
  [0, 'choose'],
  [1, 'back'],
  [8, 'scores'],
  [9, 'menu'],
  [12, 'up'],
  [13, 'down'],
  [14, 'left'],
  [15, 'right'],
]);
