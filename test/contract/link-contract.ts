// What every link must do, whatever it runs over: one suite, run by memory, WebRTC and WebSocket.
//
// Invariant: a rule that a transport cannot keep is listed in `knownGaps` and must fail there, so a gap that closes turns the suite red until it is
// taken off the list. The suite knows no clock: it asks the pair to let time pass, which is virtual for memory and real for the others.
// Units: milliseconds of the pair's clock; bytes.

import { type Lane, limits, Random } from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import { type Joint, type MakeLinkPair, open, until, withPair } from './link-joint.ts';

export type { LinkPair, LinkPairOptions, MakeLinkPair } from './link-joint.ts';

export interface LinkTestOptions {
  /** Rule ids (`LK9`) that this transport breaks. */
  readonly knownGaps?: readonly string[];
}

export function linkTests(name: string, makePair: MakeLinkPair, options: LinkTestOptions = {}): void {
  const gaps = new Set(options.knownGaps);
  const rules = new Set<string>();

  /** The name starts with the rule's id in brackets. */
  const rule = (name: string, check: () => Promise<void>) => {
    const id = name.slice(1, name.indexOf(']'));
    rules.add(id);
    if (gaps.has(id)) it.fails(`${name} (known gap)`, check);
    else it(name, check);
  };

  /** Runs a check on a fresh pair. `open` waits for both ends first. */
  const joined = (check: (joint: Joint) => Promise<void>, loss = 0) => withPair(makePair, { loss, waitsForOpen: true }, check);

  describe(name, () => {
    rule('[LK1] opens once on both ends, before anything else', () =>
      joined(async ({ pair, near, far }) => {
        await pair.settle(100);
        for (const end of [near, far]) expect(end.calls).toEqual(['opened']);
      }),
    );

    rule('[LK2] an empty message arrives on both lanes, both ways', () => joined((joint) => expectIntact(joint, () => new Uint8Array(0))));

    rule('[LK3] a message of one byte arrives on both lanes, both ways', () => joined((joint) => expectIntact(joint, () => Uint8Array.of(0x7f))));

    rule('[LK4] a message of exactly maxBytes arrives intact on both lanes, both ways', () =>
      joined(async (joint) => {
        for (const lane of lanes) {
          expect(joint.near.link.maxBytes(lane)).toBe(joint.far.link.maxBytes(lane));
          expect(joint.near.link.maxBytes(lane)).toBeLessThanOrEqual(lane === 'unreliable' ? limits.packetBytes : limits.reliableBytes);
        }
        await expectIntact(joint, (lane) => opaque(new Random(4), joint.near.link.maxBytes(lane)));
      }),
    );

    rule('[LK5] a message over maxBytes is refused with false, nothing of it arrives and the link lives on', () =>
      joined(async ({ pair, near, far }) => {
        for (const lane of lanes) {
          for (const tooMany of [near.link.maxBytes(lane) + 1, 4 * near.link.maxBytes(lane)]) {
            expect(near.link.send(lane, new Uint8Array(tooMany), pair.now())).toBe(false);
          }
        }
        await pair.settle(100);
        expect(far.calls).toEqual(['opened']);
        expect(near.link.send('reliable', Uint8Array.of(1), pair.now())).toBe(true);
        await until(pair, () => far.received.length > 0);
        expect(far.received.map((message) => message.bytes)).toEqual([Uint8Array.of(1)]);
      }),
    );

    rule('[LK6] send before the link is open gives false and sends nothing', () =>
      withPair(makePair, { loss: 0, waitsForOpen: false }, async (joint) => {
        const { pair, near, far } = joint;
        // A transport that hands out its pair open has nothing to be tested here but that it works.
        for (const end of [near, far]) {
          if (end.calls.length > 0) continue;
          for (const lane of lanes) expect(end.link.send(lane, Uint8Array.of(9), pair.now())).toBe(false);
        }
        await open(joint);
        await pair.settle(100);
        for (const end of [near, far]) expect(end.calls).toEqual(['opened']);
      }),
    );

    rule('[LK7] send after the link has closed gives false on both ends, and backlog is 0', () =>
      joined(async ({ pair, near, far }) => {
        near.link.close('left', pair.now());
        for (const lane of lanes) expect(near.link.send(lane, Uint8Array.of(1), pair.now())).toBe(false);
        await until(pair, () => near.closed.length > 0 && far.closed.length > 0);
        for (const end of [near, far]) {
          for (const lane of lanes) {
            expect(end.link.send(lane, Uint8Array.of(1), pair.now())).toBe(false);
            expect(end.link.backlog(lane)).toBe(0);
          }
        }
        await pair.settle(100);
        for (const end of [near, far]) expect(end.calls).toEqual(['opened', 'closed']);
      }),
    );

    rule('[LK8] reliable messages arrive once and in order', () => joined((joint) => expectOrdered(joint, 500)));

    rule('[LK9] reliable messages arrive once and in order while the network loses packets', () =>
      joined((joint) => expectOrdered(joint, 500), LOSS),
    );

    rule('[LK10] unreliable messages that the network loses stay lost, and most others arrive', () =>
      joined(async (joint) => {
        const arrived = await sendNumbered(joint, 300, ['unreliable']);
        expect(arrived.length).toBeLessThan(300);
        expect(arrived.length).toBeGreaterThan(150);
      }, LOSS),
    );

    rule('[LK11] no unreliable message arrives twice over a network that doubles none', () =>
      joined(async (joint) => {
        const arrived = await sendNumbered(joint, 300, ['unreliable']);
        expect(new Set(arrived.map((message) => message.number)).size).toBe(arrived.length);
      }, LOSS),
    );

    rule('[LK12] an unreliable message does not wait for a lost one, of its own lane or of the reliable lane', () =>
      joined(async (joint) => {
        const arrived = await sendNumbered(joint, 100, lanes);
        const lateMs = arrived.map((message) => message.lateMs).sort((one, other) => one - other);
        expect(lateMs.length).toBeGreaterThan(20);
        // With a fifth lost and at least 200 ms to each repetition, a stream that waited would be late with more than half of its messages.
        expect(lateMs[lateMs.length >> 1]).toBeLessThan(100);
      }, LOSS),
    );

    rule('[LK13] the sender may reuse its buffer as soon as send returns, and a view sends only its own bytes', () =>
      joined(async ({ pair, near, far }) => {
        // A Node Buffer out of its pool: its memory is shared with others, and its `slice` does not copy.
        for (const whole of [Buffer.from('..........'), new Uint8Array(10)]) {
          const view = whole.subarray(3, 7);
          for (const lane of lanes) {
            view.fill(0x11);
            expect(near.link.send(lane, view, pair.now())).toBe(true);
            view.fill(0x22);
            expect(near.link.send(lane, view, pair.now())).toBe(true);
            whole.fill(0xee);
          }
        }
        await until(pair, () => far.received.length === 8);
        for (const lane of lanes) {
          expect(far.on(lane).sort(firstByteFirst)).toEqual([filled(4, 0x11), filled(4, 0x11), filled(4, 0x22), filled(4, 0x22)]);
        }
      }),
    );

    rule('[LK14] a receiver that writes into the bytes it was given changes no other message', () =>
      joined(async ({ pair, near, far }) => {
        far.react = (_lane, bytes) => bytes.fill(0xee);
        const sent = filled(32, 0x11);
        for (const lane of lanes) {
          for (let copies = 0; copies < 3; copies++) near.link.send(lane, sent, pair.now());
        }
        await until(pair, () => far.received.length === 6);
        expect(far.received.map((message) => message.bytes)).toEqual(Array.from({ length: 6 }, () => filled(32, 0x11)));
        expect(sent).toEqual(filled(32, 0x11));
      }),
    );

    rule('[LK15] close at either end gives its code on both ends, once, and nothing after it', async () => {
      for (const closer of ['near', 'far'] as const) {
        await joined(async ({ pair, near, far }) => {
          const [closing, other] = closer === 'near' ? [near, far] : [far, near];
          closing.link.close('kicked', pair.now());
          for (const lane of lanes) other.link.send(lane, Uint8Array.of(5), pair.now());
          await until(pair, () => near.closed.length > 0 && far.closed.length > 0);
          await pair.settle(300);
          for (const end of [near, far]) {
            expect(end.calls).toEqual(['opened', 'closed']);
            expect(end.closed).toEqual(['kicked']);
          }
        });
      }
    });

    rule('[LK16] close is harmless a second time and at the end that has heard of it: the first code stands', () =>
      joined(async ({ pair, near, far }) => {
        near.link.close('room-closed', pair.now());
        near.link.close('kicked', pair.now());
        await until(pair, () => near.closed.length > 0 && far.closed.length > 0);
        near.link.close('left', pair.now());
        far.link.close('left', pair.now());
        await pair.settle(100);
        for (const end of [near, far]) expect(end.closed).toEqual(['room-closed']);
      }),
    );

    rule('[LK17] reliable messages sent before close arrive before it', () =>
      joined(async ({ pair, near, far }) => {
        for (let number = 0; number < 20; number++) near.link.send('reliable', Uint8Array.of(number), pair.now());
        near.link.close('left', pair.now());
        await until(pair, () => near.closed.length > 0 && far.closed.length > 0);
        expect(far.received.map((message) => message.bytes[0])).toEqual(Array.from({ length: 20 }, (_, number) => number));
        expect(far.closed).toEqual(['left']);
      }),
    );

    rule('[LK18] any bytes pass through unread, and stay on their lane', () =>
      joined(async ({ pair, near, far }) => {
        const random = new Random(18);
        const sent = { unreliable: [] as Uint8Array[], reliable: [] as Uint8Array[] };
        for (let count = 0; count < 100; count++) {
          const lane = random.pick(lanes);
          const bytes = opaque(random, 1 + random.int(200));
          sent[lane].push(bytes);
          expect(near.link.send(lane, bytes, pair.now())).toBe(true);
          if (count % 5 === 4) await pair.settle(5);
        }
        await until(pair, () => far.received.length === 100);
        expect(far.on('reliable')).toEqual(sent.reliable);
        expect(far.on('unreliable').map(hex).sort()).toEqual(sent.unreliable.map(hex).sort());
      }),
    );

    rule('[LK19] a handler that throws at a message ends its own link with protocol-error, and no other', () =>
      joined((bystander) =>
        joined(async ({ pair, near, far }) => {
          far.react = () => {
            throw new Error('thrown by the handler, on purpose');
          };
          for (let count = 0; count < 3; count++) near.link.send('reliable', Uint8Array.of(count), pair.now());
          await until(pair, () => near.closed.length > 0 && far.closed.length > 0);
          expect(far.calls).toEqual(['opened', 'received', 'closed']);
          for (const end of [near, far]) expect(end.closed).toEqual(['protocol-error']);
          await expectOrdered(bystander, 5);
        }),
      ),
    );

    rule('[LK20] a handler that throws when it is told of opening or closing harms nobody else', async () => {
      for (const when of ['opened', 'closed'] as const) {
        await joined(async (bystander) => {
          const throwing = async ({ pair, near, far }: Joint) => {
            await until(pair, () => near.calls.includes('opened'));
            near.link.close('left', pair.now());
            await until(pair, () => near.closed.length > 0 && far.closed.length > 0);
            expect(far.calls).toEqual(['opened', 'closed']);
            expect(near.closed).toHaveLength(1);
          };
          await withPair(makePair, { loss: 0, waitsForOpen: false, farThrowsWhen: when }, throwing);
          await expectOrdered(bystander, 5);
        });
      }
    });

    rule('[LK21] backlog is a number of bytes that falls to 0', () =>
      joined(async ({ pair, near, far }) => {
        const backlogs = () => lanes.map((lane) => near.link.backlog(lane));
        for (let count = 0; count < 40; count++) {
          for (const lane of lanes) near.link.send(lane, filled(1000, count), pair.now());
          for (const bytes of backlogs()) {
            expect(bytes).toBeGreaterThanOrEqual(0);
            expect(Number.isFinite(bytes)).toBe(true);
          }
        }
        await until(pair, () => far.on('reliable').length === 40 && backlogs().every((bytes) => bytes === 0));
        expect(backlogs()).toEqual([0, 0]);
      }),
    );

    rule('[LK22] nothing is delivered from within send', () =>
      joined(async ({ pair, near, far }) => {
        for (let count = 0; count < 10; count++) {
          const before = [...near.calls, ...far.calls];
          for (const end of [near, far]) {
            for (const lane of lanes) end.link.send(lane, Uint8Array.of(count), pair.now());
          }
          expect([...near.calls, ...far.calls]).toEqual(before);
          await pair.settle(10);
        }
      }),
    );

    rule('[LK23] a handler may answer, and may close, from within a call', () =>
      joined(async ({ pair, near, far }) => {
        far.react = (lane, bytes, now) => {
          if (bytes[0] === 0) far.link.close('kicked', now);
          else far.link.send(lane, bytes, now);
        };
        for (const value of [2, 1]) {
          near.link.send('reliable', Uint8Array.of(value), pair.now());
          await until(pair, () => near.received.length === 3 - value);
        }
        near.link.send('reliable', Uint8Array.of(0), pair.now());
        near.link.send('reliable', Uint8Array.of(3), pair.now());
        await until(pair, () => near.closed.length > 0 && far.closed.length > 0);
        expect(near.received.map((message) => message.bytes[0])).toEqual([2, 1]);
        expect(far.calls).toEqual(['opened', 'received', 'received', 'received', 'closed']);
        for (const end of [near, far]) expect(end.closed).toEqual(['kicked']);
      }),
    );

    for (const gap of gaps) {
      if (!rules.has(gap)) throw new Error(`linkTests(${name}): knownGaps names ${gap}, which is no rule`);
    }
  });
}

