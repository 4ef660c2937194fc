// That a running game allocates next to nothing: a process of its own plays and counts, since collections belong to the whole process.
//
// When a bound fails, this says who allocates:
//   node --expose-gc --conditions=@tickwire/source --import tsx test/memory/steady-process.ts 2000 --where

import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SteadyReport } from './steady-process.ts';

const ticks = 10_000;
/** V8's default for the young heap, which it reaches by itself only when much of it survives. */
const youngHeap = '--min-semi-space-size=16';

describe('A game in steady state', () => {
  let report: SteadyReport;
  let turning: SteadyReport;

  beforeAll(() => {
    report = play();
    turning = play('--turning');
    console.log('bytes a tick:', { ...report.parts, all: report.bytes, outside: report.outsideBytes }, 'and turning:', turning.parts);
  });

  it('[ME1] makes 10,000 ticks without a collection', () => {
    expect(report).toMatchObject({ ticks, scavenges: 0, majors: 0 });
    expect(report.bytes).toBeLessThan(1600);
    // With fewer packets it would be no game: each client gets 20 a second and sends 30, all the time.
    expect(report).toMatchObject({ entities: 33, wrong: 0 });
    expect(report.packets).toBeGreaterThan((3 * 20 * 18_000) / 60);
    expect(report.inputPackets).toBeGreaterThan((3 * 25 * 18_000) / 60);
  });

  it('[ME2] allocates no more than the boxes of a few numbers, in each part', () => {
    expect(report.parts.server).toBeLessThan(400);
    expect(report.parts.clients).toBeLessThan(960);
    expect(report.parts.delivery).toBeLessThan(640);
  });

  it('[ME3] makes no typed array outside of the heap', () => {
    expect(report.outsideBytes).toBeLessThan(1);
  });

  it('[ME6] allocates the boxes of the numbers that change, where they are fields of their own', () => {
    const drones = 20;
    const clients = 3;
    expect(turning.parts.server - report.parts.server).toBeLessThan(48 * drones);
    expect(turning.parts.clients - report.parts.clients).toBeLessThan(24 * drones * clients);
  });
});

function play(...how: string[]): SteadyReport {
  const options = ['--expose-gc', youngHeap, '--conditions=@tickwire/source', '--import', 'tsx'];
  const output = execFileSync(process.execPath, [...options, 'test/memory/steady-process.ts', String(ticks), ...how], { encoding: 'utf8' });
  return JSON.parse(output) as SteadyReport;
}
