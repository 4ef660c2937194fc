// What a client may be sent in a second, and how it follows what the path carries.

import { limits, Random } from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import { Budget } from './budget.ts';

/** Spends whatever may be spent, at the times given. @returns the most in any window of one second, its ends included. */
function mostInASecond(budget: Budget, allowed: number, times: readonly number[], bytesOf: () => number): number {
  const spent: { at: number; bytes: number }[] = [];
  for (const now of times) {
    for (let packets = budget.packets(allowed, now); packets > 0; packets--) {
      const bytes = bytesOf();
      budget.spend(bytes);
      spent.push({ at: now, bytes: bytes + limits.overheadBytes });
    }
  }
  return Math.max(...spent.map(({ at }) => spent.reduce((sum, one) => (one.at >= at && one.at <= at + 1000 ? sum + one.bytes : sum), 0)));
}

describe('Budget', () => {
  it('[BF1] no second has more than the budget, at any rate, with any sizes and after any pause', () => {
    const random = new Random(3);
    for (const allowed of [5000, 9000, 24_000, 100_000]) {
      for (const everyMs of [4, 16.7, 50, 333]) {
        const times: number[] = [];
        for (let now = 500; now < 12_000; now += random.chance(0.001) ? 1500 : everyMs * random.range(0.5, 1.5)) times.push(now);
        const full = mostInASecond(new Budget(), allowed, times, () => limits.packetBytes);
        const mixed = mostInASecond(new Budget(), allowed, times, () => 20 + random.int(1080));
        expect([full <= allowed, mixed <= allowed]).toEqual([true, true]);
        if (everyMs < 50) expect(full).toBeGreaterThan(allowed * 0.6);
      }
    }
  });

  it('[BF1] at 24,000 a snapshot may have four full packets at once, and 16 a second go on', () => {
    const budget = new Budget();
    expect(budget.packets(24_000, 1000)).toBe(4);
    for (let packets = 0; packets < 4; packets++) budget.spend(limits.packetBytes);
    expect(budget.packets(24_000, 1000)).toBe(0);
    let sent = 0;
    for (let now = 1050; now <= 11_000; now += 50) {
      if (budget.packets(24_000, now) === 0) continue;
      budget.spend(limits.packetBytes);
      sent++;
    }
    expect(sent).toBe(160);
  });

  it('[BF2] a packet is begun only when the largest one can be paid', () => {
    const budget = new Budget();
    expect(budget.packets(5000, 0)).toBe(2);
    budget.spend(limits.packetBytes);
    budget.spend(limits.packetBytes - 1);
    // 2614 bytes a second flow in: 1192 take 456 ms.
    expect(budget.packets(5000, 455)).toBe(0);
    expect(budget.packets(5000, 457)).toBe(1);
  });

  it('[BF3] it falls at once to seven tenths of what a path with losses carries, and rises by a tenth a second', () => {
    const budget = new Budget();
    budget.packets(24_000, 0);
    const carried = (0.7 * 1.2 * 1100) / (0.2 * Math.sqrt(0.1));
    budget.follow(0.1, 200, false, 50);
    expect([Math.round(budget.bytesPerSecond), budget.reason]).toEqual([Math.round(carried), 'loss']);
    // A little better or worse is no reason to change anything.
    for (let now = 100; now < 5000; now += 50) budget.follow(now % 100 === 0 ? 0.085 : 0.115, 200, false, now);
    expect(Math.round(budget.bytesPerSecond)).toBe(Math.round(carried));
    const seen: number[] = [];
    for (let now = 5000; now < 12_000; now += 50) {
      budget.follow(0, 200, false, now);
      seen.push(budget.bytesPerSecond);
    }
    for (let index = 1; index < seen.length; index++) expect((seen[index] as number) / (seen[index - 1] as number)).toBeLessThanOrEqual(1.1001);
    expect(seen[60]).toBeLessThan(carried * 1.1 ** 4 + 1);
    expect([budget.bytesPerSecond, budget.reason]).toEqual([24_000, 'none']);
  });

  it('[BF3] without losses and before a round trip is known nothing is cut', () => {
    const budget = new Budget();
    budget.follow(0.009, 600, false, 0);
    budget.follow(0.5, 0, false, 50);
    expect([budget.packets(24_000, 100), budget.bytesPerSecond, budget.reason]).toEqual([4, 24_000, 'none']);
  });

  it('[BF4] a queue cuts it to seven tenths of what was sent, at most every three seconds, never below the least', () => {
    const budget = new Budget();
    budget.packets(24_000, 0);
    budget.follow(0, 80, false, 0);
    for (let now = 50; now <= 1000; now += 50) budget.spend(1000 - limits.overheadBytes);
    budget.follow(0, 300, true, 1000);
    expect([Math.round(budget.bytesPerSecond), budget.reason]).toEqual([14_000, 'queue']);
    budget.follow(0, 300, true, 2000);
    budget.follow(0, 300, true, 3000);
    expect(Math.round(budget.bytesPerSecond)).toBe(14_000);
    for (let now = 4000; now < 30_000; now += 50) budget.follow(0, 300, true, now);
    expect(budget.bytesPerSecond).toBe(limits.budgetBytesLeast);
  });

  it('[BF17] less than 5,000 bytes a second, or what is no number, is refused', () => {
    for (const wrong of [4999, 0, -1, Number.NaN]) expect(() => new Budget().packets(wrong, 0)).toThrow(/budgetBytes .* at least 5000/);
    const budget = new Budget();
    budget.packets(100_000, 0);
    expect(budget.bytesPerSecond).toBe(100_000);
    budget.packets(6000, 10);
    expect(budget.bytesPerSecond).toBe(6000);
  });
});
