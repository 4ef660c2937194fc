// The message that covers the page: connecting, why a join failed, why the game ended. One sentence of what happened, one button for what to do.

import { TickwireError } from '@tickwire/shared';
import { element } from './page.ts';

const screen = element('screen');
const spinner = element('screen-spinner');
const title = element('screen-title');
const text = element('screen-text');
const button = element<HTMLButtonElement>('screen-button');

export function showConnecting(step: string): void {
  show('Connecting', step, undefined);
}

/** The join failed. */
export function showError(error: unknown): void {
  const said = error instanceof Error ? error.message : String(error);
  const head = error instanceof TickwireError ? (titles[error.code] ?? 'Could not join') : 'The arena could not start';
  show(head, said, 'Try again');
}

/** The game was on and has ended. */
export function showEnded(code: string, message: string): void {
  show(titles[code] ?? 'Disconnected', message, 'Join again');
}

export function hideScreen(): void {
  screen.hidden = true;
}

function show(head: string, said: string, action: string | undefined): void {
  screen.hidden = false;
  spinner.hidden = action !== undefined;
  title.textContent = head;
  text.textContent = said;
  button.hidden = action === undefined;
  if (action === undefined) return;
  button.textContent = action;
  button.onclick = () => location.reload();
  button.focus();
  // In development the game server starts anew at every change: the page comes back by itself.
  if (import.meta.env.DEV) setTimeout(() => location.reload(), 1000);
}

const titles: { readonly [code: string]: string } = {
  'room-full': 'The arena is full',
  'server-full': 'The server is full',
  unreachable: 'No server',
  'no-data-channel': 'No connection',
  'too-many-requests': 'Slow down',
  'schema-mismatch': 'The game was updated',
  'version-mismatch': 'The game was updated',
  'server-shutdown': 'The server has stopped',
  'link-lost': 'Connection lost',
  timeout: 'Connection lost',
  kicked: 'You were removed',
  left: 'You left',
};
