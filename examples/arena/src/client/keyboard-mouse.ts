// Keyboard and mouse: WASD or arrows walk, the mouse aims and shoots, Space or Shift dashes, Q or the right button changes the weapon.
//
// Invariant: listens to the page itself, so that the same code serves any way of drawing; keys that are typed into a field or move the focus of a button are
// none of the game's. Units: page pixels, radians.

import type { Vec2 } from '@tickwire/shared';
import { type Controls, fourWays, type Sight } from './controls.ts';
import { Presses } from './presses.ts';

export class KeyboardMouse implements Controls {
  readonly name = 'keys';
  usedAt = 0;
  readonly #keys = new Set<string>();
  readonly #pointer: Vec2 = { x: innerWidth, y: innerHeight / 2 };
  readonly #move: Vec2 = { x: 0, y: 0 };
  readonly #presses = new Presses();
  #isPressed = false;
  #clicks = 0;

  constructor(stage: HTMLElement) {
    addEventListener('keydown', (event) => this.#keyDown(event));
    addEventListener('keyup', (event) => this.#keys.delete(event.code));
    addEventListener('pointermove', (event) => this.#point(event));
    stage.addEventListener('pointerdown', (event) => this.#press(event));
    addEventListener('pointerup', (event) => {
      if (event.pointerType !== 'touch' && event.button === 0) this.#isPressed = false;
    });
    stage.addEventListener('contextmenu', (event) => event.preventDefault());
  }

  move(): Readonly<Vec2> {
    const held = (a: string, b: string): boolean => this.#keys.has(a) || this.#keys.has(b);
    fourWays(held('KeyA', 'ArrowLeft'), held('KeyD', 'ArrowRight'), held('KeyW', 'ArrowUp'), held('KeyS', 'ArrowDown'), this.#move);
    return this.#move;
  }

  aim({ from, placeUnder }: Sight): number {
    const target = placeUnder(this.#pointer);
    return Math.atan2(target.y - from.y, target.x - from.x);
  }

  fires(): boolean {
    const fires = this.#isPressed || this.#clicks > 0;
    this.#clicks = 0;
    return fires;
  }

  takePresses(): ReturnType<Presses['take']> {
    return this.#presses.take();
  }

  release(): void {
    this.#keys.clear();
    this.#isPressed = false;
    this.#clicks = 0;
    this.takePresses();
  }

  #keyDown(event: KeyboardEvent): void {
    if (isElsewhere(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.code.startsWith('Arrow') || event.code === 'Space') event.preventDefault();
    if (!gameKeys.has(event.code)) return;
    this.usedAt = event.timeStamp;
    this.#keys.add(event.code);
    if (event.repeat) return;
    if (event.code === 'Space' || event.code.startsWith('Shift')) this.#presses.dash = true;
    if (event.code === 'KeyQ') this.#presses.swap = true;
  }

  #point(event: PointerEvent): void {
    if (event.pointerType === 'touch') return;
    if (Math.hypot(event.movementX, event.movementY) > 0) this.usedAt = event.timeStamp;
    this.#pointer.x = event.clientX;
    this.#pointer.y = event.clientY;
  }

  #press(event: PointerEvent): void {
    if (event.pointerType === 'touch') return;
    this.usedAt = event.timeStamp;
    this.#pointer.x = event.clientX;
    this.#pointer.y = event.clientY;
    if (event.button === 2) this.#presses.swap = true;
    if (event.button !== 0) return;
    this.#isPressed = true;
    this.#clicks += 1;
  }
}

/** Whether a key is meant for something on the page: a field, a button, a dialog. */
function isElsewhere(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, button, dialog') !== null;
}

const gameKeys: ReadonlySet<string> = new Set([
  ...['KeyW', 'KeyA', 'KeyS', 'KeyD', 'ArrowUp', 'ArrowLeft', 'ArrowDown', 'ArrowRight'],
  ...['Space', 'ShiftLeft', 'ShiftRight', 'KeyQ'],
]);
