// Keyboard and mouse: WASD or arrows walk, the mouse aims and shoots, Space or Shift dashes, Q or the right button changes the weapon.
//
// Invariant: listens to the page itself, so that the same code serves any way of drawing; keys that are typed into a field or move the focus of a button are
// none of the game's. Units: page pixels, radians.

import type { Vec2 } from '@tickwire/shared';
import type { Controls, Sight } from './controls.ts';

export class KeyboardMouse implements Controls {
  readonly name = 'keys';
  usedAt = 0;
  readonly #keys = new Set<string>();
  readonly #pointer: Vec2 = { x: innerWidth, y: innerHeight / 2 };
  readonly #move: Vec2 = { x: 0, y: 0 };
  #isPressed = false;
  #clicks = 0;
  #dash = false;
  #swap = false;

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
    const held = (a: string, b: string) => Number(this.#keys.has(a) || this.#keys.has(b));
    const x = held('KeyD', 'ArrowRight') - held('KeyA', 'ArrowLeft');
    const y = held('KeyS', 'ArrowDown') - held('KeyW', 'ArrowUp');
    const length = x !== 0 && y !== 0 ? Math.SQRT1_2 : 1;
    this.#move.x = x * length;
    this.#move.y = y * length;
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

  takePresses(): { dash: boolean; swap: boolean } {
    const presses = { dash: this.#dash, swap: this.#swap };
    this.#dash = false;
    this.#swap = false;
    return presses;
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
    if (event.code === 'Space' || event.code.startsWith('Shift')) this.#dash = true;
    if (event.code === 'KeyQ') this.#swap = true;
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
    if (event.button === 2) this.#swap = true;
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
