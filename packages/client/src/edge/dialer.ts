// Opens links for a keeper, by the transports of the platform.
//
// Invariant: an opening that was given up is closed, however late it succeeds; what fails is told as a TickwireError. Units: milliseconds.

import { type Link, TickwireError } from '@tickwire/shared';
import type { DialKind, LinkDialer } from '../link-keeper.ts';
import { seatAuthorization } from './join.ts';

/** What every opening is given. */
export interface Opening {
  url: string;
  /** `${roomId}.${sessionId}.${token}` */
  authorization: string;
  signal: AbortSignal;
  now(): number;
}

/** Opens one link; rejects with a TickwireError. */
export type OpenLink = (opening: Opening) => Promise<Link>;

/** @param open how each kind is opened; a kind that is missing is never tried. */
export function makeDialer(url: string, open: { readonly [Kind in DialKind]?: OpenLink }, now: () => number): LinkDialer {
  return {
    kinds: Object.keys(open) as DialKind[],
    dial(kind, seat, done) {
      const abort = new AbortController();
      const opening = (open[kind] as OpenLink)({ url, authorization: seatAuthorization(seat), signal: abort.signal, now });
      opening.then(
        (link) => (abort.signal.aborted ? link.close('link-replaced', now()) : done(link, now())),
        (error: unknown) => {
          if (!abort.signal.aborted) done(error instanceof TickwireError ? error : new TickwireError('link-lost', String(error)), now());
        },
      );
      return () => abort.abort();
    },
  };
}
