// A path that goes dark, between a page in Chromium and a real server in a process of its own.
//
// The tests are those of darkness-contract.ts. Units: milliseconds.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { sourceScript } from '../engines/page-bundle.ts';
import type { DarkReport } from '../webrtc/dark-player.ts';
import { goDark, goDarkAtWorst } from '../webrtc/darkness.ts';
import {
  backOffContract,
  type DarkCase,
  type DarkRun,
  darknessContract,
  relayNetwork,
  returnContract,
  SETTLE_MS,
  WATCH_MS,
} from '../webrtc/darkness-contract.ts';
import { openRelayProxy } from '../webrtc/relay-proxy.ts';
import { UdpRelay } from '../webrtc/udp-relay.ts';
import { Child, pause, rootFolder } from './child.ts';
import { WatchedBrowser } from './watched-browser.ts';

let browser: WatchedBrowser;
let script: string;

beforeAll(async () => {
  script = await sourceScript(join(rootFolder, 'test/e2e/dark-page.ts'), 'dark');
  browser = await WatchedBrowser.launch();
});

afterAll(() => browser?.close());

describe('[DK1] to [DK6] in Chromium', () => {
  darknessContract(
    [
      { darkMs: 1000, loss: 0 },
      { darkMs: 3000, loss: 0 },
      { darkMs: 1000, loss: 0.05 },
    ],
    play,
  );
  returnContract([{ darkMs: 1000 }, { darkMs: 3000 }], play);
  backOffContract(play);
});

async function play({ darkMs, loss, isWorst }: DarkCase): Promise<DarkRun> {
  const relay = new UdpRelay(darkMs, relayNetwork(0));
  const server = new Child([process.execPath, '--conditions=@tickwire/source', '--import', 'tsx', 'test/e2e/serve-dark.ts']);
  try {
    const proxy = await openRelayProxy(await server.address(), relay);
    const { page, complaints, close } = await browser.newPage();
    await page.goto(proxy.url);
    await page.evaluate(`${script}; undefined`);
    await page.evaluate('dark.join()');
    relay.network = relayNetwork(loss);
    const report = (): Promise<DarkReport> => page.evaluate('dark.report()');
    await pause(SETTLE_MS);
    const before = (await report()).stats;
    const darkness = await (isWorst ? goDarkAtWorst : goDark)(relay, darkMs, WATCH_MS);
    const after = await report();
    expect(complaints).toEqual([]);
    await close();
    await proxy.close();
    return { before, darkness, after };
  } finally {
    await server.kill();
    relay.close();
  }
}
