// What every client keeps to when its path goes dark for a while: the same tests for Node and for a page.
//
// Units: milliseconds; ticks.

import { beforeAll, describe, expect, test } from 'vitest';
import { game } from './dark-game.ts';
import type { DarkReport } from './dark-player.ts';
import { backwards, type Darkness, type Recovery, recoveryOf } from './darkness.ts';
import type { RelayNetwork } from './udp-relay.ts';

export interface DarkCase {
  readonly darkMs: number;
  /** Share of packets lost, before it and after it. */
  readonly loss: number;
  /** At the worst moment for the server (goDarkAtWorst). */
  readonly isWorst?: boolean;
}

/** A client that was dark for a while, and then was not. */
export interface DarkRun {
  readonly before: DarkReport['stats'];
  readonly darkness: Darkness;
  readonly after: DarkReport;
}

/** One way. */
export const DELAY_MS = 40;
const RTT_MS = 2 * DELAY_MS;
const INTERVAL_MS = 1000 / game.snapshotHz;
/** From the joining until it goes dark, and after it. */
export const SETTLE_MS = 2500;
export const WATCH_MS = 4000;
/** A fresh state is there in this time after a packet has got through, whichever way. */
const BACK_MS = 1.5 * RTT_MS + INTERVAL_MS;
/** A state that is older when it is applied has waited somewhere. */
export const FRESH_MS: number = DELAY_MS + INTERVAL_MS;

export function relayNetwork(loss: number): RelayNetwork {
  return { loss, delayMs: DELAY_MS };
}

/** Adds the tests of each case. @param play joins over a relay, and lets it go dark. */
export function darknessContract(cases: readonly DarkCase[], play: (one: DarkCase) => Promise<DarkRun>): void {
  describe.each(cases)('after $darkMs ms of darkness, $loss of all packets lost', (one) => {
    let run: DarkRun;
    let recovery: Recovery;

    beforeAll(async () => {
      run = await play(one);
      recovery = recoveryOf(run.darkness, run.after, FRESH_MS);
      console.log(figures(one, run, recovery));
    });

    test('[DK1] nothing went backwards, neither what was applied nor what was shown', () => {
      expect(run.after.applied.length).toBeGreaterThan(50);
      expect(run.after.frames.length).toBeGreaterThan(150);
      expect(backwards(run.after)).toEqual([]);
    });

    test('[DK2] the first fresh state comes soon after the first packet that got through', () => {
      // Where packets are lost besides, that of the state may be.
      expect(recovery.freshAfterFirstMs).toBeLessThanOrEqual(one.loss === 0 ? BACK_MS : WATCH_MS);
    });

    test('[DK3] no state was applied that had waited while it was dark', () => {
      // A busy machine holds one up by itself now and then; what waited in the dark is older than the healing.
      const { healedMs } = run.darkness;
      const stale = run.after.applied.filter(({ atMs, ageMs, isNewer }) => isNewer && atMs >= healedMs && atMs - ageMs < healedMs - FRESH_MS);
      expect(stale).toEqual([]);
    });

    test('[DK4] the session is the same, on the same link', () => {
      const { ended, joins, leaves, stats } = run.after;
      expect({ ended, joins, leaves, wrong: stats.packetsWrong, faults: stats.codecFaults }).toEqual({ joins: 1, leaves: 0, wrong: 0, faults: 0 });
    });

    test('[DK5] inputs count again', () => {
      // When the packet by which SCTP tries the path again is lost too, its next try is twice as far away.
      expect(recovery.heardAfterUpMs).toBeLessThan(one.loss === 0 ? 2000 : WATCH_MS);
    });
  });
}

/** Adds the tests of how soon a client is back after a darkness at the worst moment. */
export function returnContract(cases: readonly { readonly darkMs: number }[], play: (one: DarkCase) => Promise<DarkRun>): void {
  for (const { darkMs } of cases) {
    describe(`after ${darkMs} ms of darkness at the worst moment`, () => {
      let run: DarkRun;
      let recovery: Recovery;

      beforeAll(async () => {
        const one = { darkMs, loss: 0, isWorst: true };
        run = await play(one);
        recovery = recoveryOf(run.darkness, run.after, FRESH_MS);
        console.log(figures(one, run, recovery));
      });

      test('[DK4] the session is the same, on the same link', () => {
        expect([run.after.ended, run.after.joins, run.after.leaves]).toEqual([undefined, 1, 0]);
        expect(recovery.freshAfterMs).toBeLessThan(WATCH_MS);
      });

      test('[DK2] the first fresh state comes soon after the first packet that got through', () => {
        expect(recovery.freshAfterFirstMs).toBeLessThanOrEqual(BACK_MS);
      });
    });
  }
}

/**
 * Adds the tests of a darkness that ends while SCTP of the client waits for its next try: both of libdatachannel (tries after 0.2, 0.6, 1.4 and 3.0 s) and
 * of Chromium (0.4, 1.3 and 3.0 s) do after 1.8 s. @returns the run, for more tests of it.
 */
export function backOffContract(play: (one: DarkCase) => Promise<DarkRun>): () => DarkRun {
  let run: DarkRun;

  describe('after 1800 ms of darkness', () => {
    let recovery: Recovery;

    beforeAll(async () => {
      const one = { darkMs: 1800, loss: 0 };
      run = await play(one);
      recovery = recoveryOf(run.darkness, run.after, FRESH_MS);
      console.log(figures(one, run, recovery));
    });

    test('[DK4] the session is the same, on the same link', () => {
      expect([run.after.ended, run.after.joins, run.after.leaves]).toEqual([undefined, 1, 0]);
    });

    test('[DK5] inputs count again', () => {
      expect(recovery.heardAfterMs).toBeLessThan(3000);
    });

    // After a try of its retransmission timer SCTP has a window of one packet; what is sent into the dark fills it, and everything would wait for the next
    // try, 1.2 s after the healing. A client that sends little while it hears nothing leaves its window open, and what it sends gets through at once.
    test('[DK6] an input made after the healing counts within a second', () => {
      expect(recovery.heardAfterMs).toBeLessThan(1000);
    });
  });
  return () => run;
}

function figures({ darkMs, loss, isWorst }: DarkCase, { before, after: { stats } }: DarkRun, recovery: Recovery): string {
  const numbers = Object.entries(recovery).map(([name, value]) => `${name} ${Math.round(value)}`);
  const lead = `lead ${before.leadTicks.toFixed(1)} to ${stats.leadTicks.toFixed(1)} ticks, round trip ${Math.round(before.rttMs)} to ${Math.round(stats.rttMs)} ms`;
  return `dark ${darkMs} ms${isWorst ? ' at the worst' : ''}, loss ${loss}: ${numbers.join(', ')}; ${lead}`;
}
