// What lies over the arena of the own player: health, weapons, dash, where it hurts, death, and how to play.
//
// Invariant: writes to the page only what has changed; every colour has a number or a shape beside it.
// Units: milliseconds, ticks of 1/60 s, points of health.

import { balance } from '../balance.ts';
import type { Player } from '../game.ts';
import type { DeviceName } from './controls.ts';
import { icon } from './icons.ts';
import { element, make, setText } from './page.ts';

type Vital = Pick<Player, 'hp' | 'weapon' | 'rockets' | 'dashReload' | 'respawnAt'>;

export class Hud {
  readonly #vitals = element('vitals');
  readonly #fill = element('vitals-fill');
  readonly #text = element('vitals-text');
  readonly #weapons = { rifle: element('weapon-rifle'), launcher: element('weapon-launcher') };
  readonly #rockets = element('rockets');
  readonly #layer = element('hud');
  readonly #hurt = element('hurt');
  readonly #death = element('death');
  readonly #deathTitle = element('death-title');
  readonly #deathText = element('death-text');
  readonly #hint = element('hint');
  #shown: Partial<Record<'hp' | 'weapon' | 'dash', unknown>> = {};
  #killer = '';
  #hintTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.#weapons.rifle.prepend(icon('rifle'));
    this.#weapons.launcher.prepend(icon('launcher'));
    element('dash').prepend(icon('dash'));
    element('vitals-icon').append(icon('heart'));
    element('touch-dash').prepend(icon('dash'));
    element('touch-swap').prepend(icon('swap'));
    element('menu-open').prepend(icon('menu'));
  }

  /** How to play with what is in the hands, until it is known. */
  hint(device: DeviceName): void {
    this.#hint.replaceChildren(
      ...hints[device].flatMap(([key, does], index) => [index > 0 ? ' · ' : '', make(device === 'touch' ? 'b' : 'kbd', '', key), ` ${does}`]),
    );
    this.#hint.classList.remove('gone');
    clearTimeout(this.#hintTimer);
    this.#hintTimer = setTimeout(() => this.#hint.classList.add('gone'), hintMs);
  }

  update(me: Vital, inputTick: number): void {
    this.#health(me.hp);
    this.#weapon(me);
    this.#dashOf(me.dashReload);
    this.#death.hidden = me.hp > 0;
    if (me.hp > 0) return;
    setText(this.#deathTitle, this.#killer);
    setText(this.#deathText, `Back in ${Math.max(0, (me.respawnAt - inputTick) / 60).toFixed(1)} s`);
  }

  /** A red edge around the screen, for a moment. */
  hurt(): void {
    this.#hurt.animate([{ opacity: 1 }, { opacity: 0 }], { duration: 380, easing: 'ease-out' });
  }

  /** Who is to be blamed for the death that is shown, or for the next one. */
  killedBy(sentence: string): void {
    this.#killer = sentence;
  }

  #health(hp: number): void {
    if (!this.#changes('hp', hp)) return;
    this.#fill.style.width = `${(100 * hp) / balance.healthMax}%`;
    setText(this.#text, String(hp));
    this.#vitals.classList.toggle('low', hp <= lowHealth);
  }

  #weapon({ weapon, rockets }: Vital): void {
    if (!this.#changes('weapon', `${weapon} ${rockets}`)) return;
    for (const [name, chip] of Object.entries(this.#weapons)) chip.classList.toggle('inHand', name === weapon);
    this.#weapons.launcher.classList.toggle('empty', rockets === 0);
    setText(this.#rockets, String(rockets));
  }

  /** Filled from below as it comes back, in tenths. */
  #dashOf(reload: number): void {
    const ready = Math.floor(10 * (1 - reload / balance.dashReloadTicks)) / 10;
    if (!this.#changes('dash', ready)) return;
    this.#layer.style.setProperty('--ready', String(ready));
    this.#layer.classList.toggle('ready', ready === 1);
  }

  #changes(what: 'hp' | 'weapon' | 'dash', value: unknown): boolean {
    if (this.#shown[what] === value) return false;
    this.#shown[what] = value;
    return true;
  }
}

const hints: { readonly [device in DeviceName]: readonly (readonly [string, string])[] } = {
  keys: [
    ['WASD', 'walk'],
    ['Mouse', 'aim and shoot'],
    ['Space', 'dash'],
    ['Q', 'weapon'],
    ['Tab', 'scores'],
    ['Esc', 'menu'],
  ],
  gamepad: [
    ['Left stick', 'walk'],
    ['Right stick', 'aim'],
    ['RT', 'shoot'],
    ['A', 'dash'],
    ['X', 'weapon'],
    ['Start', 'menu'],
  ],
  touch: [
    ['Left thumb', 'walks'],
    ['right thumb', 'aims and shoots'],
  ],
};
const lowHealth = 40;
const hintMs = 15_000;
