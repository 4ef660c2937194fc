// The wire suite's gates: the figures to reach, each with what must hold and what we are here for.
//
// Invariant: a gate is only made for what this run measured, so a run of one codec or of bytes alone has fewer. Units: ratios, and kB as 1,000 bytes.

import { type Bound, type Gate, judge } from '../report.ts';
import { colyseus } from './colyseus-codec.ts';
import type { Contest } from './cpu-rows.ts';
import type { IdleResult } from './idle-world.ts';
import { tickwire } from './tickwire-codec.ts';
import type { TraceName } from './trace.ts';
import type { WireRow } from './wire-row.ts';

type Goal = readonly [gate: Bound, aim: Bound];

/** At the next snapshot, and at a round trip of 100 ms. */
const byteGoals: { readonly [name in TraceName]: readonly [Goal, Goal] } = {
  arena: [
    ['<= 0.25', '<= 0.18'],
    ['<= 0.36', '<= 0.27'],
  ],
  crowd: [
    ['<= 0.35', '<= 0.22'],
    ['<= 0.4', '<= 0.28'],
  ],
  bodies: [
    ['<= 0.2', '<= 0.1'],
    ['<= 0.4', '<= 0.28'],
  ],
};
const ages = ['next snapshot', '100 ms round trip'] as const;

export function byteGates(rows: readonly WireRow[]): Gate[] {
  const gates: Gate[] = [];
  for (const trace of Object.keys(byteGoals) as TraceName[]) {
    const of = (codec: string): WireRow[] =>
      rows.filter(
        (row) => row.trace === trace && row.codec === codec && row.lossBytesMean !== undefined && row.views !== 'own' && !row.ackAge.includes('-'),
      );
    const [ours, theirs] = [of(tickwire.name), of(colyseus.name)];
    for (const [index, row] of ours.entries()) {
      const where = `${trace}, ${ages[index]}`;
      const [gate, aim] = byteGoals[trace][index] as Goal;
      const rival = theirs[index]?.bytesMean;
      if (rival) gates.push(judge(`bytes (${where})`, (row.bytesMean as number) / rival, 'x Colyseus', gate, aim));
      gates.push(judge(`bytes at 5 % loss (${where})`, row.lossRatio as number, 'x none', '<= 1.15', '<= 1.05'));
    }
  }
  const wrong = rows.filter(({ check }) => check.startsWith('FAIL')).length;
  return [judge('rows whose receivers differ from the truth', wrong, 'rows', '= 0'), ...gates];
}

export function idleGates({ bytes }: IdleResult): Gate[] {
  return [judge('idle world, both ways', bytes / 1000, 'kB per client and second', '<= 2.5', '<= 1.5')];
}

export function cpuGates(contests: readonly Contest[]): Gate[] {
  return contests.flatMap(({ trace, server, serverOwnViews, decode, manyOverOne }) => {
    const gates = [judge(`client CPU, decoding (${trace})`, decode, 'x Colyseus', '<= 0.6', '<= 0.3')];
    if (trace === 'crowd') gates.push(judge('server CPU (crowd)', server, 'x Colyseus StateView', '<= 0.6', '<= 0.25'));
    if (trace !== 'arena') return gates;
    gates.push(judge('server CPU (arena, 50 clients, 20 to 150 ms)', server, 'x Colyseus shared broadcast', '<= 2', '<= 1'));
    gates.push(judge('server CPU (arena, no two clients alike)', serverOwnViews, 'x Colyseus shared broadcast', '<= 5', '<= 3'));
    gates.push(judge('codec CPU (200 clients with one view, 2 % loss)', manyOverOne, 'x one client', '<= 20', '<= 12'));
    return gates;
  });
}
