// The message that covers the page: joining, coming back, why a join failed, why the game ended. What happened in a sentence, and buttons for what to do.
//
// Invariant: whoever asks is answered by the first button that is pressed, and the message is gone then.

import { element, make } from './page.ts';

export interface Action<Answer> {
  readonly label: string;
  readonly answer: Answer;
}

const screen = element('screen');
const spinner = element('screen-spinner');
const title = element('screen-title');
const text = element('screen-text');
const buttons = element('screen-buttons');

/** Something goes on that takes a moment. */
export function showBusy(head: string, said: string): void {
  show(head, said, true);
}

/** Asks what is to be done; the first action is the one that has the focus. */
export function ask<Answer>(head: string, said: string, actions: readonly Action<Answer>[], isBusy = false): Promise<Answer> {
  show(head, said, isBusy);
  return new Promise((resolve) => {
    for (const [index, { label, answer }] of actions.entries()) {
      const button = make('button', index === 0 && !isBusy ? 'primary' : '', label);
      button.type = 'button';
      // Where something still goes on, no answer is expected.
      if (index === 0 && !isBusy) button.id = 'screen-button';
      button.onclick = () => {
        hideScreen();
        resolve(answer);
      };
      buttons.append(button);
    }
    if (!isBusy) buttons.querySelector('button')?.focus();
  });
}

export function hideScreen(): void {
  screen.hidden = true;
}

/** Whether the message is there. */
export function isScreenShown(): boolean {
  return !screen.hidden;
}

function show(head: string, said: string, isBusy: boolean): void {
  screen.hidden = false;
  spinner.hidden = !isBusy;
  title.textContent = head;
  text.textContent = said;
  buttons.replaceChildren();
}
