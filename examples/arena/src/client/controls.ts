// Keys, mouse and thumbs, read as one input. Listens to the page itself, so that the same code serves any way of drawing.
//
// Invariant: a click shorter than a tick still shoots once; nothing is held any more when the window loses the focus.
// Units: page pixels for the pointer, -1 to 1 for directions.

import type { Vec2 } from '@tickwire/shared';
import { TouchSticks } from './touch-sticks.ts';

export interface Sample {
  move: Vec2;
  fire: boolean;
  dash: boolean;
  swap: boolean;
}

export class Controls {
  /** Where the mouse is on the page. */
  readonly pointer: Vec2 = { x: 0, y: 0 };
  readonly sticks: TouchSticks;
  /** Whether the last that pointed was a thumb. */
  aimsWithThumb: boolean;
  readonly #keys = new Set<string>();
  #isPressed = false;
  #clicks = 0;
  #dashes = false;
  #swaps = false;

  constructor(stage: HTMLElement) {
    this.sticks = new TouchSticks(stage);
    this.aimsWithThumb = this.sticks.areShown;
    window.addEventListener('keydown', (event) => this.#keyDown(event));
    window.addEventListener('keyup', (event) => this.#keys.delete(event.code));
    window.addEventListener('blur', () => this.release());
    document.addEventListener('visibilitychange', () => this.release());
    window.addEventListener('pointermove', (event) => this.#point(event));
    stage.addEventListener('pointerdown', (event) => this.#press(event));
    window.addEventListener('pointerup', (event) => {
      if (event.pointerType !== 'touch' && event.button === 0) this.#isPressed = false;
    });
    stage.addEventListener('contextmenu', (event) => event.preventDefault());
  }

  /** What is held now. Takes note that clicks up to here were seen. */
  sample(): Sample {
    const fire = this.#isPressed || this.#clicks > 0 || this.sticks.fires;
    this.#clicks = 0;
    const { move } = this.sticks;
    const [dash, swap] = [this.#dashes, this.#swaps];
    this.#dashes = false;
    this.#swaps = false;
    return { move: move ? { ...move } : this.#walkKeys(), fire, dash, swap };
  }

  /** Lets go of everything. */
  release(): void {
    this.#keys.clear();
    this.#isPressed = false;
    this.sticks.release();
  }

  #walkKeys(): Vec2 {
    const held = (...codes: string[]) => codes.some((code) => this.#keys.has(code));
    const x = Number(held('KeyD', 'ArrowRight')) - Number(held('KeyA', 'ArrowLeft'));
    const y = Number(held('KeyS', 'ArrowDown')) - Number(held('KeyW', 'ArrowUp'));
    return x !== 0 && y !== 0 ? { x: x * Math.SQRT1_2, y: y * Math.SQRT1_2 } : { x, y };
  }

  #keyDown(event: KeyboardEvent): void {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.code.startsWith('Arrow') || event.code === 'Space') event.preventDefault();
    if (!event.repeat && event.code === 'Space') this.#dashes = true;
    if (!event.repeat && event.code === 'KeyQ') this.#swaps = true;
    this.#keys.add(event.code);
  }

  #point(event: PointerEvent): void {
    if (event.pointerType === 'touch') return;
    this.aimsWithThumb = false;
    this.pointer.x = event.clientX;
    this.pointer.y = event.clientY;
  }

  #press(event: PointerEvent): void {
    if (event.pointerType === 'touch') this.aimsWithThumb = true;
    if (event.pointerType === 'touch' || event.button !== 0) return;
    this.#point(event);
    this.#isPressed = true;
    this.#clicks += 1;
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement;
}
