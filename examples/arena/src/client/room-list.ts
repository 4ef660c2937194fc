// The rooms that are open to all, as the title screen lists them: who is there, what goes on, and a button into each.
//
// Invariant: what a room says of itself is text and numbers of a server that this page need not trust; it never becomes markup, and nothing else is shown.
// Units: milliseconds.

import type { RoomListing } from '@tickwire/client';
import type { ArenaFacts } from './joining.ts';
import { element, make, setText } from './page.ts';

type Listing = RoomListing<ArenaFacts>;

export class RoomList {
  readonly #list = element('room-list');
  readonly #note = element('rooms-note');
  readonly #refresh = element<HTMLButtonElement>('rooms-refresh');
  readonly #ask: () => Promise<Listing[]>;
  readonly #choose: (roomId: string) => void;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(ask: () => Promise<Listing[]>, choose: (roomId: string) => void) {
    this.#ask = ask;
    this.#choose = choose;
    this.#refresh.onclick = () => this.#look();
  }

  /** Keeps the list fresh, until `stop`. */
  start(): void {
    this.stop();
    this.#look();
    this.#timer = setInterval(() => {
      if (document.visibilityState === 'visible') this.#look();
    }, lookMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    this.#refresh.classList.add('turning');
    try {
      this.#show(await this.#ask());
    } catch (error) {
      this.#list.replaceChildren();
      setText(this.#note, `The list did not come. ${error instanceof Error ? error.message : error}`);
    }
    this.#refresh.classList.remove('turning');
  }

  #show(rooms: readonly Listing[]): void {
    const hadFocus = (document.activeElement as HTMLElement | null)?.dataset['room'];
    setText(this.#note, rooms.length === 0 ? 'Nobody plays at the moment. Quick play opens a room, and bots are there at once.' : '');
    this.#list.replaceChildren(...rooms.map((room, index) => this.#row(room, index + 1)));
    if (hadFocus !== undefined) this.#list.querySelector<HTMLElement>(`[data-room="${CSS.escape(hadFocus)}"]`)?.focus();
  }

  #row(room: Listing, number: number): HTMLElement {
    const row = make('li');
    const who = `${people(room)}, ${phaseOf(room.metadata?.phase)}`;
    const words = make('span', 'room-words');
    words.append(make('b', '', `Arena ${number}`), make('span', 'room-who', who));
    const isFull = room.isLocked || room.clients >= room.maxClients;
    const button = make('button', '', isFull ? 'Full' : 'Join');
    button.type = 'button';
    button.disabled = isFull;
    button.dataset['room'] = room.roomId;
    button.setAttribute('aria-label', `${isFull ? 'Full' : 'Join'}: arena ${number}, ${who}`);
    button.onclick = () => this.#choose(room.roomId);
    row.append(words, button);
    return row;
  }
}

function people({ clients, metadata }: Listing): string {
  const bots = Number(metadata?.bots ?? 0);
  const counted = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`;
  return counted(clients, 'player') + (bots > 0 ? `, ${counted(bots, 'bot')}` : '');
}

function phaseOf(phase: unknown): string {
  return phase === 'result' ? 'between two matches' : 'playing';
}

/** A list is one small request; a page asks for it as long as somebody looks at it. */
const lookMs = 5000;
