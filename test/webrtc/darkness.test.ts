// A path that goes dark, between a real server and the Node client: both ends are libdatachannel with usrsctp.
//
// Units: milliseconds; ticks.

import { serve } from '@tickwire/server';
import { expect, test } from 'vitest';
import { openWebrtcLink } from '../../packages/client/src/edge/node/webrtc.ts';
import { game } from './dark-game.ts';
import { DarkPlayer } from './dark-player.ts';
import { DarkRoom } from './dark-room.ts';
import { goDark, goDarkAtWorst } from './darkness.ts';
import {
  backOffContract,
  type DarkCase,
  type DarkRun,
  darknessContract,
  relayNetwork,
  returnContract,
  SETTLE_MS,
  WATCH_MS,
} from './darkness-contract.ts';
import { pause } from './recorder.ts';
import { openRelayProxy } from './relay-proxy.ts';
import { UdpRelay } from './udp-relay.ts';

darknessContract(
  [
    { darkMs: 1000, loss: 0 },
    { darkMs: 3000, loss: 0 },
    { darkMs: 1000, loss: 0.05 },
  ],
  play,
);

// Nothing of the server gets through before its next try: that is the first packet, and it is fresh. (After 3 s chance decides what comes first, a try of the
// server or one of its SCTP: the page in Chromium has that case.)
returnContract([{ darkMs: 1000 }], play);

const backOff = backOffContract(play);

// What waited in the client's SCTP is delivered all the same once it is let through, and the margins of inputs that are seconds old count like any: so little
// may wait.
test('[DK7] four seconds after the healing the lead of the inputs is what it was', () => {
  const { before, after } = backOff();
  expect(after.stats.leadTicks).toBeLessThan(before.leadTicks + 4);
});

async function play({ darkMs, loss, isWorst }: DarkCase): Promise<DarkRun> {
  const relay = new UdpRelay(darkMs, relayNetwork(0));
  const server = await serve({ rooms: { dark: { game, room: DarkRoom } }, port: 0, host: '127.0.0.1', signals: false });
  const proxy = await openRelayProxy(server.url, relay);
  try {
    const bindAddress = '127.0.0.1';
    const player = await DarkPlayer.join(proxy.url, 'webrtc', (opening) => openWebrtcLink({ ...opening, bindAddress }));
    relay.network = relayNetwork(loss);
    await pause(SETTLE_MS);
    const before = { ...player.room.stats };
    const darkness = await (isWorst ? goDarkAtWorst : goDark)(relay, darkMs, WATCH_MS);
    const after = player.report();
    const report = { ...after, applied: [...after.applied], frames: [...after.frames], stats: { ...after.stats } };
    player.room.leave();
    return { before, darkness, after: report };
  } finally {
    await proxy.close();
    await server.close();
    relay.close();
  }
}
