// A list of short lines on the page, newest last: each fades after a while, and the oldest makes room.
//
// Units: milliseconds.

export class FadingList {
  readonly #list: HTMLElement;
  readonly #linesMax: number;
  readonly #stayMs: number;

  constructor(list: HTMLElement, options: { linesMax: number; stayMs: number }) {
    this.#list = list;
    this.#linesMax = options.linesMax;
    this.#stayMs = options.stayMs;
  }

  add(line: HTMLElement): void {
    this.#list.append(line);
    while (this.#list.childElementCount > this.#linesMax) this.#list.firstElementChild?.remove();
    setTimeout(() => line.classList.add('leaving'), this.#stayMs);
    setTimeout(() => line.remove(), this.#stayMs + fadeMs);
  }

  clear(): void {
    this.#list.replaceChildren();
  }
}

/** As long as the transition of `.leaving` in style.css. */
const fadeMs = 600;
