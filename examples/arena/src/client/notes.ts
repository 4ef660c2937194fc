// Large words for a moment: a goal, the beginning of a match; and small ones over the own health: what was picked up.
//
// Invariant: a new word takes the place of the old one, so none waits. Units: milliseconds.

import { FadingList } from './fading-list.ts';
import { element, make, setText } from './page.ts';

export class Notes {
  readonly #banner = element('banner');
  readonly #bannerTitle = element('banner-title');
  readonly #bannerText = element('banner-text');
  readonly #picked = new FadingList(element('picked'), { linesMax: 2, stayMs: 1400 });
  #timer: ReturnType<typeof setTimeout> | undefined;

  banner(title: string, text: string): void {
    setText(this.#bannerTitle, title);
    setText(this.#bannerText, text);
    this.#banner.hidden = false;
    for (const animation of this.#banner.getAnimations()) {
      animation.cancel();
      animation.play();
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.clear(), bannerMs);
  }

  picked(text: string): void {
    this.#picked.add(make('li', '', text));
  }

  clear(): void {
    this.#banner.hidden = true;
  }
}

const bannerMs = 2600;
