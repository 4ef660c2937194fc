import { viewTickParts } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { ViewClaims } from './view-claims.ts';

const interval = 3;
const parts = viewTickParts;

/** A client with an even connection: each tick a packet that acknowledges the newest snapshot, `age` ticks old; the view is `lag` ticks behind. */
function steady(claims: ViewClaims, from: number, to: number, lag: number, age = 6): void {
  for (let tick = from; tick < to; tick++) {
    claims.packet(Math.floor((tick - age) / interval) * interval, 0, tick - 1.5);
    const counts = claims.plausible(tick, 0, lag * parts);
    expect(counts, `at ${tick}`).toBe(lag * parts);
    claims.note(tick, 0, counts);
  }
}

describe('ViewClaims', () => {
  it('[RW3] what an honest client claims counts as it is: an even view, one that is slewed, one that leaps nearer', () => {
    const claims = new ViewClaims(60);
    steady(claims, 100, 200, 12);
    let lag = 8;
    for (let tick = 200; tick < 209; tick++) {
      lag += 0.4;
      claims.packet(tick - 7, 0, tick - 1.5);
      const counts = claims.plausible(tick, 0, Math.round(lag * parts));
      expect(counts).toBe(Math.round(lag * parts));
      claims.note(tick, 0, counts);
    }
    steady(claims, 209, 300, 9);
  });

  it('[RW3] a view does not fall behind faster than clocks are slewed, and nobody goes back to a moment that he has seen pass', () => {
    const claims = new ViewClaims(60);
    steady(claims, 100, 200, 10);
    let view = 199 - 10;
    for (let tick = 200; tick < 230; tick++) {
      claims.packet(tick - 7, 0, tick - 1.5);
      const counts = claims.plausible(tick, 0, (tick - 189) * parts); // the clock stands: always the view of tick 189
      claims.note(tick, 0, counts);
      expect(tick - counts / parts).toBeGreaterThanOrEqual(view + 0.5 - 1 / parts);
      view = tick - counts / parts;
    }
  });

  it('[RW3] a view is no farther behind than the newest acknowledged state has been in the last minute', () => {
    const even = new ViewClaims(60);
    const uneven = new ViewClaims(60);
    /** Claims the oldest view that there is. @returns how far behind it counts. */
    const lie = (claims: ViewClaims, tick: number, acked: number): number => {
      claims.packet(acked, 0, tick - 1.5);
      const lag = claims.plausible(tick, 0, 250 * parts);
      claims.note(tick, 0, lag);
      return lag / parts;
    };
    const acked = (tick: number): number => Math.floor((tick - 6) / interval) * interval;
    for (let tick = 100; tick < 400; tick++) {
      lie(even, tick, acked(tick));
      // For one without any news for ten ticks, once.
      lie(uneven, tick, tick > 300 && tick < 310 ? acked(300) : acked(tick));
    }
    // Acks that are 6 ticks old when they come are 9 when the next ones do, at tick - 1.5; and three of slack.
    const usual = 1.5 + 6 - 1.5 + interval + 3;
    expect(lie(even, 400, acked(400))).toBeCloseTo(usual, 1);
    expect(lie(uneven, 400, acked(400))).toBeGreaterThan(usual + 5);
    // Two minutes later that is forgotten.
    for (let tick = 401; tick < 400 + 7300; tick++) lie(uneven, tick, acked(tick));
    expect(lie(uneven, 7700, acked(7700))).toBeCloseTo(usual, 1);
  });

  it('[RW3] an input that waited, or whose first packet was lost, is judged by when it was made; as far as it could not have come before', () => {
    const claims = new ViewClaims(60);
    steady(claims, 100, 200, 12);
    // Four packets are lost; the next one has their inputs.
    claims.packet(198, 0, 202.5);
    for (let age = 0; age < 5; age++) expect(claims.plausible(204 - age, age, 12 * parts)).toBe(12 * parts);
    // One that says to be of 15 ticks ago could have come with those before.
    expect(claims.plausible(204, 15, 12 * parts)).toBe(12 * parts);
    expect(claims.plausible(204 + 20, 15, 250 * parts) / parts).toBeLessThan(20 + 12 + 5 + 3);
  });

  it('[RW3] a claim of any size, sign or order is a number of parts from 0 to 256 ticks', () => {
    const claims = new ViewClaims(60);
    for (const lag of [0, 2 ** 32 - 1, 1, 2 ** 31, 65_536]) {
      for (const tick of [0, 5, 70_000, 3, 2 ** 31 - 1]) {
        const counts = claims.plausible(tick, 0, lag);
        expect(Number.isInteger(counts) && counts >= 0 && counts <= 256 * parts).toBe(true);
        claims.note(tick, 0, counts);
        claims.packet(tick - 100, 50, tick);
      }
    }
  });

  it('[RW2] an input knew what had come before it was made: of the packet’s acks those that its client had for long enough', () => {
    const claims = new ViewClaims(60);
    claims.packet(90, 21, 101);
    for (const [age, tick] of [103, 102, 101, 100].entries()) claims.note(tick, age, 0);
    expect([103, 102, 101, 100].map((tick) => claims.knownTick(tick))).toEqual([90, 90, 89, 88]);
    // One that never came: all that its client has acknowledged.
    claims.packet(93, 0, 104);
    expect([claims.knownTick(104), claims.knownTick(103)]).toEqual([93, 90]);
  });
});
