// ICE servers, as a game server hands them to its clients: with the join answer, and again when their credentials have run out.
//
// Invariant: what is read is of the shape that RTCPeerConnection wants, or left out; a server's answer cannot make a page throw here.
// Units: seconds.

import { limits } from '../limits.ts';

/** As RTCIceServer of the browsers, which Node does not have. */
export interface IceServer {
  /** `stun:host:port`, `turn:host:port?transport=udp`. */
  urls: string | string[];
  username?: string;
  credential?: string;
}

/** How clients of a server reach it. All of it may be missing: a server on a public address needs none. */
export interface Ice {
  iceServers?: IceServer[];
  /** How long the credentials in `iceServers` are good for. Missing: for ever. */
  iceSeconds?: number;
  /** Clients connect through a relay only: the game server does not see their addresses. */
  relayOnly?: true;
}

/** Takes what is in order of a server's answer. Never throws. */
export function readIce(answer: unknown): Ice {
  if (typeof answer !== 'object' || answer === null) return {};
  const { iceServers, iceSeconds, relayOnly } = answer as Partial<Record<keyof Ice, unknown>>;
  const servers = Array.isArray(iceServers) ? iceServers.slice(0, limits.iceServers).flatMap(readServer) : [];
  return {
    ...(servers.length === 0 ? {} : { iceServers: servers }),
    ...(typeof iceSeconds === 'number' && iceSeconds >= 0 ? { iceSeconds } : {}),
    ...(relayOnly === true ? { relayOnly } : {}),
  };
}

function readServer(server: unknown): IceServer[] {
  if (typeof server !== 'object' || server === null) return [];
  const { urls, username, credential } = server as Partial<Record<keyof IceServer, unknown>>;
  const list = [urls].flat().filter((url): url is string => typeof url === 'string' && ICE_URL.test(url));
  if (list.length === 0) return [];
  const names = typeof username === 'string' && typeof credential === 'string' ? { username, credential } : {};
  // Without its credentials a browser refuses a relay, and all others with it.
  const usable = list.filter((url) => url.startsWith('stun') || 'username' in names).slice(0, limits.iceServers);
  return usable.length === 0 ? [] : [{ urls: usable, ...names }];
}

const ICE_URL = /^(stun|turn)s?:[\w.:[\]-]+(\?transport=(udp|tcp))?$/;
