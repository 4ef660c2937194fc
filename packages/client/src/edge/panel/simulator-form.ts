// What sets the network simulator: the quick row that is always there (a named network, a blackout) and the form with every number of both directions.
//
// Invariant: what the form shows is what the simulator does; with no trouble set in either direction it is off, and costs nothing. Units: those of
// `conditionFields`; milliseconds.

import { make, say } from './elements.ts';
import { type Conditions, clean, conditionFields, type Preset, presets } from './network-presets.ts';

/** What the panel switches. */
export interface SimulatorPort {
  readonly down: Conditions;
  readonly up: Conditions;
  readonly seed: number;
  readonly blackoutMs: number;
  /** Undefined for no trouble. */
  set(name: string | undefined, down: Conditions, up: Conditions, seed: number): void;
  blackout(ms: number): void;
}

const blackoutMs = 3000;
const directions = ['down', 'up'] as const;
type Direction = (typeof directions)[number];
const own = 'own';

export class SimulatorForm {
  readonly quick: HTMLElement;
  readonly element: HTMLElement;
  readonly #port: SimulatorPort;
  readonly #choice: HTMLSelectElement;
  readonly #dark = make('button', { type: 'button', 'aria-pressed': 'false' });
  readonly #both = make('input', { type: 'checkbox', checked: true });
  readonly #seed = make('input', { type: 'number', min: 0, step: 1, value: 1, name: 'seed' });
  readonly #inputs: Readonly<Record<Direction, readonly HTMLInputElement[]>>;

  constructor(port: SimulatorPort) {
    this.#port = port;
    const options = [['', 'no trouble'], ...presets.map(({ name, title }) => [name, title]), [own, 'own numbers']];
    this.#choice = make('select', { name: 'network' }, ...options.map(([value, title]) => make('option', { value }, title ?? '')));
    this.#inputs = { down: this.#makeInputs('down'), up: this.#makeInputs('up') };
    this.quick = make('div', { class: 'quick' }, make('label', {}, 'Simulated network', this.#choice), this.#dark);
    this.element = this.#makeForm();
    this.#choice.addEventListener('change', () => this.#choose());
    this.#dark.addEventListener('click', () => port.blackout(port.blackoutMs > 0 ? 0 : blackoutMs));
    this.#seed.addEventListener('change', () => this.#choose());
    this.#fill(port.down, port.up);
    this.draw();
  }

  /** What changes by itself: the time that a blackout still takes. */
  draw(): void {
    const { blackoutMs: left } = this.#port;
    say(this.#dark, left > 0 ? `Dark for ${(left / 1000).toFixed(1)} s` : `Blackout ${blackoutMs / 1000} s`);
    this.#dark.setAttribute('aria-pressed', String(left > 0));
  }

  #makeInputs(direction: Direction): HTMLInputElement[] {
    return conditionFields.map(({ name, label, most, step }, index) => {
      const input = make('input', {
        type: 'number',
        min: 0,
        max: most,
        step,
        name: `${direction} ${name}`,
        'aria-label': `${label}, ${direction}`,
      });
      input.addEventListener('input', () => {
        if (this.#both.checked) (this.#inputs[direction === 'down' ? 'up' : 'down'][index] as HTMLInputElement).value = input.value;
        this.#choice.value = own;
        this.#apply();
      });
      return input;
    });
  }

  #makeForm(): HTMLElement {
    const rows = conditionFields.map(({ label, unit }, index) =>
      make(
        'tr',
        {},
        make('th', { scope: 'row' }, label),
        ...directions.map((direction) => make('td', {}, this.#inputs[direction][index] as HTMLInputElement)),
        make('td', {}, make('small', {}, unit)),
      ),
    );
    const head = make('tr', {}, ...['', 'Down', 'Up', ''].map((title) => make('th', { scope: 'col' }, title)));
    return make(
      'form',
      { class: 'form' },
      make('div', { class: 'row' }, make('label', {}, this.#both, 'both directions alike'), make('label', {}, 'Seed', this.#seed)),
      make('table', {}, make('thead', {}, head), make('tbody', {}, ...rows)),
      make(
        'p',
        { class: 'note' },
        'On the real connection, on top of what it does itself. Events are never lost: a loss there is a delay. Over a WebSocket a loss delays everything.',
      ),
      make('p', { class: 'note' }, 'Browsers slow timers down in a page that nobody sees: there, packets come at most once a second.'),
    );
  }

  /** A named network, or none. */
  #choose(): void {
    const preset: Pick<Preset, 'down' | 'up'> | undefined = presets.find(({ name }) => name === this.#choice.value);
    if (preset) this.#fill(preset.down, preset.up);
    else if (this.#choice.value === '') this.#fill(clean, clean);
    this.#apply();
  }

  #fill(down: Conditions, up: Conditions): void {
    for (const [direction, conditions] of [['down', down] as const, ['up', up] as const])
      for (const [index, { name, scale }] of conditionFields.entries())
        (this.#inputs[direction][index] as HTMLInputElement).value = String(Math.round(conditions[name] * scale * 10) / 10);
    this.#both.checked = conditionFields.every(({ name }) => down[name] === up[name]);
  }

  #apply(): void {
    const { value } = this.#choice;
    const name = value === '' ? undefined : value === own ? 'own numbers' : presets.find((preset) => preset.name === value)?.title;
    this.#port.set(name, this.#read('down'), this.#read('up'), Math.max(0, Math.floor(this.#seed.valueAsNumber || 0)));
  }

  #read(direction: Direction): Conditions {
    const values = conditionFields.map(({ name, scale }, index) => [
      name,
      ((this.#inputs[direction][index] as HTMLInputElement).valueAsNumber || 0) / scale,
    ]);
    return { ...clean, ...Object.fromEntries(values) };
  }
}
