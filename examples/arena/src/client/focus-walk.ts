// Moves the focus as a gamepad's cross says, within what lies on top: an open dialog, a message, the title.
//
// Invariant: it only moves what the Tab key could reach too.

import { element } from './page.ts';

/** The part of the page that takes keys now; undefined while only the arena is there. */
export function topLayer(): HTMLElement | undefined {
  const dialogs = document.querySelectorAll<HTMLDialogElement>('dialog[open]');
  const layers = [...dialogs, element('screen'), element('title')];
  return layers.find((layer) => !layer.hidden);
}

export function moveFocus(layer: HTMLElement, step: 1 | -1): void {
  const stops = [...layer.querySelectorAll<HTMLElement>('button, input')].filter((stop) => stop.matches(':enabled') && stop.checkVisibility());
  const at = stops.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? 0 : (at + step + stops.length) % stops.length;
  // Told as a key's, so that the browser draws the ring around it.
  stops[next]?.focus({ focusVisible: true } as FocusOptions);
}

/** Presses what has the focus. */
export function pressFocused(layer: HTMLElement): void {
  const { activeElement } = document;
  if (activeElement instanceof HTMLButtonElement && layer.contains(activeElement)) activeElement.click();
  else moveFocus(layer, 1);
}
