// The chat: Enter opens a line, Enter says it, Escape leaves it. Also notes who comes and goes.

import type { Controls } from './controls.ts';
import { FadingList } from './fading-list.ts';
import { element, make } from './page.ts';
import { cssColour, playerColours } from './palette.ts';

export class Chat {
  readonly #log = new FadingList(element('chat-log'), { linesMax: 6, stayMs: 12_000 });
  readonly #form = element<HTMLFormElement>('chat-form');
  readonly #line = element<HTMLInputElement>('chat-line');
  readonly #open = element<HTMLButtonElement>('chat-open');
  readonly #controls: Controls;

  constructor(controls: Controls, say: (text: string) => void) {
    this.#controls = controls;
    const key = make('kbd', '', 'Enter');
    if (controls.sticks.areShown) this.#open.textContent = 'Chat';
    else this.#open.append(key, ' to chat');
    this.#open.addEventListener('click', () => this.#start());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = this.#line.value.trim();
      if (text) say(text);
      this.#stop();
    });
    this.#line.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#stop();
    });
    this.#line.addEventListener('blur', () => this.#stop());
    window.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.target === this.#line || event.target instanceof HTMLButtonElement) return;
      event.preventDefault();
      this.#start();
    });
  }

  /** A line that somebody said. */
  add({ name, colour, text }: { name: string; colour: number; text: string }): void {
    const line = make('li');
    const speaker = make('span', 'name', name);
    speaker.style.setProperty('--colour', cssColour(playerColours[colour] ?? 0xffffff));
    line.append(speaker, ` ${text}`);
    this.#log.add(line);
  }

  /** Something that happened, said by nobody. */
  note(text: string): void {
    this.#log.add(make('li', 'notice', text));
  }

  #start(): void {
    this.#controls.release();
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
