// What a player of the arena reads when something goes wrong: the server stops, dies, is not there, or runs another game. And who vanishes is let go.
//
// Units: milliseconds.

import type { Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openArena, screenText, untilNamesAre, untilPlaying } from './arena-page.ts';
import { ArenaServer, buildArenaPage } from './arena-server.ts';
import { WatchedBrowser, type WatchedPage } from './watched-browser.ts';

let browser: WatchedBrowser;

beforeAll(async () => {
  await buildArenaPage();
  browser = await WatchedBrowser.launch();
});

afterAll(() => browser?.close());

test('[EE13] when the server stops, the page says so, and its button joins again once the server is back', async () => {
  const server = await startServer();
  const { page, complaints } = await openPage();
  await openArena(page, server.url, 'Ada');
  const stoppedAt = performance.now();
  await server.stop();
  expect(performance.now() - stoppedAt).toBeLessThan(2000);
  const { title, text, button } = await screenText(page, 2000);
  expect(title).toMatch(/server/i);
  expect(text).toBe('The server is shutting down. Connect again in a moment.');
  expect(button).toBe('Join again');
  await startServer(server.port);
  await page.locator('#screen-button').click();
  await untilPlaying(page);
  expect(ownComplaints(complaints)).toEqual([]);
});

test('[EE14] when the server does not answer, the page says what to check, and its button tries again', async () => {
  const server = await startServer();
  const { page, complaints } = await openPage();
  // The page has come with all its files, and then the server is gone.
  const lastFile = page.waitForResponse(/\/stage-[^/]*\.js$/);
  await page.route('**/tickwire/join', async (route) => {
    await (await lastFile).finished();
    await server.kill();
    await route.continue();
  });
  await page.goto(`${server.url}/?play=quick`);
  const { title, text, button } = await screenText(page, 5000);
  expect(title).toMatch(/server/i);
  expect(text).toContain('The server did not answer.');
  expect(text).toContain(server.url);
  expect(button).toBe('Try again');
  await page.unroute('**/tickwire/join');
  await startServer(server.port);
  await page.locator('#screen-button').click();
  await untilPlaying(page);
  expect(ownComplaints(complaints)).toEqual([]);
});

test('[EE15] when the server runs another game, the page says in which lines the two differ', async () => {
  const { url } = await startServer();
  const { page, complaints } = await openPage();
  const line = /entity player, field score: [^"]*9999[^"]*/;
  let before = '';
  // As if the server's scores went up to 99999: the join asks with another hash, and the refusal shows the other schema.
  await page.route('**/tickwire/join', async (route) => {
    const response = await route.fetch({ postData: changedRequest(route, { schemaHash: '0123456789abcdef' }) });
    const refusal = await response.json();
    before = refusal.description.find((text: string) => line.test(text));
    const description = refusal.description.map((text: string) => (text === before ? text.replace('9999', '99999') : text));
    await route.fulfill({ response, json: { ...refusal, description } });
  });
  await page.goto(`${url}/?play=quick`);
  const { text } = await screenText(page, 5000);
  expect(before).toMatch(line);
  expect(text).toContain('Rebuild both from the same game file and reload the page.');
  expect(text).toContain(`(only the client has "${before}"; only the server has "${before.replace('9999', '99999')}")`);
  expect(ownComplaints(complaints)).toEqual([]);
});

test('[EE16] when the server speaks another protocol version, the page says so', async () => {
  const { url } = await startServer();
  const { page, complaints } = await openPage();
  await page.route('**/tickwire/join', (route) => route.continue({ postData: changedRequest(route, { protocol: 999 }) }));
  await page.goto(`${url}/?play=quick`);
  const { text } = await screenText(page, 5000);
  expect(text).toContain('different protocol versions');
  expect(text).toContain('reload the page');
  expect(ownComplaints(complaints)).toEqual([]);
});

// Both wait for the ten seconds after which a silent peer has lost its link, and one for the ten in which it may come back.
describe.concurrent('without a word', () => {
  test('[EE17] a server that dies without a word is given up within 15 s, and the page says what to check', async () => {
    const server = await startServer();
    const { page, complaints } = await openPage();
    await openArena(page, server.url, 'Ada');
    await server.kill();
    const { title, text, button } = await screenText(page, 15_000);
    expect(title).toMatch(/connection/i);
    expect(text).toContain('Check the network and join again.');
    expect(button).toBe('Join again');
    expect(ownComplaints(complaints)).toEqual([]);
  });

  test('[EE18] a page that dies without a word is gone from the others within 25 s', async () => {
    const { url } = await startServer();
    const [stays, dies] = [await openPage(), await openPage()];
    await openArena(stays.page, url, 'Ada');
    await openArena(dies.page, url, 'Eve');
    await untilNamesAre(stays.page, ['Ada', 'Eve']);
    const crash = await dies.page.context().newCDPSession(dies.page);
    const crashed = dies.page.waitForEvent('crash');
    // Never answered: who would answer has crashed.
    crash.send('Page.crash').catch(() => {});
    await crashed;
    await untilNamesAre(stays.page, ['Ada'], 25_000);
    expect(stays.complaints).toEqual([]);
  });
});

/** A server that is gone when the test is over. */
async function startServer(port?: number): Promise<ArenaServer> {
  const server = await ArenaServer.start({ port: port ?? 0 });
  onTestFinished(() => server.kill());
  return server;
}

async function openPage(): Promise<WatchedPage> {
  const watched = await browser.newPage();
  onTestFinished(() => watched.close());
  return watched;
}

function changedRequest(route: Route, change: object): string {
  return JSON.stringify({ ...route.request().postDataJSON(), ...change });
}

/** What the page itself got wrong. The browser writes a line of its own for each request and socket that fails, which no page can prevent. */
function ownComplaints(complaints: readonly string[]): string[] {
  const ofBrowser = /^console: (Failed to load resource|WebSocket connection to) ?.*\/(tickwire|\.wrtc)\//;
  // geckos' client says this of each attempt.
  const ofGeckos = /^console: Failed to fetch \(/;
  return complaints.filter((text) => !ofBrowser.test(text) && !ofGeckos.test(text));
}
