// Two sticks for thumbs: the left half of the screen walks, the right half aims, and shoots while it is pushed outwards. Buttons beside them dash and
// change the weapon.
//
// Invariant: a stick belongs to the finger that put it down; other fingers do not move it. They show themselves at the first touch, and go when another
// device is used. Units: page pixels; directions from -1 to 1.

import type { Vec2 } from '@tickwire/shared';
import type { Controls } from './controls.ts';
import { element } from './page.ts';
import { Presses } from './presses.ts';

interface Stick {
  readonly base: HTMLElement;
  readonly knob: HTMLElement;
  finger: number | undefined;
  readonly centre: Vec2;
  /** Where the thumb is, at most 1 from the centre. */
  readonly at: Vec2;
}

export class TouchSticks implements Controls {
  readonly name = 'touch';
  usedAt = 0;
  readonly #layer = element('sticks');
  readonly #move = makeStick('stick-move');
  readonly #aim = makeStick('stick-aim');
  readonly #presses = new Presses();

  constructor(stage: HTMLElement) {
    stage.addEventListener('pointerdown', (event) => this.#down(event));
    window.addEventListener('pointermove', (event) => this.#moved(event));
    for (const type of ['pointerup', 'pointercancel'] as const) window.addEventListener(type, (event) => this.#up(event.pointerId));
    window.addEventListener('resize', () => this.#rest());
    this.#button('touch-dash', () => {
      this.#presses.dash = true;
    });
    this.#button('touch-swap', () => {
      this.#presses.swap = true;
    });
    // Newer than a mouse that was never there.
    if (matchMedia('(pointer: coarse)').matches) this.usedAt = 1;
  }

  show(areShown: boolean): void {
    this.#layer.hidden = !areShown;
    this.#rest();
  }

  move(): Readonly<Vec2> {
    return this.#move.finger === undefined ? still : this.#move.at;
  }

  /** Who only walks looks where they go. */
  aim(): number | undefined {
    const stick = [this.#aim, this.#move].find(({ finger, at }) => finger !== undefined && lengthOf(at) > aimFrom);
    return stick && Math.atan2(stick.at.y, stick.at.x);
  }

  fires(): boolean {
    return this.#aim.finger !== undefined && lengthOf(this.#aim.at) > fireFrom;
  }

  takePresses(): ReturnType<Presses['take']> {
    return this.#presses.take();
  }

  release(): void {
    for (const { finger } of [this.#move, this.#aim]) if (finger !== undefined) this.#up(finger);
    this.takePresses();
  }

  /** At once when the finger comes down: a click would come when it is lifted. */
  #button(id: string, pressed: () => void): void {
    element(id).addEventListener('pointerdown', (event) => {
      this.usedAt = event.timeStamp;
      pressed();
    });
  }

  #down(event: PointerEvent): void {
    if (event.pointerType !== 'touch') return;
    this.usedAt = event.timeStamp;
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
  }

  #up(finger: number): void {
    const stick = [this.#move, this.#aim].find((one) => one.finger === finger);
    if (!stick) return;
    stick.finger = undefined;
    stick.base.classList.remove('held');
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

const still: Readonly<Vec2> = { x: 0, y: 0 };
/** How far a knob travels. */
const throwPx = 44;
/** Below this a resting thumb does not turn the barrel; above the other it shoots. */
const aimFrom = 0.25;
const fireFrom = 0.6;
const restFromSide = 84;
const restFromBottom = 118;
