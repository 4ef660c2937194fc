// The chat: Enter opens a line, Enter says it, Escape leaves it. Also notes who comes and goes.

import { FadingList } from './fading-list.ts';
import { element, make } from './page.ts';
import { nameTag } from './player-mark.ts';

export class Chat {
  readonly #log = new FadingList(element('chat-log'), { linesMax: 6, stayMs: 12_000 });
  readonly #form = element<HTMLFormElement>('chat-form');
  readonly #line = element<HTMLInputElement>('chat-line');
  readonly #open = element<HTMLButtonElement>('chat-open');
  /** Where a line goes; nowhere while nobody plays. */
  onSay: (text: string) => void = () => {};

  constructor() {
    this.#open.addEventListener('click', () => this.start());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = this.#line.value.trim();
      if (text) this.onSay(text);
      this.#stop();
    });
    this.#line.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      // Here Escape leaves the line, and does not open the menu as well.
      event.stopPropagation();
      this.#stop();
    });
    this.#line.addEventListener('blur', () => this.#stop());
  }

  /** Whether somebody types a line. */
  get isOpen(): boolean {
    return !this.#form.hidden;
  }

  clear(): void {
    this.#stop();
    this.#log.clear();
  }

  /** A line that somebody said. */
  add({ name, colour, text }: { name: string; colour: number; text: string }): void {
    const line = make('li');
    line.append(nameTag({ name, player: { colour } }), ` ${text}`);
    this.#log.add(line);
  }

  /** Something that happened, said by nobody. */
  note(text: string): void {
    this.#log.add(make('li', 'notice', text));
  }

  start(): void {
    this.#form.hidden = false;
    this.#open.hidden = true;
    this.#line.value = '';
    this.#line.focus();
  }

  #stop(): void {
    if (this.#form.hidden) return;
    this.#form.hidden = true;
    this.#open.hidden = false;
    this.#line.blur();
  }
}
