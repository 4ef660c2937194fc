// Visits of our page and of plain geckos.io's, one after the other and in turns, so that both see the same machine.
//
// Invariant: the processes that it starts have ended when it returns. Units: milliseconds.

import { Child } from '../../../test/e2e/child.ts';
import { withLab } from '../../../test/netlab/lab.ts';
import { makeVisitRow, type VisitRow } from './connect-row.ts';
import type { Marks } from './page-marks.ts';
import { Visitor } from './visit.ts';

export const node: readonly [string, ...string[]] = [process.execPath, '--conditions=@tickwire/source', '--import', 'tsx'];
export const serverPath = 'bench/src/connect/connect-server.ts';
const rivalPath = 'bench/src/connect/rival-server.ts';

/** The round trip of the gate's network, and the ports of the two servers in the lab. */
export const labDelayMs = 50;
export const port = 9208;
const rivalPort = 9209;

export interface VisitPlan {
  readonly folder: string;
  readonly runs: number;
  readonly signal: AbortSignal;
  tell(progress: string): void;
}

export async function loopbackVisits(plan: VisitPlan): Promise<VisitRow[]> {
  const servers = [new Child([...node, serverPath, plan.folder]), new Child([...node, rivalPath, plan.folder])] as const;
  try {
    const urls = [await servers[0].address(), `${await servers[1].address()}/`] as const;
    const visitor = await Visitor.launch();
    try {
      return await visitRows('loopback', visitor, urls, plan);
    } finally {
      await visitor.close();
    }
  } finally {
    await Promise.all(servers.map((server) => server.kill()));
  }
}

/** Behind the NAT of a home, 100 ms from the server. */
export function labVisits(plan: VisitPlan): Promise<VisitRow[]> {
  return withLab({ nat: 'port-restricted', delayMs: labDelayMs }, async (lab) => {
    const ours = lab.runInServer([...node, serverPath, plan.folder, '0.0.0.0', `${port}`]);
    const rival = lab.runInServer([...node, rivalPath, plan.folder, '0.0.0.0', `${rivalPort}`]);
    await Promise.all([ours.address(), rival.address()]);
    const visitor = await Visitor.launch(lab.clientPrefix);
    try {
      return await visitRows('100 ms RTT', visitor, [`http://${lab.serverAddress}:${port}/`, `http://${lab.serverAddress}:${rivalPort}/`], plan);
    } finally {
      await visitor.close();
    }
  });
}

async function visitRows(network: string, visitor: Visitor, urls: readonly [string, string], { runs, signal, tell }: VisitPlan): Promise<VisitRow[]> {
  const marks: [Marks[], Marks[]] = [[], []];
  // The first visit of a browser and of a server pays for what they load once.
  for (let run = -1; run < runs; run++) {
    for (const [which, url] of urls.entries()) {
      signal.throwIfAborted();
      const visit = await visitor.visit(url);
      await visit.close();
      if (run >= 0) marks[which as 0 | 1].push(visit.marks);
    }
    if (run >= 0) tell(`${network}: visit ${run + 1} of ${runs}, first snapshot after ${Math.round(marks[0].at(-1)?.['snapshot'] ?? Number.NaN)} ms`);
  }
  return [makeVisitRow(network, 'tickwire', marks[0]), makeVisitRow(network, 'geckos.io', marks[1])];
}
