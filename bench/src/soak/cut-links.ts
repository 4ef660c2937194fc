// Connections of a soak's clients whose links can be cut, as networks and reloads of pages do. Otherwise those of @tickwire/client/node.
//
// Invariant: of each session it knows the links of its newest page, until it is forgotten; a page that is gone opens no more. Units: milliseconds.

import type { Connection } from '@tickwire/client/node';
import { type Link, TickwireError } from '@tickwire/shared';
import { connection } from '../../../packages/client/src/edge/connection.ts';
import { takeOffer } from '../../../packages/client/src/edge/join.ts';
import { openWebrtcLink } from '../../../packages/client/src/edge/node/webrtc.ts';
import { openWebsocketLink } from '../../../packages/client/src/edge/node/websocket.ts';

interface Page {
  readonly links: Set<Link>;
  isGone: boolean;
}

export class CutLinks {
  readonly connection: Connection;
  readonly #pages = new Map<string, Page>();

  constructor(url: string) {
    this.connection = connection({
      url,
      loop: 'manual',
      transport: 'auto',
      wantsOffer: true,
      development: false,
      open: (seat) => {
        const page: Page = { links: new Set(), isGone: false };
        this.#pages.set(seat.sessionId, page);
        return {
          webrtc: async (opening) => keep(page, await openWebrtcLink({ ...opening, bindAddress: '127.0.0.1', offer: takeOffer(seat) })),
          websocket: async (opening) => keep(page, await openWebsocketLink(opening)),
        };
      },
    });
  }

  /** Ends the links of a session, with nobody's intent. */
  cut(sessionId: string): void {
    for (const link of this.#pages.get(sessionId)?.links ?? []) link.close('link-lost', performance.now());
  }

  /** The page is gone, and whatever it was about to do. */
  leave(sessionId: string): void {
    const page = this.#pages.get(sessionId);
    if (page) page.isGone = true;
    this.cut(sessionId);
    this.#pages.delete(sessionId);
  }
}

function keep(page: Page, link: Link): Link {
  if (page.isGone) {
    link.close('link-lost', performance.now());
    throw new TickwireError('link-lost');
  }
  page.links.add(link);
  return link;
}
