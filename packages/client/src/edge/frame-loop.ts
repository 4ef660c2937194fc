// Drives a room's frames: by the page's animation frames where there are any, by a timer in Node and in a page that is hidden.
//
// Invariant: one frame at a time; it ends with the room's stay. A hidden page has no animation frames: there a timer goes on, as slow as the browser
// allows, so that the session stays. Units: milliseconds of performance.now().

export interface Framed {
  readonly ended: string | undefined;
  hidden: boolean;
  frame(now: number): void;
}

/** Frames without a display. */
const timerMs = 16;
/** Frames of a hidden page: the browser makes it a second or more. */
const hiddenMs = 250;

/** A frame for each animation frame of the page, by a timer where there are none, unless `loop` is `manual` just then. It ends when `ended` is set. */
export function driveFrames(room: Pick<Framed, 'ended' | 'frame'> & { readonly loop?: 'auto' | 'manual' }): void {
  const turn = (): void => {
    if (room.ended !== undefined) return;
    // Asked for before the frame runs: when the page's own code throws in it, the next one still comes.
    if (hasDisplay()) requestAnimationFrame(turn);
    else setTimeout(turn, timerMs);
    if (room.loop !== 'manual') room.frame(performance.now());
  };
  turn();
}

/** What is told when the stay is over. */
interface Staying {
  readonly ended: string | undefined;
  onLeave(handler: () => void): unknown;
}

/**
 * Tells the room whether anybody sees the page, and frames it while nobody does, whoever drives the visible frames: their loop stands still then. Browsers
 * slow the timer down to a second, after five minutes to a minute; the session then lives by the messages that come.
 */
export function watchHidden(room: Framed & Staying): void {
  if (!hasDisplay()) return;
  const look = (): void => {
    room.hidden = document.visibilityState === 'hidden';
    // At once: a page that is hidden has no other frame, and one that is seen again should not wait for one to say so.
    room.frame(performance.now());
  };
  const turn = (): void => {
    if (room.ended !== undefined) return;
    setTimeout(turn, hiddenMs);
    if (room.hidden) room.frame(performance.now());
  };
  listenWhile(room, document, 'visibilitychange', look);
  if (document.visibilityState === 'hidden') look();
  setTimeout(turn, hiddenMs);
}

interface Networked extends Staying {
  isOnline: boolean;
  readonly keeper: { retryNow(): void } | undefined;
}

/** Tells the room when the platform knows that there is no network, and when there may be another: then nothing is waited for. */
export function watchOnline(room: Networked): void {
  if (!hasDisplay()) return;
  const look = (): void => {
    room.isOnline = navigator.onLine;
  };
  for (const name of ['online', 'offline']) listenWhile(room, globalThis, name, look);
  listenWhile(room, document, 'visibilitychange', () => {
    if (document.visibilityState === 'visible') room.keeper?.retryNow();
  });
  look();
}

/**
 * Leaves the room as the page goes, where nothing could come back to it. By a request that the browser sends for pages that are gone, since what the link is
 * given now mostly dies with the page, and the player's place would be kept for one who cannot come.
 */
export function leaveWithPage(origin: string, room: Staying & { readonly reconnectionToken: string; leave(): void }): void {
  if (!hasDisplay()) return;
  const leave = (): void => {
    navigator.sendBeacon(`${origin}/tickwire/leave`, room.reconnectionToken);
    room.leave();
  };
  // Before the link says that it was lost.
  listenWhile(room, globalThis, 'pagehide', leave, { capture: true });
}

/** Until the stay is over: a page may have many, one after the other, and nothing of the first is to be kept. */
function listenWhile(room: Staying, target: EventTarget, name: string, listener: () => void, options: { capture?: boolean } = {}): void {
  if (room.ended !== undefined) return;
  target.addEventListener(name, listener, options);
  room.onLeave(() => target.removeEventListener(name, listener, options));
}

function hasDisplay(): boolean {
  return typeof requestAnimationFrame === 'function';
}
