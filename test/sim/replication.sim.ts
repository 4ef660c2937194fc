// Simulations of a whole system: server, clients and bad networks on a virtual clock. Faults first, then the network heals, and everything must agree.
//
// A failure prints the command that repeats its run. SIM_RUNS and SIM_SEED: see profiles.ts.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { networkProfiles } from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import { Stepper } from '../stepper.ts';
import { networkOf, repeatCommand, type SimRun, simProfiles, simRuns } from './profiles.ts';
import { runSim, type SimResult } from './run-sim.ts';
import { SimRoom, simGame } from './sim-game.ts';

const runs = simRuns(process.env);
/** Half a second a run is far more than one takes; with SIM_RUNS they may be many. */
const timeoutMs = 120_000 + runs.length * 500;

describe('simulation', () => {
  for (const profile of [...new Set(runs.map((run) => run.profile))]) {
    it(
      `[SM1] [SM2] [SM3] [SM8] [SM9] after the faults of '${profile}' every replica is the server's world within 4 round trips, and every event came once and in order`,
      async () => {
        const results: (readonly [SimRun, SimResult])[] = [];
        for (const run of runs.filter((one) => one.profile === profile)) {
          results.push([run, runSim(run.seed, run.profile)]);
          // The test runner must hear from this process within a minute.
          await nextTurn();
        }
        expect(failures(results)).toEqual([]);
        expect(total(results, 'statesCompared')).toBeGreaterThan(1000 * results.length);
        expect(total(results, 'eventsDelivered')).toBeGreaterThan(20 * results.length);
        if ((networkOf(profile).loss ?? 0) > 0) expect(total(results, 'packetsLost')).toBeGreaterThan(results.length);
      },
      timeoutMs,
    );
  }

  it('[SM4] the same seed gives the same run, and another seed another one', () => {
    for (const profile of simProfiles) {
      const once = runSim(6, profile, { faultMs: 1500 });
      expect(runSim(6, profile, { faultMs: 1500 })).toEqual(once);
      expect(runSim(9, profile, { faultMs: 1500 }).hash).not.toBe(once.hash);
    }
  });

  it('[SM5] no packet is over the limit when the world is far larger than one', () => {
    const run: SimRun = { seed: 11, profile: 'badWifi' };
    const result = runSim(run.seed, run.profile, { movers: 600, clients: 2, faultMs: 2000, roundTripsMax: 60 });
    expect(failures([[run, result]])).toEqual([]);
    const stepper = new Stepper({ game: simGame, room: new SimRoom(), seed: 1, options: { movers: 600 } });
    const peer = stepper.join();
    stepper.run(3000);
    expect(peer.down.largestPacket).toBeGreaterThan(1000);
    expect(peer.down.largestPacket).toBeLessThanOrEqual(1100);
    expect(stepper.errors).toEqual([]);
  });

  it('[SM7] a handler of the page that throws is reported, and nothing else suffers', () => {
    const stepper = new Stepper({ game: simGame, room: new SimRoom(), seed: 9, profile: networkProfiles.lossy20 });
    const peer = stepper.join();
    const thrown: unknown[] = [];
    const numbers: number[] = [];
    peer.room.onError((error) => thrown.push(error));
    peer.room.on('numbered', ({ number }) => {
      if (number % 2 === 0) throw new Error(`a bug of the page at ${number}`);
    });
    peer.room.on('numbered', ({ number }) => numbers.push(number));
    stepper.run(5000);
    expect(numbers.length).toBeGreaterThan(10);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(thrown.length).toBe(Math.floor(numbers.length / 2));
    expect([peer.room.ended, stepper.errors]).toEqual([undefined, []]);
  });

  it('[SM6] a blackout of two seconds heals by itself', () => {
    const stepper = new Stepper({ game: simGame, room: new SimRoom(), seed: 3, profile: networkProfiles['4g'] });
    const peer = stepper.join();
    stepper.run(2000);
    peer.pair.blackout(stepper.now + 2000);
    const before = peer.room.received.newestTick;
    stepper.run(2000);
    const dark = peer.room.received.newestTick;
    expect(dark - before).toBeLessThan(30);
    stepper.run(1500);
    expect(peer.room.ended).toBeUndefined();
    expect(stepper.core.world.tick - peer.room.received.newestTick).toBeLessThan(20);
    expect(peer.room.stats.resyncs).toBe(0);
  });
});

function failures(results: readonly (readonly [SimRun, SimResult])[]): string[] {
  return results
    .filter(([, { faults }]) => faults.length > 0)
    .map(([run, { faults }]) => `${repeatCommand(run)}\n  ${faults.slice(0, 5).join('\n  ')}`);
}

function total(results: readonly (readonly [SimRun, SimResult])[], what: 'statesCompared' | 'eventsDelivered' | 'packetsLost'): number {
  return results.reduce((sum, [, result]) => sum + result[what], 0);
}
