// The meter with packets that no correct server sends, and the report's version. What it measures of a real room is tested in test/panel.

import { readFileSync } from 'node:fs';
import { type Link, type LinkHandler, limits } from '@tickwire/shared';
import { BitWriter, emptySnapshotHead, messageKind, type Sequence, writeFrame, writeSnapshotHead } from '@tickwire/shared/internal';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LinkMeter } from './link-meter.ts';
import { version } from './report.ts';

function stage() {
  let inner: LinkHandler | undefined;
  const real: Link = {
    kind: 'memory',
    listen: (handler) => {
      inner = handler;
    },
    send: () => true,
    backlog: () => 0,
    maxBytes: () => limits.packetBytes,
    close: () => {},
  };
  const meter = new LinkMeter(60, () => 0);
  const link = meter.join(real);
  const passed: Uint8Array[] = [];
  link.listen({ opened() {}, received: (_lane, bytes) => passed.push(bytes), closed() {} });
  return { meter, link, passed, come: (bytes: Uint8Array, now: number) => inner?.received('unreliable', bytes, now) };
}

function packet(sequence: number): Uint8Array {
  const body = new BitWriter(64);
  writeSnapshotHead(body, { ...emptySnapshotHead(), sequence: sequence as Sequence, tick: sequence * 3, leads: true });
  const bytes = new Uint8Array(80);
  return bytes.slice(0, writeFrame(bytes, messageKind.snapshot, body.bytes.slice(0, body.end())));
}

test('[PL2] no packet throws, whatever is in it, and each is passed on as it is', () => {
  const { meter, link, passed, come } = stage();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(0x92, 0x93, 0xc1), fc.integer({ min: 0, max: 3 }), (tail, first, kind) => {
      const bytes = Uint8Array.from([first, kind, 0xc4, Math.max(0, tail.length - 1), ...tail]);
      const before = passed.length;
      come(bytes, 5);
      expect(passed.slice(before)).toEqual([bytes]);
      expect(link.send('unreliable', bytes, 6)).toBe(true);
    }),
    { numRuns: 500 },
  );
  for (const value of [meter.received, meter.gaps, meter.doubled, meter.upSeen, meter.roundTrips]) expect(value).toBeGreaterThanOrEqual(0);
});

test('[PL2] gaps are losses until what is missing comes, what comes twice counts once, and sequences wrap', () => {
  const { meter, come } = stage();
  for (const sequence of [65_533, 65_534, 1, 0, 1, 2, 65_535, 5, 4]) come(packet(sequence & 0xffff), 10);
  expect({ received: meter.received, lost: meter.lost, gaps: meter.gaps, doubled: meter.doubled, overtaken: meter.overtaken }).toEqual({
    received: 8,
    lost: 1,
    gaps: 2,
    doubled: 1,
    overtaken: 3,
  });
});

test('[PL7] the version in the report is that of the package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string };
  expect(version).toBe(manifest.version);
});
