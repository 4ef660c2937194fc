import { describe, expect, it } from 'vitest';
import { limits } from '../limits.ts';
import type { Link, LinkHandler } from './link.ts';
import { type MemoryLinkPair, memoryLinkPair } from './memory-link.ts';
import { networkProfiles } from './network-profile.ts';

// What only the memory link promises. What every link must do is in test/contract/link-contract.ts.
describe('memoryLinkPair', () => {
  it('[LK24] the ends open at the first advance at which both listen', () => {
    const pair = memoryLinkPair({ seed: 1, now0: 50 });
    const a = journal(pair.a);
    pair.advance(60);
    expect(a).toEqual([]);
    expect(pair.nextAt()).toBe(Number.POSITIVE_INFINITY);
    const b = journal(pair.b);
    expect(pair.nextAt()).toBe(60);
    pair.advance(60);
    expect([a, b]).toEqual([['opened at 60'], ['opened at 60']]);
    expect(pair.nextAt()).toBe(Number.POSITIVE_INFINITY);
  });

  it('[LK24] handlers are called from advance only, and close is told there too', () => {
    const { pair, a, b } = opened();
    pair.a.send('reliable', Uint8Array.of(1), 0);
    pair.a.close('left', 0);
    pair.b.close('kicked', 0);
    expect([a, b]).toEqual([['opened at 0'], ['opened at 0']]);
    expect(pair.nextAt()).toBe(0);
    pair.advance(7);
    // Each closed with its own code before it heard of the other's.
    expect([a, b]).toEqual([
      ['opened at 0', 'closed left at 7'],
      ['opened at 0', 'closed kicked at 7'],
    ]);
    expect(pair.nextAt()).toBe(Number.POSITIVE_INFINITY);
  });

  it('[LK25] a link closed before it opened tells both ends of the close alone', () => {
    const pair = memoryLinkPair({ seed: 1 });
    const a = journal(pair.a);
    const b = journal(pair.b);
    pair.b.close('never-opened', 0);
    pair.advance(1);
    pair.advance(2);
    expect([a, b]).toEqual([['closed never-opened at 1'], ['closed never-opened at 1']]);
    expect(pair.a.send('reliable', Uint8Array.of(1), 2)).toBe(false);
  });

  it('[LK25] an end that the opened handler of the other one closes is told of the close alone', () => {
    const pair = memoryLinkPair({ seed: 1 });
    const a: string[] = [];
    pair.a.listen({ ...writingTo(a), opened: () => pair.b.close('kicked', 0) });
    const b = journal(pair.b);
    pair.advance(0);
    pair.advance(1);
    expect([a, b]).toEqual([['closed kicked at 0'], ['closed kicked at 0']]);
  });

  it('[LK26] cut ends both at the next advance with its code, and nothing that is under way arrives', () => {
    const { pair, a, b } = opened();
    pair.a.send('reliable', Uint8Array.of(1), 0);
    pair.b.send('unreliable', Uint8Array.of(2), 0);
    pair.cut('link-lost');
    expect(pair.a.send('unreliable', Uint8Array.of(3), 0)).toBe(false);
    expect(pair.nextAt()).toBe(0);
    pair.advance(1000);
    pair.advance(2000);
    expect([a, b]).toEqual([
      ['opened at 0', 'closed link-lost at 1000'],
      ['opened at 0', 'closed link-lost at 1000'],
    ]);
    expect(pair.nextAt()).toBe(Number.POSITIVE_INFINITY);
  });

  it('[LK26] an end that closed before the cut keeps its own code', () => {
    const { pair, a, b } = opened();
    pair.a.close('left', 0);
    pair.cut('link-lost');
    pair.advance(1);
    expect([a, b]).toEqual([
      ['opened at 0', 'closed left at 1'],
      ['opened at 0', 'closed link-lost at 1'],
    ]);
  });

  it('[LK27] one advance over a long time delivers both directions in one order of time', () => {
    const pair = memoryLinkPair({ seed: 1, profile: [{ delayMs: 10 }, { delayMs: 25 }] });
    const both: string[] = [];
    pair.a.listen(writingTo(both, 'a '));
    pair.b.listen(writingTo(both, 'b '));
    pair.advance(0);
    both.length = 0;
    for (const at of [0, 10, 20]) {
      pair.a.send('unreliable', Uint8Array.of(at), at);
      pair.b.send('unreliable', Uint8Array.of(at), at);
    }
    pair.advance(100);
    expect(both).toEqual(['b 0', 'b 10', 'a 0', 'b 20', 'a 10', 'a 20'].map((line) => `${line.slice(0, 2)}unreliable ${line.slice(2)} at 100`));
  });

  it('[LK27] ends that answer each other at once over a clean network do not lock an advance, whatever time they claim', () => {
    for (const claimedMs of [0, 100, Number.NaN]) {
      const pair = memoryLinkPair({ seed: 1 });
      let answers = 0;
      const answering = (link: Link): LinkHandler => ({
        opened: () => {},
        received: (lane, bytes) => {
          answers++;
          link.send(lane, bytes, claimedMs);
        },
        closed: () => {},
      });
      pair.a.listen(answering(pair.a));
      pair.b.listen(answering(pair.b));
      pair.advance(0);
      pair.a.send('unreliable', Uint8Array.of(1), 0);
      pair.advance(100);
      expect(answers).toBeGreaterThan(0);
      expect(answers).toBeLessThan(5);
    }
  });

  it('[LK28] a close for which the network has no room ends the other end with link-lost', () => {
    const { pair, a, b } = opened();
    pair.blackout(1e9);
    while (pair.a.send('reliable', new Uint8Array(limits.reliableBytes), 0));
    while (pair.a.send('reliable', new Uint8Array(0), 0));
    pair.a.close('kicked', 0);
    pair.advance(10);
    expect([a, b]).toEqual([
      ['opened at 0', 'closed kicked at 10'],
      ['opened at 0', 'closed link-lost at 10'],
    ]);
  });

  it('[LK29] what a handler throws is handed to `thrown`, and its link is closed by then', () => {
    const seen: unknown[] = [];
    const pair: MemoryLinkPair = memoryLinkPair({ seed: 1, thrown: (error) => seen.push(error, pair.b.send('reliable', Uint8Array.of(1), 0)) });
    const failure = new Error('thrown by the handler, on purpose');
    const a = journal(pair.a);
    pair.b.listen({
      opened: () => {},
      received: () => {
        throw failure;
      },
      closed: () => {},
    });
    pair.advance(0);
    pair.a.send('reliable', Uint8Array.of(1), 0);
    pair.advance(1);
    pair.advance(2);
    expect(seen).toEqual([failure, false]);
    expect(a).toEqual(['opened at 0', 'closed protocol-error at 1']);
  });

  it('[LK30] a pair is a function of its seed, its profiles and the calls', () => {
    const run = (seed: number) => {
      const { pair, a, b } = opened(memoryLinkPair({ seed, profile: networkProfiles.everything }));
      for (let now = 0; now < 2000; now += 10) {
        for (const link of [pair.a, pair.b]) {
          link.send('unreliable', Uint8Array.of(now & 0xff), now);
          if (now % 50 === 0) link.send('reliable', Uint8Array.of(now & 0xff), now);
        }
        pair.advance(now);
      }
      return { a, b, counters: pair.counters };
    };
    const once = run(7);
    expect(run(7)).toEqual(once);
    const other = run(8);
    for (const direction of ['aToB', 'bToA'] as const) expect(other.counters[direction]).not.toEqual(once.counters[direction]);
    // The two directions do not share their luck.
    expect(once.counters.aToB).not.toEqual(once.counters.bToA);
    expect(once.counters.aToB.unreliable.lost).toBeGreaterThan(0);
  });

  it('[LK30] backlog is what the bottleneck of this direction holds, and setProfile frees it', () => {
    const { pair, b } = opened(memoryLinkPair({ seed: 1, profile: [{ delayMs: 10, rateBytesPerSecond: 1000, queueBytes: 500 }, { delayMs: 10 }] }));
    for (let count = 0; count < 5; count++) expect(pair.a.send('unreliable', new Uint8Array(100), 0)).toBe(true);
    expect(pair.a.send('unreliable', new Uint8Array(100), 0)).toBe(false);
    expect(pair.b.send('unreliable', new Uint8Array(100), 0)).toBe(true);
    expect([pair.a.backlog('unreliable'), pair.b.backlog('unreliable'), pair.a.backlog('reliable')]).toEqual([500, 0, 0]);
    pair.advance(100);
    expect(pair.a.backlog('unreliable')).toBe(400);
    pair.setProfile(networkProfiles.clean);
    pair.advance(200);
    expect(pair.a.backlog('unreliable')).toBe(0);
    expect(b).toHaveLength(6);
    pair.setProfile([{ delayMs: 10, rateBytesPerSecond: 1 }, { delayMs: 10 }]);
    pair.a.send('unreliable', new Uint8Array(100), 200);
    expect(pair.a.backlog('unreliable')).toBe(100);
    pair.a.close('left', 200);
    expect(pair.a.backlog('unreliable')).toBe(0);
  });

  it('[BN9] a blackout in one direction leaves the other as it is', () => {
    const { pair, a, b } = opened();
    pair.blackout(100, 'bToA');
    for (const now of [50, 150]) {
      pair.a.send('unreliable', Uint8Array.of(1), now);
      pair.b.send('unreliable', Uint8Array.of(2), now);
      pair.advance(now);
    }
    expect([a, b]).toEqual([
      ['opened at 0', 'unreliable 2 at 150'],
      ['opened at 0', 'unreliable 1 at 50', 'unreliable 1 at 150'],
    ]);
  });
});

/** A pair that is open at 0, with what each end was told. */
function opened(pair = memoryLinkPair({ seed: 1, profile: { delayMs: 0 } })): { pair: MemoryLinkPair; a: string[]; b: string[] } {
  const a = journal(pair.a);
  const b = journal(pair.b);
  pair.advance(0);
  return { pair, a, b };
}

function journal(link: Link): string[] {
  const lines: string[] = [];
  link.listen(writingTo(lines));
  return lines;
}

function writingTo(lines: string[], prefix = ''): LinkHandler {
  return {
    opened: (now) => lines.push(`${prefix}opened at ${now}`),
    received: (lane, bytes, now) => lines.push(`${prefix}${lane} ${bytes.join(',')} at ${now}`),
    closed: (code, now) => lines.push(`${prefix}closed ${code} at ${now}`),
  };
}
