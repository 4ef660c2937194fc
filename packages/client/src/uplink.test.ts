// When a client sends, and what: bundles while its input changes, signs of life while it does not.

import { defineGame, entity, f, type Link } from '@tickwire/shared';
import { BitReader, emptyInputHead, type Frame, type InputHead, readFrame, readInputHead, type Sequence, Session } from '@tickwire/shared/internal';
import { beforeEach, describe, expect, it } from 'vitest';
import { InputLog } from './input-log.ts';
import { emptyStats } from './stats.ts';
import { Uplink } from './uplink.ts';

const game = defineGame({
  name: 'uplink',
  tickHz: 50,
  inputHz: 25,
  snapshotHz: 25,
  entities: { one: entity({ x: f.uint(1) }) },
  input: { run: f.button(), fire: f.press() },
});
/** A tick, and a frame. */
const tickMs = 20;

/** A page that draws a frame each tick, on a link that notes what goes up. */
class Page {
  readonly session = new Session('s', 't', 0);
  readonly inputs = new InputLog(game);
  readonly stats = emptyStats();
  readonly uplink = new Uplink(this.session, this.inputs, 2, this.stats);
  readonly sent: (InputHead & { readonly at: number })[] = [];
  now = 0;
  tick = 100;
  backlog = 0;
  /** The server answers nothing. */
  isDark = false;
  sample: { run?: boolean; fire?: number } = {};
  maySettle = true;

  constructor() {
    const link: Link = {
      kind: 'memory',
      listen: () => {},
      send: (_lane, bytes, now) => {
        this.sent.push({ ...headOf(bytes), at: now });
        return true;
      },
      backlog: () => this.backlog,
      maxBytes: () => 1100,
      close: () => {},
    };
    this.session.attach(link);
    this.uplink.start();
  }

  /** Draws frames; `each` runs before each of them. @returns what went up meanwhile. */
  run(ms: number, each: (now: number) => void = () => {}): Page['sent'] {
    const before = this.sent.length;
    for (const until = this.now + ms; this.now < until; ) {
      this.now += tickMs;
      if (!this.isDark) this.session.heardAt = this.now;
      each(this.now);
      this.inputs.add(++this.tick, this.sample, this.tick);
      this.uplink.frame(this.now, this.maySettle, 80);
    }
    return this.sent.slice(before);
  }

  /** A snapshot arrived, which says that the newest packet did. */
  snapshot(holdMs = 0): void {
    const newest = this.sent.at(-1);
    if (newest) this.uplink.arrived(newest.sequence & 0xff, holdMs, this.now);
    this.session.receive(((this.session.received.newest + 1) & 0xffff) as Sequence, this.now);
    this.uplink.answer(this.now);
  }
}

function headOf(bytes: Uint8Array): InputHead {
  const frame: Frame = { kind: 0, from: 0, to: 0, secondFrom: 0, secondTo: 0 };
  expect(readFrame(bytes, frame)).toBe(true);
  const reader = new BitReader();
  reader.reset(bytes, frame.from, frame.to);
  const head = emptyInputHead();
  readInputHead(reader, head);
  return head;
}

