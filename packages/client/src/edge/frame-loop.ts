// Drives a room's frames: by the page's animation frames where there are any, by a timer in Node.
//
// Invariant: one frame at a time; it ends with the room's stay. A hidden page has no animation frames: there a timer goes on, as slow as the browser
// allows, so that the session stays. Units: milliseconds of performance.now().

interface Framed {
  readonly ended: string | undefined;
  frame(now: number): void;
}

/** Frames without a display. */
const timerMs = 16;
/** Frames of a hidden page: the browser makes it a second or more. */
const hiddenMs = 250;

export function driveFrames(room: Framed): void {
  const hasDisplay = typeof requestAnimationFrame === 'function';
  let lastAt = Number.NEGATIVE_INFINITY;
  const turn = (): void => {
    if (room.ended !== undefined) return;
    lastAt = performance.now();
    room.frame(lastAt);
    if (hasDisplay) requestAnimationFrame(turn);
    else setTimeout(turn, timerMs);
  };
  const watch = (): void => {
    if (room.ended !== undefined) return;
    if (performance.now() - lastAt > hiddenMs) room.frame(performance.now());
    setTimeout(watch, hiddenMs);
  };
  turn();
  if (hasDisplay) setTimeout(watch, hiddenMs);
}
