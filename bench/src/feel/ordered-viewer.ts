// Others as over an ordered, reliable pipe with a fixed delay of 100 ms: how most games on Colyseus do it. A lost message holds up all behind it.
//
// Its clock is as good as one can be: the least delayed message that it ever got. Units: milliseconds.

import { LinearBuffer } from './linear-buffer.ts';
import type { Viewer } from './viewer.ts';

const delayMs = 100;

export function orderedViewer(): Viewer {
  const buffer = new LinearBuffer();
  let offsetMs = Number.NaN;
  return {
    receive(snapshot, now) {
      offsetMs = Number.isNaN(offsetMs) ? now - snapshot.timeMs : Math.min(offsetMs, now - snapshot.timeMs);
      buffer.insert(snapshot);
    },
    frame(now) {
      const shownMs = now - offsetMs - delayMs;
      buffer.show(shownMs);
      return shownMs;
    },
    placeOf: (player) => buffer.placeOf(player),
  };
}