describe('Uplink', () => {
  let page: Page;
  beforeEach(() => {
    page = new Page();
  });

  it('[UL1] while inputs change, a packet goes up for each bundle, with what is not acknowledged', () => {
    const packets = page.run(400, (now) => {
      page.sample = { fire: now % 40 === 0 ? 1 : 0, run: now % 60 === 0 };
    });
    expect(packets.map(({ at }) => at)).toEqual([20, 60, 100, 140, 180, 220, 260, 300, 340, 380]);
    expect(packets.map(({ count }) => count)).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 16, 16]);
    page.inputs.ackedTick = page.tick;
    expect(page.run(40).map(({ count }) => count)).toEqual([1]);
    page.backlog = 2000;
    expect(page.run(200)).toEqual([]);
    page.backlog = 0;
    expect(page.run(20).length).toBe(1);
  });

  it('[UL6] inputs that nobody answers for 300 ms and a round trip go up four times a second, and as ever once the server is heard', () => {
    page.isDark = true;
    const packets = page.run(2000, (now) => {
      page.sample = { fire: 0, run: now % 60 === 0 };
    });
    const dark = packets.filter(({ at }) => at > 20 + 380).map(({ at }) => at);
    expect(packets.length - dark.length).toBe(10);
    for (let index = 1; index < dark.length; index++) expect((dark[index] as number) - (dark[index - 1] as number)).toBeGreaterThanOrEqual(250);
    expect(dark.length).toBeGreaterThanOrEqual(5);
    page.isDark = false;
    expect(page.run(400, (now) => (page.sample = { fire: 0, run: now % 60 === 0 })).length).toBeGreaterThanOrEqual(10);
  });

  it('[UL2] an input that does not change is sent until a packet that said so has arrived, and is known to have', () => {
    expect(page.run(2000).filter(({ count, holds, quiet }) => count > 0 && holds && !quiet).length).toBe(49);
    page.snapshot(255); // no news: it may be one of 256 packets before
    expect(page.run(400).length).toBe(10);
    page.maySettle = false;
    page.snapshot();
    expect(page.run(400).length).toBe(10);
    page.maySettle = true;
    expect(page.run(400).length).toBe(0);
    page.uplink.start(); // another link, perhaps to a restored server
    expect(page.run(400).length).toBe(10);
  });

  it('[UL3] a quiet client answers a snapshot in its next frame or 50 ms after its last packet, four times a second with the held inputs of a bundle; alone it is heard once a second', () => {
    page.run(400);
    page.snapshot();
    page.run(200);
    const busy = page.run(4000, (now) => {
      if (now % 40 === 0) page.snapshot();
    });
    const gaps = busy.slice(1).map(({ at }, index) => at - (busy[index]?.at ?? 0));
    expect([Math.min(...gaps), Math.max(...gaps)].every((gap) => gap >= 40 && gap <= 80)).toBe(true);
    const held = busy.filter(({ count }) => count > 0);
    expect(held.length).toBeGreaterThan(13);
    expect(held.length).toBeLessThanOrEqual(16);
    expect(held.every(({ count, quiet }) => count === 2 && quiet)).toBe(true);
    page.run(200);
    const still = page.run(5000, (now) => {
      if (now % 500 === 0) page.snapshot();
    });
    expect(still.map(({ at, count }) => [at % 500, count])).toEqual(Array.from({ length: 10 }, () => [0, 2]));
    expect(page.run(5000).map(({ count }) => count)).toEqual([2, 2, 2, 2, 2]);
  });

  it('[UL4] the change of a held input goes up in the frame of the change, with nothing of before; packets with inputs stay a bundle apart', () => {
    page.run(400);
    page.snapshot();
    const changed = (): [count: number, holds: boolean, after: number][] => {
      page.sample = { run: !page.sample.run };
      const from = page.now;
      return page.run(100).map(({ count, holds, at }) => [count, holds, at - from]);
    };
    page.run(700);
    expect(changed()).toEqual([
      [1, false, 20],
      [3, true, 60],
      [5, true, 100],
    ]);
    page.snapshot();
    while (page.sent.at(-1)?.quiet !== true) page.run(tickMs);
    expect(changed()).toEqual([
      [2, true, 40],
      [4, true, 80],
    ]);
  });

  it('[UL5] a page that draws no frames answers from the arrival of the packet, with an ack alone', () => {
    page.run(400);
    const before = page.sent.length;
    for (let count = 0; count < 10; count++) {
      page.now += 40;
      page.snapshot();
    }
    expect(page.sent.slice(before).map(({ count }) => count)).toEqual([0, 0, 0, 0, 0]);
  });

  it('[TM10] while packets get lost inputs leave each tick, and in bundles again when no more are', () => {
    const press = (now: number): void => {
      page.sample = { run: now % 40 === 0 };
    };
    const reports = (count: number, lost: boolean): void => {
      for (let report = 0; report < count; report++) page.uplink.reported(lost);
    };
    reports(5, true);
    expect(page.run(400, press).length).toBe(10);
    reports(10, true);
    expect(page.run(400, press).length).toBe(20);
    reports(10, false);
    expect(page.run(400, press).length).toBe(20);
    reports(40, false);
    expect(page.run(400, press).length).toBe(10);
  });
});
