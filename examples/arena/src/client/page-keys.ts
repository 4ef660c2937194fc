// Keys and gamepad buttons that are the page's and not the game's: menu, scores, chat, sound, and the way through the menus.
//
// Invariant: while something lies over the arena (a dialog, a message, the title) they are meant for that.

import { moveFocus, pressFocused, topLayer } from './focus-walk.ts';
import type { GamepadControls, PageButton } from './gamepad.ts';

/** What they do in a game. */
export interface PageActions {
  openMenu(): void;
  showScores(areShown: boolean): void;
  openChat(): void;
  toggleSound(): void;
}

export function listenToKeys(actions: PageActions): void {
  addEventListener('keydown', (event) => {
    const { target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || target instanceof HTMLInputElement) return;
    if (event.code === 'KeyM') actions.toggleSound();
    if (topLayer()) return;
    if (event.code === 'Escape') actions.openMenu();
    else if (event.code === 'Tab') actions.showScores(true);
    else if (event.code === 'Enter' && !(target instanceof HTMLButtonElement)) actions.openChat();
    else return;
    event.preventDefault();
  });
  addEventListener('keyup', (event) => {
    if (event.code === 'Tab') actions.showScores(false);
  });
  // The key is let go of in another window.
  addEventListener('blur', () => actions.showScores(false));
}

export function listenToGamepad(gamepad: GamepadControls, actions: PageActions): void {
  gamepad.onButton = (button, isDown) => {
    const layer = topLayer();
    if (layer) walk(layer, button);
    else if (button === 'menu') actions.openMenu();
    else if (button === 'scores') actions.showScores(isDown);
  };
  // Browsers show a gamepad from the first button on that is pressed.
  addEventListener('gamepadconnected', () => poll(performance.now()), { once: true });
  const poll = (now: number): void => {
    gamepad.poll(now);
    requestAnimationFrame(poll);
  };
}

function walk(layer: HTMLElement, button: PageButton): void {
  if (button === 'up' || button === 'left') moveFocus(layer, -1);
  if (button === 'down' || button === 'right') moveFocus(layer, 1);
  if (button === 'choose') pressFocused(layer);
  if ((button === 'back' || button === 'menu') && layer instanceof HTMLDialogElement) layer.close();
}
