// Others as `@geckos.io/snapshot-interpolation` shows them: its own code, its own clock offset, fed with the virtual time.
//
// The library reads the time through its static `Now` alone, which is replaced here. It is used as its README says: made with the server's rate, which gives
// a buffer of three snapshots; `bufferMs` is its own setting. Where it has no answer (no newer snapshot) the last picture stays, as in its example.
// Invariant: the time it means to show is the one that it asks its vault for. Units: milliseconds.

import { SnapshotInterpolation } from '@geckos.io/snapshot-interpolation';
import type { Place, StateSnapshot, Viewer } from './viewer.ts';

/** The library takes times of at most 1 for percentages; a real clock is far from that. */
const epochMs = 1_000_000;
let virtualNow = 0;
SnapshotInterpolation.Now = () => virtualNow;

/** @param bufferMs instead of the library's own choice. */
export function geckosViewer(snapshotHz: number, bufferMs?: number): Viewer {
  const library = new SnapshotInterpolation(snapshotHz);
  if (bufferMs !== undefined) library.interpolationBuffer.set(bufferMs);
  const places: Place[] = [];
  let hasAny = false;
  return {
    receive({ tick, timeMs, places: sent }: StateSnapshot, now: number) {
      virtualNow = epochMs + now;
      hasAny = true;
      library.snapshot.add({ id: `${tick}`, time: epochMs + timeMs, state: sent.map(({ x, y }, player) => ({ id: `${player}`, x, y })) });
    },
    frame(now) {
      virtualNow = epochMs + now;
      if (!hasAny) return Number.NaN;
      const shown = library.calcInterpolation('x y');
      for (const { id, x, y } of shown?.state ?? []) places[Number(id)] = { x: Number(x), y: Number(y) };
      return now - library.timeOffset - library.interpolationBuffer.get();
    },
    placeOf: (player) => places[player],
  };
}
