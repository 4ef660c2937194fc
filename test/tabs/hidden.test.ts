// Tabs that are hidden for half a minute over a WebSocket, and for a minute and for six over WebRTC, in a real Chromium that throttles them: their sessions
// stay, and on return they are right at once.
//
// The tabs of one window join, those with WebRTC over a path of 40 ms each way; then a third one is in front of them. Timers of a hidden tab run once a second, after five
// minutes once a minute. Units: milliseconds of `wallMs`; ticks.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Child, pause, rootFolder } from '../e2e/child.ts';
import { sourceScript } from '../engines/page-bundle.ts';
import { game, msBetween, wallMs } from '../webrtc/dark-game.ts';
import { backwards } from '../webrtc/darkness.ts';
import { openRelayProxy, type RelayProxy } from '../webrtc/relay-proxy.ts';
import { UdpRelay } from '../webrtc/udp-relay.ts';
import type { TabReport } from './hidden-page.ts';
import { type Tab, TabbedChromium } from './tabbed-chromium.ts';

const DELAY_MS = 40;
/** A visible tab knows its clocks after this time. */
const SETTLE_MS = 4000;
const WATCH_MS = 4000;
/** A tab that is back is right within a round trip and this. */
const BACK_MS: number = 2 * DELAY_MS + 200;
const TICK_MS = 1000 / game.tickHz;

const server = new Child([process.execPath, '--conditions=@tickwire/source', '--import', 'tsx', 'test/e2e/serve-dark.ts']);
const relay = new UdpRelay(1, { loss: 0, delayMs: DELAY_MS });
let proxy: RelayProxy;
let browser: TabbedChromium;

/** A tab that was hidden, and what it reports of the time around its return. */
interface Return {
  readonly hiddenMs: number;
  readonly shownMs: number;
  readonly report: TabReport;
  readonly usualAgeMs: number;
}
/** In the order in which the tabs come back. */
const stays = [
  { name: 'half a minute over a WebSocket', transport: 'websocket', forMs: 30_000 },
  { name: 'a minute', transport: 'webrtc', forMs: 60_000 },
  { name: 'six minutes', transport: 'webrtc', forMs: 360_000 },
] as const;
const returns = new Map<string, Return>();

beforeAll(async () => {
  proxy = await openRelayProxy(await server.address(), relay);
  browser = await TabbedChromium.launch();
  const script = await sourceScript(join(rootFolder, 'test/tabs/hidden-page.ts'), 'hidden');
  const tabs: { tab: Tab; usualAgeMs: number; hiddenMs: number }[] = [];
  for (const { transport } of stays) {
    const tab = await browser.open(proxy.url);
    await tab.evaluate(`${script}; undefined`);
    await tab.evaluate(`hidden.join('${transport}')`);
    await pause(SETTLE_MS);
    const { applied, frames } = await tab.evaluate<TabReport>(`hidden.report(${wallMs() - 1000})`);
    const ages = frames.map((frame) => shownAge({ applied }, frame)).sort((a, b) => a - b);
    tabs.push({ tab, usualAgeMs: ages[Math.floor(ages.length / 2)] as number, hiddenMs: 0 });
  }
  const front = await browser.open('about:blank');
  const hiddenMs = wallMs();
  for (const [index, { name, forMs }] of stays.entries()) {
    const { tab, usualAgeMs } = tabs[index] as (typeof tabs)[number];
    await pause(Math.max(0, forMs - msBetween(hiddenMs, wallMs())));
    const shownMs = wallMs();
    await tab.show();
    await pause(WATCH_MS);
    returns.set(name, { hiddenMs, shownMs, usualAgeMs, report: await tab.evaluate(`hidden.report(${shownMs - 10_000})`) });
    await front.show();
  }
}, 500_000);

afterAll(async () => {
  await browser?.close();
  await proxy?.close();
  await server.kill();
  relay.close();
});

