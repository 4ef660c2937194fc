// Origins: from which pages requests are taken, in front of every route and of the WebSocket upgrade.
//
// A page's browser says where the page is from and the page cannot change it, so another site's page cannot play here in its visitors' names. A request without
// an Origin header is from no page (a Node client, a native app), which could write any origin anyway: it is taken, whatever the list says.

import { limits } from '@tickwire/shared';

/** Whether a request with these `origin` and `host` headers is taken. */
export type OriginCheck = (origin: string | undefined, host: string | undefined) => boolean;

const ownMachine = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** Pages of the server's own origin and of localhost, and those listed; `'*'` for all. */
export function originCheck(listed: readonly string[] | '*' = []): OriginCheck {
  return (origin, host) => {
    if (origin === undefined) return true;
    if (origin.length > limits.originBytes) return false;
    return listed === '*' || ownMachine.test(origin) || listed.includes(origin) || isSameHost(origin, host);
  };
}

/** The scheme is left out: behind a proxy that ends TLS the server does not know its own. */
function isSameHost(origin: string, host: string | undefined): boolean {
  const [, scheme, rest] = /^(https?):\/\/(.+)$/.exec(origin) ?? [];
  if (rest === undefined || host === undefined) return false;
  const port = scheme === 'https' ? ':443' : ':80';
  return rest.toLowerCase() === host.toLowerCase().replace(new RegExp(`${port}$`), '');
}
