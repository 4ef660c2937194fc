// What runs in the page of the darkness tests: a client over the browser's own WebRTC.
//
// Built into one script by page-bundle.ts; the test calls what it exports.

import { openWebrtcLink } from '../../packages/client/src/edge/transports/webrtc.ts';
import { DarkPlayer, type DarkReport } from '../webrtc/dark-player.ts';

let player: DarkPlayer | undefined;

export async function join(): Promise<void> {
  player = await DarkPlayer.join(location.origin, 'webrtc', openWebrtcLink);
}

export function report(): DarkReport {
  if (!player) throw new Error('not joined');
  return player.report();
}
