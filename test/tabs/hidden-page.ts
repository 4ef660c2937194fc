// What runs in a tab that is hidden for a while: a client of dark-game.ts that writes down what it shows, and when the tab was visible.
//
// Built into one script by page-bundle.ts; the test calls what it exports. Units: milliseconds of `wallMs`.

import { openWebrtcLink } from '../../packages/client/src/edge/transports/webrtc.ts';
import { openWebsocketLink } from '../../packages/client/src/edge/transports/websocket.ts';
import type { DialKind } from '../../packages/client/src/link-keeper.ts';
import { wallMs } from '../webrtc/dark-game.ts';
import { DarkPlayer, type DarkReport } from '../webrtc/dark-player.ts';

export interface TabReport extends DarkReport {
  /** When the tab became hidden and visible, in turn. */
  readonly changes: readonly { readonly atMs: number; readonly state: string }[];
  /** When a timer of the page's own, set to 20 ms over and over, fired. */
  readonly wakes: readonly number[];
}

const changes: { atMs: number; state: string }[] = [];
const wakes: number[] = [];
let player: DarkPlayer | undefined;

export async function join(transport: DialKind): Promise<void> {
  document.addEventListener('visibilitychange', () => changes.push({ atMs: wallMs(), state: document.visibilityState }));
  wake();
  player = await DarkPlayer.join(location.origin, transport, transport === 'webrtc' ? openWebrtcLink : openWebsocketLink);
}

/** What happened after `fromMs`: six minutes of everything are too much to hand over. */
export function report(fromMs: number): TabReport {
  if (!player) throw new Error('not joined');
  const whole = player.report();
  return {
    ...whole,
    applied: whole.applied.filter(({ atMs }) => atMs >= fromMs),
    frames: whole.frames.filter(({ atMs }) => atMs >= fromMs),
    changes,
    wakes,
  };
}

function wake(): void {
  wakes.push(wallMs());
  setTimeout(wake, 20);
}
