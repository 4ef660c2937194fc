// The lead: learnt from reports that come a round trip late, whatever the lead does meanwhile.

import { describe, expect, it } from 'vitest';
import { Lead } from './lead.ts';

const intervalTicks = 3;

/** A server that needs inputs by an offset, for a client whose clock runs at one. */
class Path {
  readonly lead = new Lead(intervalTicks);
  /** Of the server, as this client's clock would show it. */
  now = 0;
  #clock = 0;
  readonly #made: { tick: number; offset: number }[] = [];

  constructor() {
    this.lead.start(0, 2);
  }

  /** Plays reports, each of inputs that needed what `needed` gives. @returns the targets. */
  play(reports: number, needed: (report: number) => number, offset = (): number => this.lead.target): number[] {
    return Array.from({ length: reports }, (_, report) => {
      for (let count = 0; count < intervalTicks; count++) {
        this.now++;
        // A clock that never runs backwards.
        this.#clock = Math.max(this.#clock, this.now + offset());
        const made = { tick: Math.floor(this.#clock), offset: this.#clock - this.now };
        if (made.tick > (this.#made.at(-1)?.tick ?? -1)) this.#made.push(made);
        this.lead.made(made.tick, made.offset, false);
      }
      // The newest input that had come by then, at the end of the interval.
      const came = this.#made.findLast(({ tick, offset }) => tick - offset + needed(report) <= this.now);
      if (came) {
        const margin = Math.floor((came.offset - needed(report)) * 4) / 4;
        this.lead.report(this.now, margin, margin < 0 ? Math.ceil(-margin) : 0);
      }
      return this.lead.target;
    });
  }
}

describe('Lead', () => {
  it('[TM13] inputs of an outage, and those right after it, move nothing, however late they come; the next ones count again', () => {
    const path = new Path();
    const usual = path.play(200, () => 5).at(-1) as number;
    path.lead.interrupt(Math.ceil(path.now + usual) + 60);
    const outage = path.play(15, () => 40);
    expect(Math.max(...outage)).toBe(usual);
    expect(path.play(30, () => 40).at(-1)).toBeGreaterThan(usual + 20);
  });

  it('[TM2] what was needed is learnt whatever the lead is and does: clocks that swing by ten ticks aim where steady ones do', () => {
    const steady = new Path();
    const swinging = new Path();
    let turn = 0;
    const still = steady.play(400, () => 5).at(-1) as number;
    const swung = swinging.play(
      400,
      () => 5,
      () => 12 + 5 * Math.sin(turn++ / 40),
    );
    expect(still).toBeGreaterThan(5);
    expect(still).toBeLessThan(6);
    expect(Math.abs((swung.at(-1) as number) - still)).toBeLessThan(1);
  });

  it('[TM3] a miss moves the lead up at once, by a tick at most; without more it comes down slowly, and never below what is needed', () => {
    const path = new Path();
    path.play(300, () => 5);
    const before = path.lead.target;
    path.play(8, (report) => (report === 7 ? 9 : 5));
    const after = path.lead.target;
    expect(after - before).toBeGreaterThan(0.9);
    expect(path.lead.missShare).toBeGreaterThan(0);
    path.play(60, () => 5);
    expect(path.lead.target).toBeGreaterThan(before + 0.5);
    path.play(20_000, () => 5);
    expect(path.lead.target - before).toBeLessThan(0.1);
    expect(path.lead.target).toBeGreaterThan(5);
    expect(path.lead.missShare).toBeLessThan(1e-6);
  });

  it('[TM4] four reports in a row that need more are a longer path, 40 that need less a shorter one, ten when it is much less', () => {
    const path = new Path();
    path.play(300, () => 5);
    const longer = path.play(10, () => 12);
    expect(longer[0]).toBeLessThan(10);
    expect(longer[4]).toBeGreaterThan(12);
    expect(longer[9]).toBeLessThan(14);
    path.play(300, () => 12);
    const shorter = path.play(80, () => 8);
    expect(shorter[30]).toBeGreaterThan(12);
    expect(shorter[55]).toBeLessThan(9.5);
    path.play(300, () => 8);
    const much = path.play(30, () => -20);
    expect(much[8]).toBeGreaterThan(8);
    expect(much[20]).toBeLessThan(-18);
  });

  it('[TM4] reports of ticks that were never made in time say nothing, and when nothing else comes, the lead begins anew', () => {
    const path = new Path();
    path.play(300, () => 5);
    const before = path.lead.target;
    for (let count = 0; count < 9; count++) path.lead.report(path.now + 1000, -31.75, 3);
    expect(path.lead.target).toBe(before);
    path.lead.report(path.now + 1000, -31.75, 3);
    expect(path.lead.target).toBeGreaterThan(before + 30);
  });
});
