// Why a link or a session ended, and why a join was refused: two closed lists, used by every layer, with the sentence a person reads.
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
} as const;

const closeCodes = Object.keys(closeMessages) as CloseCode[];

/** The wire number of a close code. */
export function closeCodeNumber(code: CloseCode): number {
  return closeCodes.indexOf(code);
}

/** The close code of a wire number; `protocol-error` for a number this version does not know. */
export function closeCodeOf(number: number): CloseCode {
  return closeCodes[number] ?? 'protocol-error';
}

/** What every failed call of the public API throws: a code to branch on, and a message that says what to do. */
export class TickwireError extends Error {
  readonly code: CloseCode | RefusalCode;
  constructor(code: CloseCode | RefusalCode, detail?: string) {
    const base = code in closeMessages ? closeMessages[code as CloseCode] : refusalMessages[code as RefusalCode];
    super(detail ? `${base} (${detail})` : base);
    this.name = 'TickwireError';
    this.code = code;
  }
}
