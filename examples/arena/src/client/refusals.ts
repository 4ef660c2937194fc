// What a player reads when a join fails or a stay ends, and what the button below it does.
//
// Invariant: every code of the framework has an answer here, if only the last one.

import { TickwireError } from '@tickwire/client';

/** What can be done about it: the same again, a room of others, the page anew, or nothing but going back to the title. */
export type WayOut = 'again' | 'quick' | 'reload' | 'title';

export interface Notice {
  readonly title: string;
  readonly text: string;
  readonly way: WayOut;
}

/** The join failed. */
export function refusalNotice(error: unknown): Notice {
  const said = error instanceof Error ? error.message : String(error);
  // No answer of the server's: a file of the page did not come, or the browser cannot draw.
  if (!(error instanceof TickwireError)) return { title: 'The arena could not start', text: said, way: 'reload' };
  return noticeOf(error.code, said, 'Could not join');
}

/** The game was on and has ended. */
export function endNotice(code: string, message: string): Notice {
  return noticeOf(code, message, 'Disconnected');
}

function noticeOf(code: string, said: string, otherwise: string): Notice {
  const { title = otherwise, text = said, way = 'again' } = known[code] ?? {};
  return { title, text, way };
}

/** Without a text of its own, a notice has the framework's, which is made for those who run a server. */
const known: { readonly [code: string]: { readonly title: string; readonly text?: string; readonly way?: WayOut } } = {
  'room-full': { title: 'The room is full', text: 'All places of this room are taken. Another room has one for you.', way: 'quick' },
  'room-locked': { title: 'The room is closed', text: 'This room takes nobody at the moment. Another room has a place for you.', way: 'quick' },
  'no-such-id': {
    title: 'No such room',
    text: 'There is no room with this code. It may have ended, or a letter is wrong: look at the code again.',
    way: 'title',
  },
  'server-full': { title: 'The server is full', text: 'The server has as many players as it is allowed. Try again in a while.' },
  'server-draining': { title: 'The server is stopping', text: 'The server is about to stop and takes nobody any more. Try again in a moment.' },
  'too-many-requests': { title: 'Slow down', text: 'That was often in a short time. Wait a few seconds and try again.' },
  unreachable: { title: 'No server' },
  'no-data-channel': { title: 'No connection' },
  'schema-mismatch': { title: 'The game was updated', way: 'reload' },
  'version-mismatch': { title: 'The game was updated', way: 'reload' },
  'server-shutdown': { title: 'The server has stopped' },
  'room-closed': { title: 'The room has ended', way: 'quick' },
  'link-lost': { title: 'Connection lost' },
  timeout: { title: 'Connection lost' },
  kicked: { title: 'You were removed', way: 'title' },
  'taken-over': { title: 'You play elsewhere', way: 'title' },
};
