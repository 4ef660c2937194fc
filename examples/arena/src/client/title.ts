// The title screen: a name, and where to play: at once, in a private room, with a code, or in a room of the list.
//
// Invariant: it can be used with the keyboard alone, and Enter in the name's field plays at once. The name is remembered when it is used.

import type { Choice } from './address.ts';
import { openRooms } from './joining.ts';
import { element } from './page.ts';
import { RoomList } from './room-list.ts';
import { writeSetting } from './settings.ts';

export class Title {
  readonly #section = element('title');
  readonly #name = element<HTMLInputElement>('name');
  readonly #code = element<HTMLInputElement>('code');
  readonly #rooms = new RoomList(openRooms, (idOrCode) => this.#chosen({ how: 'room', idOrCode }));
  #resolve: (choice: Choice) => void = () => {};

  constructor(name: string) {
    this.#name.value = name;
    element('play-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#chosen({ how: 'quick' });
    });
    element('play-private').addEventListener('click', () => this.#chosen({ how: 'private' }));
    element('code-form').addEventListener('submit', (event) => {
      event.preventDefault();
      const idOrCode = this.#code.value.trim();
      if (idOrCode) this.#chosen({ how: 'room', idOrCode });
      else this.#code.focus();
    });
    // A click into the name is there to change it.
    this.#name.addEventListener('focus', () => this.#name.select());
  }

  get isShown(): boolean {
    return !this.#section.hidden;
  }

  get name(): string {
    return this.#name.value.trim() || this.#name.placeholder;
  }

  /** Shows the title until somebody has chosen where to play. */
  choose(): Promise<Choice> {
    this.#section.hidden = false;
    this.#rooms.start();
    element('play-quick').focus({ preventScroll: true });
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  #chosen(choice: Choice): void {
    writeSetting('name', this.name);
    this.#rooms.stop();
    this.#section.hidden = true;
    this.#resolve(choice);
  }
}
