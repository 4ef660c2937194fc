// Why no relay could be used, for the message of an opening that failed: browsers tell it in events of their own, and go on in silence.
//
// Invariant: a relay that fails ends an opening only where nothing else may be used (`relayOnly`), and there at once, without waiting for the deadline.

import type { IceServer } from '@tickwire/shared';

/** Part of RTCPeerConnectionIceErrorEvent. */
export interface IceTrouble {
  readonly url: string;
  readonly errorCode: number;
  readonly errorText: string;
}

/** Whether one of these servers is a relay. */
export function hasRelay(iceServers: readonly IceServer[] | undefined): boolean {
  return (iceServers ?? []).some(({ urls }) => [urls].flat().some((url) => url.startsWith('turn')));
}

export const noRelay = 'only a relay may be used, and none is known: give the server `turn`, or connect() `iceServers` with a TURN server';

/** What a person can do something with; undefined for what is no relay's. */
export function relayTrouble({ url, errorCode, errorText }: IceTrouble): string | undefined {
  if (!url.startsWith('turn')) return undefined;
  // 701 is the browser's own: nothing came back.
  if (errorCode === 701) return `the relay ${url} did not answer`;
  const what = `the relay ${url} answered ${errorCode} ${errorText.replace(/\.$/, '')}`;
  return errorCode === 401 ? `${what}: its credentials are wrong, or have expired (is the clock of the server right?)` : what;
}

export class RelayWatch {
  /** In words, the first for each relay. */
  readonly #troubles = new Map<string, string>();
  #candidates = 0;

  /** @param givenUp told when the connection can have no candidate any more. */
  constructor(connection: RTCPeerConnection, givenUp: () => void) {
    connection.addEventListener('icecandidateerror', (event) => {
      const words = relayTrouble(event);
      if (words !== undefined && !this.#troubles.has(event.url)) this.#troubles.set(event.url, words);
    });
    connection.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate !== null && candidate.candidate !== '') this.#candidates += 1;
    });
    connection.addEventListener('icegatheringstatechange', () => {
      if (connection.iceGatheringState === 'complete' && this.#candidates === 0) givenUp();
    });
  }

  /** Undefined when no relay is known to have failed. */
  get detail(): string | undefined {
    return this.#troubles.size === 0 ? undefined : [...this.#troubles.values()].join('; ');
  }
}
