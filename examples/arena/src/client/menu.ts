// The dialogs of the page: the menu of a game that goes on behind it, how to play, and the code of a new private room.
//
// Invariant: all are modal dialogs of the browser: the focus stays inside, Escape closes them, and what had the focus before has it again.

import { inviteTo } from './address.ts';
import { element, setText } from './page.ts';

/** The room that the menu speaks of. */
export interface MenuRoom {
  readonly roomId: string;
  readonly code: string | undefined;
  leave(): void;
}

const menu = element<HTMLDialogElement>('menu');
const help = element<HTMLDialogElement>('help');
const invite = element<HTMLDialogElement>('invite');

export class Menu {
  #room: MenuRoom | undefined;

  constructor() {
    for (const dialog of [menu, help, invite]) {
      for (const button of dialog.querySelectorAll('.close')) button.addEventListener('click', () => dialog.close());
      // A click beside the dialog is one on its backdrop.
      dialog.addEventListener('click', (event) => {
        if (event.target === dialog) dialog.close();
      });
    }
    for (const id of ['title-help', 'menu-help']) element(id).addEventListener('click', () => help.showModal());
    element('menu-leave').addEventListener('click', () => {
      menu.close();
      this.#room?.leave();
    });
    for (const id of ['menu-copy', 'invite-copy-link']) copyWith(id, () => (this.#room ? inviteTo(idOf(this.#room), location) : ''));
    copyWith('invite-copy', () => this.#room?.code ?? '');
    element('menu-open').addEventListener('click', () => this.open());
  }

  get isOpen(): boolean {
    return [menu, help, invite].some(({ open }) => open);
  }

  /** The room that is played in; undefined on the title. */
  set room(room: MenuRoom | undefined) {
    this.#room = room;
    if (!room) this.close();
    element('menu-code').hidden = room?.code === undefined;
    setText(element('menu-code-text'), room?.code ?? '');
  }

  open(): void {
    if (this.#room && !this.isOpen) menu.showModal();
  }

  /** Shows a code to be told to friends. */
  invite(code: string): void {
    setText(element('invite-code'), code);
    if (!this.isOpen) invite.showModal();
  }

  close(): void {
    for (const dialog of [help, invite, menu]) if (dialog.open) dialog.close();
  }
}

function idOf({ code, roomId }: MenuRoom): string {
  return code ?? roomId;
}

/** Copies on a click, and says whether that worked: a page that came over plain HTTP from another machine may not. */
function copyWith(id: string, text: () => string): void {
  const button = element(id);
  const label = button.textContent ?? '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  button.addEventListener('click', async () => {
    let said = 'Copied';
    try {
      await navigator.clipboard.writeText(text());
    } catch {
      said = text();
    }
    button.textContent = said;
    clearTimeout(timer);
    timer = setTimeout(() => setText(button, label), copiedMs);
  });
}

const copiedMs = 2500;
