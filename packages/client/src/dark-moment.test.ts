// Which snapshots are left out behind a dark moment, and that a path is never refused for long.

import { describe, expect, it } from 'vitest';
import { DarkMoment } from './dark-moment.ts';

/** Snapshots every 50 ms until `now`, all in time. */
function inTime(from: number, to: number, dark = new DarkMoment(50)): DarkMoment {
  for (let now = from; now <= to; now += 50) expect(dark.refuses(0, 80, 80, now)).toBe(false);
  return dark;
}

describe('DarkMoment', () => {
  it('[BF18] behind a gap what waited is left out, and the first fresh one ends it for itself', () => {
    const dark = inTime(0, 1000);
    for (let late = 900; late > 200; late -= 100) expect(dark.refuses(late, late + 80, 80, 2000)).toBe(true);
    expect(dark.refuses(500, -1, 80, 2001)).toBe(true);
    expect(dark.refuses(0, 80, 80, 2050)).toBe(false);
  });

  it('[BF18] lateness without a gap is never a reason, nor is a gap without lateness', () => {
    const dark = inTime(0, 1000);
    for (let now = 1050; now < 3000; now += 50) expect(dark.refuses(now - 1000, 2000, 80, now)).toBe(false);
    expect(inTime(0, 1000).refuses(90, 1000, 80, 3000)).toBe(false);
  });

  it('[BF18] a server that stood still is late, but its answers are not: it is believed', () => {
    expect(inTime(0, 1000).refuses(900, 90, 80, 2000)).toBe(false);
  });

  it('[BF18] a path that has become slow in the dark is refused for one and a half round trips and 100 ms, once in five seconds', () => {
    const dark = inTime(0, 1000);
    expect(dark.refuses(600, 700, 80, 2000)).toBe(true);
    expect(dark.refuses(600, 700, 80, 2220)).toBe(true);
    expect(dark.refuses(600, 700, 80, 2221)).toBe(false);
    // Probes of a server that hears no ack: a gap before each one.
    for (let now = 2721; now < 7000; now += 500) expect(dark.refuses(600, 700, 80, now)).toBe(false);
    expect(dark.refuses(600, 700, 80, 7500)).toBe(true);
  });
});
