// Why a link or a session ended, and why a join or a request was refused: two closed lists, used by every layer, with the sentence a person reads.
//
// Invariant: codes are only ever added at the end (their position is the number on the wire).

/** Why a session or a link ended. */
export type CloseCode = keyof typeof closeMessages;

/** Why a join was refused before any session existed. */
export type RefusalCode = keyof typeof refusalMessages;

export const closeMessages = {
  left: 'The client left the room.',
  kicked: 'The room removed this client.',
  'room-closed': 'The room has ended.',
  'room-error': 'The room stopped because its code threw an error; the server log has the stack.',
  'server-shutdown': 'The server is shutting down. Connect again in a moment.',
  'link-lost': 'The connection was lost. Check the network and join again.',
  timeout: 'Nothing arrived for too long, so the connection was given up. Check the network and join again.',
  'protocol-error': 'The peer sent messages that this version cannot read. Reload the page; if it stays, both ends run different builds.',
  flood: 'This client sent more messages, bytes or events than the limits allow. Send fewer events; what changes all the time belongs into inputs.',
  overflow:
    'Too many reliable messages waited for the other end, which took none of them for too long. Check the network and join again, or send fewer events.',
  'never-opened': 'The connection was offered but never opened in time. Check the network and join again.',
  'taken-over': 'This session goes on in another tab or on another device, which took it over.',
  'server-restart': 'The server restarts; the room goes on when it is back.',
  'link-replaced': 'Another link of the same session took the place of this one.',
  'session-stale': 'The server has gone back to a state from before what this client had sent or received. Join again.',
} as const;

export const refusalMessages = {
  'version-mismatch': 'Client and server speak different protocol versions. Install the same @tickwire version on both and reload the page.',
  'schema-mismatch': 'Client and server were built from different game schemas. Rebuild both from the same game file and reload the page.',
  'unknown-room': 'The server has no room of that name. Check the name given to serve({ rooms }).',
  'no-such-id': 'There is no open room with that id. It may have ended; ask for a new one.',
  'room-full': 'The room is full. Try another room, or raise maxClients.',
  'room-failed': 'The room could not be made because its code threw an error; the server log has the stack.',
  'server-full': 'The server has as many rooms or players as it is allowed. Try again later.',
  unauthorized: 'The room did not let this client in (its onAuth refused or threw).',
  'bad-request': 'The server could not read the join request. Its options must be plain data of at most 4 kB.',
  'too-many-requests': 'Too many requests from this address, or to this server. Wait a few seconds and try again.',
  'ticket-invalid': 'The seat was not known or has expired before the connection opened. Join again.',
  unreachable: 'The server did not answer. Is it running, is the address right, and may pages of this origin use it?',
  'no-webrtc': 'This browser has no WebRTC, or it is switched off (by a setting or an extension). Switch it on, or use another browser.',
  'no-data-channel':
    'No WebRTC data channel could be opened in time. UDP may be blocked on this network, or the server advertises an address that this machine cannot reach. Try another network, or see docs/guides/networking.md.',
  'ask-refused': 'The room refused the request.',
  'ask-unhandled': 'The room has no handler for this request. Add one in its onCreate: this.onAsk(name, handler).',
  'asks-open': 'Too many requests of this client wait for their answers. Wait for one of them before the next.',
  'ask-timeout': 'The room did not answer the request in time. It may have acted on it all the same: look at the state before asking again.',
  'no-room': 'There is no open room of that name with a place and these options. Create one, or use joinOrCreate.',
  'room-locked': 'The room takes nobody at the moment.',
  'origin-refused': "The server does not take pages from where this page came. Add the page's origin to serve({ origins }).",
  'server-draining': 'The server is about to stop and takes nobody any more. Try again in a moment.',
} as const;

/** Why `room.ask` has no answer while the stay goes on, by its number on the wire. The last is never sent. */
export const askCodes: readonly AskCode[] = ['ask-refused', 'ask-unhandled', 'asks-open', 'ask-timeout'];
export type AskCode = Extract<RefusalCode, `ask${string}`>;

/** What ends a stay whatever link it comes on; after the other codes only that link is gone. */
const finalCodes: ReadonlySet<CloseCode> = new Set([
  'left',
  'kicked',
  'room-closed',
  'room-error',
  'server-shutdown',
  'protocol-error',
  'flood',
  'overflow',
  'session-stale',
]);

/** Whether a session is over when one of its links ends with this code. Else it lives on for as long as the room keeps it. */
export function endsSession(code: CloseCode): boolean {
  return finalCodes.has(code);
}

const closeCodes = Object.keys(closeMessages) as CloseCode[];

/** The wire number of a close code. */
export function closeCodeNumber(code: CloseCode): number {
  return closeCodes.indexOf(code);
}

/** The close code of a wire number; `protocol-error` for a number this version does not know. */
export function closeCodeOf(number: number): CloseCode {
  return closeCodes[number] ?? 'protocol-error';
}

/** Whether it says how a session or link ended, not why a join was refused. */
export function isCloseCode(code: CloseCode | RefusalCode): code is CloseCode {
  return code in closeMessages;
}

/** What every failed call of the public API throws: a code to branch on, and a message that says what to do. */
export class TickwireError extends Error {
  readonly code: CloseCode | RefusalCode;
  /** What was said of this one case, such as the reason with which a room refused a request. */
  readonly detail: string | undefined;
  constructor(code: CloseCode | RefusalCode, detail?: string) {
    const base = code in closeMessages ? closeMessages[code as CloseCode] : refusalMessages[code as RefusalCode];
    super(detail ? `${base} (${detail})` : base);
    this.name = 'TickwireError';
    this.code = code;
    this.detail = detail;
  }
}
