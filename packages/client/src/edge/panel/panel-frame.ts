// The panel's frame on the page: a host with a shadow root, its header, tabs and the edge by which it is resized.
//
// Invariant: all that is on the page is one element, gone after `close`; keys that the panel takes do not reach the game. Units: CSS pixels;
// milliseconds.

import { make } from './elements.ts';
import { panelStyle } from './panel-style.ts';
import type { Mood, Sentence } from './verdict.ts';

const leastSize = 220;
const keyStep = 24;
/** Numbers in the verdict change no more often. */
const rereadMs = 1000;

export interface Tab {
  readonly title: string;
  readonly element: HTMLElement;
  /** What changes by itself while the tab is shown. @param now milliseconds of the panel's clock. */
  draw?(now: number): void;
}

export class PanelFrame {
  readonly #plan: readonly Tab[];
  #at = 0;
  readonly #host = make('div', { 'data-tickwire-panel': true });
  readonly #panel: HTMLElement;
  readonly #verdict = make('ul', { class: 'verdict', role: 'status' });
  readonly #tabs: readonly HTMLButtonElement[];
  readonly #bodies: readonly HTMLElement[];
  readonly #focusedBefore = document.activeElement;
  #said = '';
  #gist = '';
  #saidAt = 0;

  constructor(tabs: readonly Tab[], quick: HTMLElement, copy: () => Promise<void>, close: () => void) {
    this.#plan = tabs;
    this.#tabs = tabs.map(({ title }, index) =>
      make('button', { type: 'button', role: 'tab', id: `tab-${index}`, 'aria-controls': `body-${index}` }, title),
    );
    this.#bodies = tabs.map(({ element }, index) =>
      make('div', { class: 'body', role: 'tabpanel', id: `body-${index}`, 'aria-labelledby': `tab-${index}`, tabindex: 0 }, element),
    );
    const copying = make('button', { type: 'button' }, 'Copy report');
    const closing = make('button', { type: 'button', class: 'close', 'aria-label': 'Close the net panel' }, '×');
    const list = make('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Net panel' }, ...this.#tabs);
    this.#panel = make(
      'section',
      { class: 'panel', role: 'region', 'aria-label': 'Net panel', tabindex: -1 },
      this.#makeGrip(),
      make('header', {}, make('h2', {}, 'Net panel'), copying, closing),
      this.#verdict,
      quick,
      list,
      ...this.#bodies,
    );
    const root = this.#host.attachShadow({ mode: 'open' });
    // Not a style element: a page may forbid those.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(panelStyle);
    root.adoptedStyleSheets = [sheet];
    root.append(this.#panel);
    document.body.append(this.#host);
    for (const [index, tab] of this.#tabs.entries()) tab.addEventListener('click', () => this.show(index));
    list.addEventListener('keydown', (event) => this.#turn(event));
    copying.addEventListener('click', () => {
      copy().then(
        () => this.#confirm(copying, 'Copied'),
        () => this.#confirm(copying, 'Not allowed'),
      );
    });
    closing.addEventListener('click', close);
    // What is typed into a control is not for the game; all other keys are, also while the panel has the focus.
    for (const name of ['keydown', 'keyup'] as const)
      this.#panel.addEventListener(name, (event) => {
        if (event.key === 'Escape' && name === 'keydown') close();
        if (event.target !== this.#panel && /^([^F]|F$|Fn)/.test(event.key)) event.stopPropagation();
      });
    // Who uses the pointer goes on playing with the keys.
    for (const name of ['click', 'change'] as const)
      this.#panel.addEventListener(name, ({ target }) => {
        if (!(target as Element).matches(':focus-visible')) this.#panel.focus({ preventScroll: true });
      });
    this.show(0);
    this.#panel.focus({ preventScroll: true });
  }

  /** The tab that is shown. */
  get shown(): Tab | undefined {
    return this.#plan[this.#at];
  }

  show(index: number): void {
    this.#at = index;
    for (const [at, tab] of this.#tabs.entries()) {
      tab.setAttribute('aria-selected', String(at === index));
      tab.tabIndex = at === index ? 0 : -1;
    }
    for (const [at, body] of this.#bodies.entries()) body.hidden = at !== index;
  }

  say(sentences: readonly Sentence[], now: number): void {
    const said = sentences.map(({ text }) => text).join('\n');
    // Without its numbers: these may wait, so that there is time to read and to be read to.
    const gist = said.replace(/\d+/g, '');
    if (said === this.#said || (gist === this.#gist && now - this.#saidAt < rereadMs)) return;
    this.#said = said;
    this.#gist = gist;
    this.#saidAt = now;
    const mood: Mood = sentences[0]?.mood ?? 'good';
    this.#verdict.className = `verdict ${mood}`;
    this.#verdict.replaceChildren(...sentences.map(({ text }) => make('li', {}, text)));
  }

  close(): void {
    this.#host.remove();
    if (this.#focusedBefore instanceof HTMLElement) this.#focusedBefore.focus({ preventScroll: true });
  }

  /** The arrow keys go from tab to tab. */
  #turn(event: KeyboardEvent): void {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    this.show((this.#at + by + this.#tabs.length) % this.#tabs.length);
    this.#tabs[this.#at]?.focus();
  }

  #confirm(button: HTMLElement, text: string): void {
    button.textContent = text;
    button.addEventListener('blur', () => this.#unconfirm(button), { once: true });
    button.addEventListener('pointerleave', () => this.#unconfirm(button), { once: true });
  }

  #unconfirm(button: HTMLElement): void {
    button.textContent = 'Copy report';
  }

  /** The edge that is dragged, or moved by arrow keys: the left one, on a phone the upper one. */
  #makeGrip(): HTMLElement {
    const grip = make('div', { class: 'grip', role: 'separator', tabindex: 0, 'aria-label': 'Size of the panel', 'aria-orientation': 'vertical' });
    const isLow = (): boolean => matchMedia('(max-width: 600px)').matches;
    const resize = (size: number): void => {
      const most = isLow() ? innerHeight : innerWidth - 16;
      this.#panel.style[isLow() ? 'height' : 'width'] = `${Math.max(leastSize, Math.min(most, size))}px`;
    };
    grip.addEventListener('pointerdown', (event) => {
      grip.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    grip.addEventListener('pointermove', (event) => {
      if (grip.hasPointerCapture(event.pointerId)) resize(isLow() ? innerHeight - event.clientY : innerWidth - 8 - event.clientX);
    });
    grip.addEventListener('keydown', ({ key }) => {
      const by = key === 'ArrowLeft' || key === 'ArrowUp' ? keyStep : key === 'ArrowRight' || key === 'ArrowDown' ? -keyStep : 0;
      if (by !== 0) resize((isLow() ? this.#panel.offsetHeight : this.#panel.offsetWidth) + by);
    });
    return grip;
  }
}
