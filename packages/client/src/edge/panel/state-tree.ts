// The state tree: every entity that the client knows, with its fields as they are shown, as the server last said, and when they were last corrected.
//
// Only what is unfolded is read, a few times a second. Invariant: what is shown is what `room.view` has; entities beyond `entitiesShown` of a type are counted and
// left out. Units: the game's own; seconds.

import type { AnyGame } from '@tickwire/shared';
import type { EntityType } from '@tickwire/shared/internal';
import type { ClientRoom } from '../../client-room.ts';
import type { Corrections } from './corrections.ts';
import { make, say } from './elements.ts';
import { numberText, shortText } from './figures.ts';

/** Rows of a type. */
const entitiesShown = 40;
/** For so long a correction is marked. */
const freshMs = 1000;

type Values = Readonly<Record<string, unknown>>;

export class StateTree {
  readonly element: HTMLElement = make('div', { class: 'tree' });
  readonly #room: ClientRoom<AnyGame>;
  readonly #branches: readonly Branch[];

  constructor(room: ClientRoom<AnyGame>, corrections: Corrections) {
    this.#room = room;
    this.#branches = (room.game.types as readonly EntityType[]).map((type) => new Branch(room, type, corrections));
    this.element.append(...this.#branches.map(({ element }) => element));
  }

  /** @param now on the clock of the corrections. */
  draw(now: number): void {
    for (const branch of this.#branches) {
      const { type } = branch;
      branch.draw(type.number === 0 ? [this.#room.view.state as Values] : (this.#room.view.all(type.name) as readonly Values[]), now);
    }
  }
}

/** One entity type. */
class Branch {
  readonly element: HTMLDetailsElement;
  readonly type: EntityType;
  readonly #room: ClientRoom<AnyGame>;
  readonly #corrections: Corrections;
  readonly #count = make('span');
  readonly #leaves: Leaf[] = [];

  constructor(room: ClientRoom<AnyGame>, type: EntityType, corrections: Corrections) {
    this.#room = room;
    this.type = type;
    this.#corrections = corrections;
    this.element = make('details', {}, make('summary', {}, `${type.number === 0 ? 'room state' : type.name} `, this.#count));
  }

  draw(entities: readonly Values[], now: number): void {
    const shown = entities.slice(0, entitiesShown);
    const isState = this.type.number === 0;
    this.element.hidden = isState && this.type.layout.fields.length === 0;
    if (!isState) say(this.#count, entities.length > entitiesShown ? `${entities.length}, the first ${entitiesShown}` : String(entities.length));
    if (!this.element.open) return;
    while (this.#leaves.length > shown.length) this.#leaves.pop()?.element.remove();
    while (this.#leaves.length < shown.length) {
      const leaf = new Leaf(this.type, isState || this.#leaves.length === 0);
      this.#leaves.push(leaf);
      this.element.append(leaf.element);
    }
    for (const [index, values] of shown.entries()) {
      const leaf = this.#leaves[index] as Leaf;
      const id = Number(values['id'] ?? 0);
      const received = isState ? this.#room.received.entities[0] : this.#room.received.get(id as never);
      const server = received && received.count > 0 ? leaf.server(received.rows, received.rowAt(received.count - 1)) : undefined;
      leaf.draw(values, server, this.#corrections, id, now);
    }
  }
}

/** One entity. */
class Leaf {
  readonly element: HTMLDetailsElement;
  readonly #type: EntityType;
  readonly #title = make('span');
  readonly #rows: readonly { readonly name: string; readonly shown: HTMLElement; readonly server: HTMLElement; readonly corrected: HTMLElement }[];
  readonly #server: Values = {};

  constructor(type: EntityType, isOpen: boolean) {
    this.#type = type;
    this.#rows = type.layout.fields.map(({ name }) => ({ name, shown: make('td'), server: make('td'), corrected: make('td') }));
    const head = make(
      'thead',
      {},
      make('tr', {}, ...['field', 'shown', 'server', 'last corrected'].map((title) => make('th', { scope: 'col' }, title))),
    );
    const body = make(
      'tbody',
      {},
      ...this.#rows.map(({ name, shown, server, corrected }) => make('tr', {}, make('th', { scope: 'row' }, name), shown, server, corrected)),
    );
    this.element = make('details', { open: isOpen }, make('summary', {}, this.#title), make('table', {}, head, body));
  }

  /** The values of a row, in an object that is used again. */
  server(rows: Int32Array, at: number): Values {
    this.#type.layout.load(rows, at, this.#server);
    return this.#server;
  }

  draw(values: Values, server: Values | undefined, corrections: Corrections, id: number, now: number): void {
    const marks = ['mine', 'extrapolated'].filter((mark) => values[mark] === true);
    say(this.#title, this.#type.number === 0 ? 'shared by all' : [`#${id}`, ...marks].join(', '));
    if (!this.element.open) return;
    for (const row of this.#rows) {
      const correction = corrections.of(id, row.name);
      say(row.shown, shortText(values[row.name]));
      say(row.server, server ? shortText(server[row.name]) : '–');
      say(row.corrected, correction ? `${numberText((now - correction.at) / 1000)} s ago: ${correction.predicted} to ${correction.server}` : '');
      row.corrected.classList.toggle('fresh', correction !== undefined && now - correction.at < freshMs);
    }
  }
}