/** Sends one message each way on each lane, and expects exactly these. */
async function expectIntact({ pair, near, far }: Joint, messageFor: (lane: Lane) => Uint8Array): Promise<void> {
  for (const lane of lanes) {
    for (const end of [near, far]) expect(end.link.send(lane, messageFor(lane), pair.now())).toBe(true);
    await until(pair, () => near.on(lane).length > 0 && far.on(lane).length > 0);
  }
  await pair.settle(50);
  for (const end of [near, far]) {
    for (const lane of lanes) expect(end.on(lane)).toEqual([messageFor(lane)]);
  }
}

/** Sends `count` numbered messages each way on the reliable lane, ten at a time, and expects them all, once, in order. */
async function expectOrdered({ pair, near, far }: Joint, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, number) => number);
  for (const number of numbers) {
    for (const end of [near, far]) expect(end.link.send('reliable', numbered(number), pair.now())).toBe(true);
    if (number % 10 === 9) await pair.settle(5);
  }
  await until(pair, () => near.on('reliable').length >= count && far.on('reliable').length >= count);
  await pair.settle(50);
  for (const end of [near, far]) expect(end.on('reliable').map(numberOf)).toEqual(numbers);
}

/** Sends `count` numbered messages on each of some lanes, one every 10 ms; says which unreliable ones arrived and how long they took. */
async function sendNumbered({ pair, near, far }: Joint, count: number, onLanes: readonly Lane[]): Promise<{ number: number; lateMs: number }[]> {
  const sentAtMs: number[] = [];
  for (let number = 0; number < count; number++) {
    sentAtMs.push(pair.now());
    for (const lane of onLanes) near.link.send(lane, numbered(number), pair.now());
    await pair.settle(10);
  }
  await pair.settle(500);
  const arrived = far.received.filter((message) => message.lane === 'unreliable');
  return arrived.map(({ bytes, atMs }) => ({ number: numberOf(bytes), lateMs: atMs - (sentAtMs[numberOf(bytes)] ?? Number.NaN) }));
}

function numbered(number: number): Uint8Array {
  return Uint8Array.of(0x92, number >> 8, number & 0xff);
}

function numberOf(bytes: Uint8Array): number {
  return ((bytes[1] ?? Number.NaN) << 8) | (bytes[2] ?? Number.NaN);
}

function filled(length: number, value: number): Uint8Array {
  return new Uint8Array(length).fill(value);
}

/** Random bytes. The first is never 0xc1, the one that no msgpack value starts with: a link may keep that for itself. */
function opaque(random: Random, length: number): Uint8Array {
  const bytes = Uint8Array.from({ length }, () => random.int(256));
  if (bytes[0] === 0xc1) bytes[0] = 0xc0;
  return bytes;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function firstByteFirst(one: Uint8Array, other: Uint8Array): number {
  return (one[0] ?? 0) - (other[0] ?? 0);
}

const lanes: readonly Lane[] = ['unreliable', 'reliable'];

/** A fifth: every rule shows within a few hundred messages, and no link gives up. */
const LOSS = 0.2;