describe.each(stays)('a tab that was hidden for $name', ({ name, transport }) => {
  const back = (): Return => returns.get(name) as Return;
  const visibleMs = (): number =>
    back().report.changes.findLast(({ state, atMs }) => state === 'visible' && atMs <= back().shownMs + WATCH_MS)?.atMs ?? -1;

  test('[TB1] was hidden, and its timers throttled', () => {
    const { hiddenMs, shownMs, report } = back();
    expect(report.changes.map(({ state }) => state).slice(0, 2)).toEqual(['hidden', 'visible']);
    expect(msBetween(hiddenMs, report.changes[0]?.atMs as number)).toBeLessThan(10_000);
    expect(Math.abs(msBetween(shownMs, visibleMs()))).toBeLessThan(2000);
    const wakes = report.wakes.filter((atMs) => msBetween(hiddenMs, atMs) > 5000 && msBetween(atMs, shownMs) > 0);
    expect(wakes.length).toBeGreaterThan(0);
    expect(wakes.length).toBeLessThan((1.5 * msBetween(hiddenMs, shownMs)) / 1000);
  });

  test('[TB2] has its session still', () => {
    const { ended, joins, leaves, stats } = back().report;
    expect({ transport: stats.transport, ended, joins, leaves, wrong: stats.packetsWrong, resyncs: stats.resyncs }).toEqual({
      transport,
      ended: undefined,
      joins: 1,
      leaves: 0,
      wrong: 0,
      resyncs: 0,
    });
  });

  test('[TB3] gets two snapshots a second while it is hidden', () => {
    const { shownMs, report } = back();
    const hidden = report.applied.filter(({ atMs, isNewer }) => isNewer && msBetween(atMs, shownMs) > 0 && msBetween(atMs, shownMs) < 8000);
    expect(hidden.length / 8).toBeGreaterThan(1.5);
    expect(hidden.length / 8).toBeLessThan(3);
  });

  test('[TB4] shows the right picture within a round trip and 200 ms, and nothing jumps after it', () => {
    const { report, usualAgeMs } = back();
    const frames = report.frames.filter(({ atMs }) => msBetween(visibleMs(), atMs) >= 0);
    const right = frames.find((frame) => Math.abs(shownAge(report, frame) - usualAgeMs) < 60);
    const rightAfterMs = right ? msBetween(visibleMs(), right.atMs) : Number.POSITIVE_INFINITY;
    console.log(`${name}: right after ${Math.round(rightAfterMs)} ms, shown ${Math.round(usualAgeMs)} ms old usually`);
    expect(rightAfterMs).toBeLessThanOrEqual(BACK_MS);
    expect(frames.length).toBeGreaterThan(100);
    const after = frames.filter(({ atMs }) => msBetween(visibleMs(), atMs) >= BACK_MS);
    expect(after.filter((frame) => Math.abs(shownAge(report, frame) - usualAgeMs) > 100)).toEqual([]);
    // The clock of the view runs a quarter faster or slower at most; a frame on a busy machine may be a tick off.
    for (const [index, frame] of after.entries()) {
      const before = after[index - 1];
      if (!before) continue;
      const passed = msBetween(before.atMs, frame.atMs) / TICK_MS;
      expect(Math.abs(frame.viewTick - before.viewTick - passed)).toBeLessThan(0.26 * passed + 1.5);
    }
    expect(backwards(report)).toEqual([]);
  });

  test('[TB5] its inputs count again within a second', () => {
    const { report } = back();
    const heard = report.frames.find(({ heardMs }) => msBetween(visibleMs(), heardMs) >= 0);
    expect(heard ? msBetween(visibleMs(), heard.atMs) : Number.POSITIVE_INFINITY).toBeLessThan(1000);
  });
});

/** How old what a frame shows was when it was shown, judged by the newest state that had come: the server makes a tick in `TICK_MS`. */
function shownAge({ applied }: Pick<TabReport, 'applied'>, { atMs, clockTick }: TabReport['frames'][number]): number {
  const newest = applied.findLast((one) => one.atMs <= atMs) ?? applied[0];
  if (!newest) return Number.POSITIVE_INFINITY;
  const serverTick = newest.tick + msBetween(newest.atMs - newest.ageMs, atMs) / TICK_MS;
  return (serverTick - clockTick) * TICK_MS;
}
