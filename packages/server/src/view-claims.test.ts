import { viewTickParts } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { ViewClaims } from './view-claims.ts';

const interval = 3;
const parts = viewTickParts;

/** A client with an even connection: each tick a packet that acknowledges the newest snapshot, `age` ticks old; the view is `lag` ticks behind. */
function steady(claims: ViewClaims, from: number, to: number, lag: number, age = 6): void {
  for (let tick = from; tick < to; tick++) {
    claims.packet(Math.floor((tick - age) / interval) * interval, 0, tick - 1.5);
    const counts = claims.plausible(tick, lag * parts);
    expect(counts, `at ${tick}`).toBe(lag * parts);
    claims.note(tick, 0, counts);
  }
}

describe('ViewClaims', () => {
  it('[RW3] what an honest client claims counts as it is: an even view, one that is slewed, one that leaps nearer', () => {
    const claims = new ViewClaims(interval);
    steady(claims, 100, 200, 14);
    let lag = 14;
    for (let tick = 200; tick < 215; tick++) {
      lag += 0.4;
      claims.packet(tick - 7, 0, tick - 1.5);
      const counts = claims.plausible(tick, Math.round(lag * parts));
      expect(counts).toBe(Math.round(lag * parts));
      claims.note(tick, 0, counts);
    }
    steady(claims, 215, 300, 9);
  });

  it('[RW3] a view does not fall behind faster than clocks are slewed, and nobody goes back to a moment that he has seen pass', () => {
    const claims = new ViewClaims(interval);
    steady(claims, 100, 200, 10);
    let view = 199 - 10;
    for (let tick = 200; tick < 230; tick++) {
      claims.packet(tick - 7, 0, tick - 1.5);
      const counts = claims.plausible(tick, (tick - 189) * parts); // the clock stands: always the view of tick 189
      claims.note(tick, 0, counts);
      expect(tick - counts / parts).toBeGreaterThanOrEqual(view + 0.5 - 1 / parts);
      view = tick - counts / parts;
    }
  });

  it('[RW3] a view is no farther behind the newest acknowledged state than lost snapshots and late acks explain', () => {
    const even = new ViewClaims(interval);
    const uneven = new ViewClaims(interval);
    const lagAt = (claims: ViewClaims, tick: number): number => {
      claims.packet(tick - 8, 0, tick - 1.5);
      return claims.plausible(tick, 250 * parts) / parts;
    };
    for (let tick = 100; tick < 400; tick++) {
      even.packet(tick - 7, 0, tick - 1.5);
      uneven.packet(tick - 7 - (tick % 20 === 0 ? 0 : 9), 0, tick - 1.5);
      for (const claims of [even, uneven]) claims.note(tick, 0, claims.plausible(tick, 250 * parts));
    }
    const [first, second] = [even, uneven].map((claims) => lagAt(claims, 402));
    // The newest ack is eight ticks old: eight ticks, seven snapshots and a little.
    expect(first).toBeGreaterThanOrEqual(8 + 7 * interval + 2);
    expect(first).toBeLessThan(8 + 7 * interval + 4);
    expect(second).toBeGreaterThan((first as number) + 5);
  });

  it('[RW3] a claim of any size, sign or order is a number of parts from 0 to 256 ticks', () => {
    const claims = new ViewClaims(interval);
    for (const lag of [0, 2 ** 32 - 1, 1, 2 ** 31, 65_536]) {
      for (const tick of [0, 5, 70_000, 3, 2 ** 31 - 1]) {
        const counts = claims.plausible(tick, lag);
        expect(Number.isInteger(counts) && counts >= 0 && counts <= 256 * parts).toBe(true);
        claims.note(tick, 0, counts);
        claims.packet(tick - 100, 3, tick);
      }
    }
  });

  it('[RW2] an input knew what had come before it was made: of the packet’s acks those that its client had for long enough', () => {
    const claims = new ViewClaims(interval);
    claims.packet(90, 1.25, 101);
    for (const [age, tick] of [103, 102, 101, 100].entries()) claims.note(tick, age, 0);
    expect([103, 102, 101, 100].map((tick) => claims.knownTick(tick))).toEqual([90, 90, 89, 88]);
    // One that never came: all that its client has acknowledged.
    claims.packet(93, 0, 104);
    expect([claims.knownTick(104), claims.knownTick(103)]).toEqual([93, 90]);
  });
});
