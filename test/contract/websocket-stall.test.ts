// A TCP path that stands still for three seconds, between the Node client and a real server: nothing stale piles up behind it.
//
// The server judges by acks there as over WebRTC, so what waits in the buffers on the way is a quarter of a second of snapshots and then two a second.
// Units: milliseconds of `wallMs`.

import { serve } from '@tickwire/server';
import { expect, test } from 'vitest';
import { openWebsocketLink } from '../../packages/client/src/edge/node/websocket.ts';
import { game, msBetween, wallMs } from '../webrtc/dark-game.ts';
import { DarkPlayer } from '../webrtc/dark-player.ts';
import { DarkRoom } from '../webrtc/dark-room.ts';
import { pause } from '../webrtc/recorder.ts';
import { TcpRelay } from './tcp-relay.ts';

const STALL_MS = 3000;

test('[WS15] after a path stood still for 3 s at most 16 old messages arrive, and a fresh state is there within 300 ms', async () => {
  const server = await serve({ rooms: { dark: { game, room: DarkRoom } }, port: 0, host: '127.0.0.1', signals: false });
  const relay = await TcpRelay.open(server.port, 1, { loss: 0, delayMs: 20 });
  const player = await DarkPlayer.join(server.url, 'websocket', (opening) =>
    openWebsocketLink({ ...opening, url: `http://127.0.0.1:${relay.port}` }),
  );
  await pause(1500);
  const { packetsStale } = player.room.stats;
  relay.hold();
  await pause(STALL_MS);
  relay.release();
  const releasedMs = wallMs();
  await pause(1000);
  const report = player.report();
  const after = report.applied.filter(({ atMs }) => msBetween(releasedMs, atMs) >= 0);
  const isOld = ({ ageMs }: { ageMs: number }): boolean => ageMs > 200;
  const fresh = after.find((state) => state.isNewer && !isOld(state));
  const freshAfterMs = fresh ? msBetween(releasedMs, fresh.atMs) : Number.POSITIVE_INFINITY;
  const before = after.filter(({ atMs }) => msBetween(atMs, fresh?.atMs ?? releasedMs) > 0);
  const { transport, packetsStale: staleAfter } = report.stats;
  console.log(
    `stood still for ${STALL_MS} ms: fresh after ${Math.round(freshAfterMs)} ms, ${before.length} messages before it, ${staleAfter - packetsStale} refused`,
  );
  player.room.leave();
  await server.close();
  await relay.close();
  expect([transport, report.ended, report.leaves]).toEqual(['websocket', undefined, 0]);
  expect(freshAfterMs).toBeLessThan(300);
  expect(before.length).toBeLessThanOrEqual(16);
  expect(after.filter((state) => state.isNewer && isOld(state)).length).toBeLessThanOrEqual(16);
});
