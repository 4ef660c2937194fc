// Origins: from which pages WebSocket upgrades are taken. The HTTP routes tell browsers by CORS; an upgrade no browser holds back, the server looks itself.
//
// Invariant: a page of the server's own origin and one of this machine may always join. A request without an Origin header is from no page.

/** Whether a request with these `origin` and `host` headers is taken. */
export type OriginCheck = (origin: string | undefined, host: string | undefined) => boolean;

const ownMachine = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** Pages of the server's own origin and of localhost, and those listed; `'*'` for all. */
export function originCheck(listed: readonly string[] | '*' = []): OriginCheck {
  return (origin, host) => {
    if (origin === undefined || listed === '*' || ownMachine.test(origin) || listed.includes(origin)) return true;
    return origin.slice(origin.indexOf('://') + 3) === host;
  };
}
