// What lies over the arena besides the chat and the scores: ping, own health, kills, death, how to play.
//
// Units: milliseconds, ticks of 1/60 s, points of health.

import { balance } from '../balance.ts';
import { FadingList } from './fading-list.ts';
import { element, make } from './page.ts';
import { cssColour } from './palette.ts';

/** One side of a kill, as the feed shows it. */
export interface Named {
  readonly name: string;
  readonly colour: number;
}

export class Hud {
  readonly #status = element('status');
  readonly #statusText = element('status-text');
  readonly #vitals = element('vitals');
  readonly #vitalsFill = element('vitals-fill');
  readonly #vitalsText = element('vitals-text');
  readonly #hurt = element('hurt');
  readonly #death = element('death');
  readonly #deathTitle = element('death-title');
  readonly #deathText = element('death-text');
  readonly #hint = element('hint');
  readonly #feed = new FadingList(element('feed'), { linesMax: 5, stayMs: 6000 });
  #hp = -1;
  #killer: string | undefined;

  show(isTouch: boolean): void {
    element('hud').hidden = false;
    const parts = isTouch ? ['Left thumb', ' walks · ', 'right thumb', ' aims and shoots'] : ['WASD', ' to walk · ', 'mouse', ' to aim and shoot'];
    this.#hint.replaceChildren(...parts.map((part, index) => (index % 2 === 0 ? make('b', '', part) : part)));
    setTimeout(() => this.hideHint(), hintMs);
  }

  /** The player knows how to play. */
  hideHint(): void {
    this.#hint.classList.add('gone');
  }

  status(rttMs: number, players: number): void {
    const text = `${Math.round(rttMs)} ms · ${players} ${players === 1 ? 'player' : 'players'}`;
    if (this.#statusText.textContent !== text) this.#statusText.textContent = text;
    this.#status.classList.toggle('slow', rttMs > slowRttMs);
  }

  health(hp: number): void {
    if (hp === this.#hp) return;
    this.#hp = hp;
    this.#vitalsFill.style.width = `${(100 * hp) / balance.healthMax}%`;
    this.#vitalsText.textContent = String(hp);
    this.#vitals.classList.toggle('low', hp <= lowHealth);
  }

  /** A red edge around the screen, for a moment. */
  hurt(): void {
    this.#hurt.animate([{ opacity: 1 }, { opacity: 0 }], { duration: 380, easing: 'ease-out' });
  }

  /** Who is to be blamed for the next death. */
  killedBy(name: string): void {
    this.#killer = name;
  }

  dead(ticksLeft: number): void {
    this.#death.hidden = false;
    this.#deathTitle.textContent = this.#killer ? `${this.#killer} got you` : 'You were hit';
    this.#deathText.textContent = `Back in ${Math.max(0, ticksLeft / 60).toFixed(1)} s`;
  }

  alive(): void {
    this.#death.hidden = true;
  }

  kill(killer: Named, victim: Named, isMine: boolean): void {
    const line = make('li', isMine ? 'mine' : '');
    line.append(nameOf(killer), crosshair(), nameOf(victim));
    this.#feed.add(line);
  }
}

function nameOf({ name, colour }: Named): HTMLElement {
  const span = make('span', 'name', name);
  span.style.setProperty('--colour', cssColour(colour));
  return span;
}

/** A small crosshair, drawn rather than typed: fonts differ. */
function crosshair(): SVGElement {
  const svg = document.createElementNS(svgNamespace, 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  const path = document.createElementNS(svgNamespace, 'path');
  path.setAttribute('d', 'M10 1v5M10 14v5M1 10h5M14 10h5M10 10h.01M4.5 10a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0');
  svg.append(path);
  svg.setAttribute('aria-label', 'got');
  return svg;
}

const svgNamespace = 'http://www.w3.org/2000/svg';
/** From here the light in the corner warns. */
const slowRttMs = 150;
const lowHealth = 40;
const hintMs = 15_000;
