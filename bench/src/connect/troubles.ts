// What a player goes through when the network lets them down: UDP that never was, UDP that dies in the middle of a game, and nothing at all for five
// seconds. A real Chromium behind the NAT of a home, 100 ms from the server.
//
// Invariant: each run is a visit of its own, which played before its trouble began. Units: milliseconds of the page's clock.

import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { type Lab, withLab } from '../../../test/netlab/lab.ts';
import type { TroubleRow } from './connect-row.ts';
import { spreadOf } from './phases.ts';
import { Visitor } from './visit.ts';
import { labDelayMs, node, port, serverPath, type VisitPlan } from './visits.ts';

/** Played before the trouble. */
const playedMs = 2000;
/** A state that takes longer does not come. */
const patienceMs = 20_000;
const cutMs = 5000;

/** What happens, and how long it takes until there is a state after it. */
type Trouble = (lab: Lab, visit: () => Promise<{ page: Page; marks: { [step: string]: number } }>) => Promise<number>;

export const troubles: { readonly [name: string]: Trouble } = {
  'UDP blocked: connect() to first snapshot': async (lab, visit) => {
    lab.blockUdp();
    const { marks } = await visit();
    return (marks['snapshot'] ?? Number.NaN) - (marks['begin'] ?? Number.NaN);
  },
  'UDP dies in the game: to the next state': async (lab, visit) => {
    const { page } = await visit();
    await pause(playedMs);
    const cutAt = await pageNow(page);
    lab.blockUdp();
    // What is on its way still comes: the state that counts is the first behind a silence.
    return (await stateAfterSilence(page, cutAt)) - cutAt;
  },
  'all cut for 5 s: from the heal to the next state': async (lab, visit) => {
    const { page } = await visit();
    await pause(playedMs);
    await lab.setLink({ isUp: false });
    await pause(cutMs);
    const healedAt = await pageNow(page);
    await lab.setLink({ isUp: true });
    return (await stateAfter(page, healedAt)) - healedAt;
  },
};

export async function troubleRows({ folder, runs, signal, tell }: VisitPlan): Promise<TroubleRow[]> {
  const rows: TroubleRow[] = [];
  for (const [name, trouble] of Object.entries(troubles)) {
    const took: number[] = [];
    const transports: string[] = [];
    await withLab({ nat: 'port-restricted', delayMs: labDelayMs }, async (lab) => {
      await lab.runInServer([...node, serverPath, folder, '0.0.0.0', `${port}`]).address();
      const visitor = await Visitor.launch(lab.clientPrefix);
      try {
        for (let run = 0; run < runs; run++) {
          signal.throwIfAborted();
          lab.blockUdp(false);
          const visits: Awaited<ReturnType<Visitor['visit']>>[] = [];
          const visit = async () => {
            visits.push(await visitor.visit(`http://${lab.serverAddress}:${port}/`));
            return visits[0] as (typeof visits)[0];
          };
          took.push(await trouble(lab, visit));
          const { transport, ended } = (await visits[0]?.page.evaluate(() => window.shown())) ?? { transport: 'none', ended: undefined };
          transports.push(ended ?? transport);
          await visits[0]?.close();
          tell(`${name}: run ${run + 1} of ${runs}, ${Math.round(took.at(-1) ?? Number.NaN)} ms`);
        }
      } finally {
        await visitor.close();
      }
    });
    rows.push({ row: 'trouble', network: name, runs, tookMs: spreadOf(took), transports });
  }
  return rows;
}

function pageNow(page: Page): Promise<number> {
  return page.evaluate(() => performance.now());
}

async function stateAfter(page: Page, atMs: number): Promise<number> {
  const found = await page.waitForFunction((after) => window.shown().atMs.find((at) => at > after), atMs, { timeout: patienceMs, polling: 20 });
  return (await found.jsonValue()) ?? Number.NaN;
}

async function stateAfterSilence(page: Page, atMs: number): Promise<number> {
  const found = await page.waitForFunction(
    ({ after, silenceMs }) => {
      const { atMs: times } = window.shown();
      return times.find((at, index) => at > after + silenceMs && at - (times[index - 1] ?? at) > silenceMs);
    },
    { after: atMs, silenceMs: 300 },
    { timeout: patienceMs, polling: 20 },
  );
  return (await found.jsonValue()) ?? Number.NaN;
}
