// Two sticks for thumbs: the left half of the screen walks, the right half aims, and shoots while it is pushed outwards.
//
// Invariant: a stick belongs to the finger that put it down; other fingers do not move it. They show themselves at the first touch.
// Units: page pixels; directions from -1 to 1.

import type { Vec2 } from '@tickwire/shared';
import { element } from './page.ts';

interface Stick {
  readonly base: HTMLElement;
  readonly knob: HTMLElement;
  finger: number | undefined;
  readonly centre: Vec2;
  /** Where the thumb is, at most 1 from the centre. */
  readonly at: Vec2;
}

export class TouchSticks {
  readonly #layer = element('sticks');
  readonly #move = makeStick('stick-move');
  readonly #aim = makeStick('stick-aim');
  #lastAim: Vec2 | undefined;

  constructor(stage: HTMLElement) {
    stage.addEventListener('pointerdown', (event) => this.#down(event));
    window.addEventListener('pointermove', (event) => this.#moved(event));
    for (const type of ['pointerup', 'pointercancel'] as const) window.addEventListener(type, (event) => this.#up(event.pointerId));
    window.addEventListener('resize', () => this.#rest());
    if (matchMedia('(pointer: coarse)').matches) this.#show();
  }

  /** Whether somebody plays with thumbs. */
  get areShown(): boolean {
    return !this.#layer.hidden;
  }

  /** The walking thumb; undefined when it is not down. */
  get move(): Readonly<Vec2> | undefined {
    return this.#move.finger === undefined ? undefined : this.#move.at;
  }

  /** The direction last aimed in; undefined before the first. */
  get aim(): Readonly<Vec2> | undefined {
    return this.#lastAim;
  }

  get fires(): boolean {
    return this.#aim.finger !== undefined && lengthOf(this.#aim.at) > fireFrom;
  }

  release(): void {
    for (const { finger } of [this.#move, this.#aim]) if (finger !== undefined) this.#up(finger);
  }

  #down(event: PointerEvent): void {
    if (event.pointerType !== 'touch') return;
    this.#show();
    const stick = event.clientX < innerWidth / 2 ? this.#move : this.#aim;
    if (stick.finger !== undefined) return;
    stick.finger = event.pointerId;
    place(stick, event.clientX, event.clientY);
    stick.base.classList.add('held');
  }

  #moved(event: PointerEvent): void {
    const stick = [this.#move, this.#aim].find(({ finger }) => finger === event.pointerId);
    if (!stick) return;
    push(stick, event.clientX, event.clientY);
    if (stick === this.#aim && lengthOf(stick.at) > aimFrom) this.#lastAim = { ...stick.at };
  }

  #up(finger: number): void {
    const stick = [this.#move, this.#aim].find((one) => one.finger === finger);
    if (!stick) return;
    stick.finger = undefined;
    stick.base.classList.remove('held');
    this.#rest();
  }

  #show(): void {
    if (this.areShown) return;
    this.#layer.hidden = false;
    this.#rest();
  }

  /** Sticks without a finger wait in their corners. */
  #rest(): void {
    const y = innerHeight - restFromBottom;
    if (this.#move.finger === undefined) place(this.#move, restFromSide, y);
    if (this.#aim.finger === undefined) place(this.#aim, innerWidth - restFromSide, y);
  }
}

function makeStick(id: string): Stick {
  const base = element(id);
  return { base, knob: base.firstElementChild as HTMLElement, finger: undefined, centre: { x: 0, y: 0 }, at: { x: 0, y: 0 } };
}

function place(stick: Stick, x: number, y: number): void {
  stick.centre.x = x;
  stick.centre.y = y;
  stick.base.style.left = `${x}px`;
  stick.base.style.top = `${y}px`;
  push(stick, x, y);
}

function push(stick: Stick, x: number, y: number): void {
  const dx = (x - stick.centre.x) / throwPx;
  const dy = (y - stick.centre.y) / throwPx;
  const beyond = Math.max(1, Math.hypot(dx, dy));
  stick.at.x = dx / beyond;
  stick.at.y = dy / beyond;
  stick.knob.style.transform = `translate(${stick.at.x * throwPx}px, ${stick.at.y * throwPx}px)`;
}

function lengthOf({ x, y }: Readonly<Vec2>): number {
  return Math.hypot(x, y);
}

/** How far a knob travels. */
const throwPx = 44;
/** Below this a resting thumb does not turn the barrel; above the other it shoots. */
const aimFrom = 0.25;
const fireFrom = 0.6;
const restFromSide = 84;
const restFromBottom = 118;
