// The ICE servers that clients are handed: those of the options, and relays with credentials that are made for each session and soon run out.
//
// Credentials are those of TURN's REST scheme (coturn: use-auth-secret): the name is `<end of life>:<session id>`, the password its HMAC-SHA1 with a secret
// that only the relay and this server know. Invariant: the secret leaves neither this file nor the options. Units: seconds of the wall clock.

import { createHmac } from 'node:crypto';
import { type IceServer, limits } from '@tickwire/shared';
import type { Ice } from '@tickwire/shared/internal';

export interface TurnOptions {
  /** `turn:relay.example:3478?transport=udp`, or several. UDP only: Chrome cannot use a relay over TCP or TLS with this server (docs/guides/networking.md). */
  urls: string | readonly string[];
  /** The relay's `static-auth-secret`. */
  secret: string;
  /** How long a client may begin to use the relay; what it has begun goes on. Default 600. */
  ttlSeconds?: number;
}

export interface IceOptions {
  /** STUN and TURN servers for every client, as they are. A server on a public address needs none. */
  iceServers?: readonly IceServer[];
  /** A relay for players who cannot, or should not, send to this server directly. */
  turn?: TurnOptions;
  /** Clients connect through the relay only, and by no WebSocket: this server does not see their addresses in its peer connections. */
  relayOnly?: boolean;
}

/** What a client of this session is handed at this moment. */
export type IceFor = (sessionId: string) => Ice;

/** @param clock the wall clock. @param warn told of what works for some players only. @throws Error when an option cannot work. */
export function makeIce({ iceServers = [], turn, relayOnly }: IceOptions, clock: () => number, warn: (message: string) => void = () => {}): IceFor {
  const urls = turn === undefined ? [] : [turn.urls].flat();
  const ttlSeconds = turn?.ttlSeconds ?? DEFAULT_TTL_SECONDS;
  if (turn) checkTurn(turn, urls, ttlSeconds);
  const hasRelay = urls.length > 0 || iceServers.some((server) => [server.urls].flat().some((url) => url.startsWith('turn')));
  if (relayOnly && !hasRelay) throw new Error('relayOnly needs a relay: set `turn`, or a TURN server in `iceServers`.');
  if (iceServers.length + Number(turn !== undefined) > limits.iceServers)
    throw new Error(`At most ${limits.iceServers} ICE servers can be handed out.`);
  for (const url of [...urls, ...iceServers.flatMap((server) => server.urls)])
    if (/^turns:|transport=tcp/.test(url))
      warn(`Chrome cannot use the relay ${url}: over TCP and TLS it fails with this server (docs/guides/networking.md).`);
  return (sessionId) => {
    const servers = iceServers.map((server) => ({ ...server }));
    if (turn) servers.push({ urls, ...turnCredentials(turn.secret, sessionId, clock() + ttlSeconds) });
    return {
      ...(servers.length === 0 ? {} : { iceServers: servers }),
      ...(turn ? { iceSeconds: ttlSeconds } : {}),
      ...(relayOnly ? { relayOnly } : {}),
    };
  };
}

export function turnCredentials(secret: string, sessionId: string, endsAt: number): { username: string; credential: string } {
  const username = `${Math.floor(endsAt)}:${sessionId}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}

function checkTurn({ secret }: TurnOptions, urls: readonly string[], ttlSeconds: number): void {
  for (const url of urls) {
    if (!/^turns?:[^/]+$/.test(url))
      throw new Error(`turn.urls: '${url}' is no address of a relay. Write it as turn:relay.example:3478?transport=udp.`);
  }
  if (urls.length === 0 || urls.length > limits.iceServers) throw new Error(`turn.urls: 1 to ${limits.iceServers} addresses.`);
  if (secret === '') throw new Error("turn.secret is empty. It is the relay's static-auth-secret.");
  if (!(ttlSeconds >= 60 && ttlSeconds <= 86_400)) throw new Error('turn.ttlSeconds: 60 to 86400.');
}

/** A seat waits 15 s, a dropped session some tens: ten minutes cover both, and what a page shows is soon worth nothing. */
const DEFAULT_TTL_SECONDS = 600;
