import { describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import { BadNetwork } from './bad-network.ts';
import { networkProfiles } from './network-profile.ts';

describe('The buffers of a BadNetwork', () => {
  it('[ME5] a buffer carries the next message of its length once deliver has returned, and no message is overwritten on its way', () => {
    const network = new BadNetwork(16, networkProfiles.everything);
    const random = new Random(16);
    const buffers = new Set<Uint8Array>();
    let [arrived, wrong] = [0, 0];
    for (let number = 0; number < 5000; number++) {
      const bytes = new Uint8Array(2 + random.int(4)).fill(number & 0xff);
      bytes[1] = number >> 8;
      for (const lane of ['unreliable', 'reliable'] as const) network.send(lane, bytes, number);
      network.drain(number, (_lane, { length }) => network.send('unreliable', new Uint8Array(length).fill(1), number));
      network.drain(number + 0.5, (_lane, got) => {
        arrived++;
        buffers.add(got);
        const expected = got[0] as number;
        for (let index = 2; index < got.length; index++) if (got[index] !== expected) wrong++;
        got.fill(got[0] === 1 ? 2 : 1); // a receiver may write into what it was lent
      });
    }
    expect(wrong).toBe(0);
    expect(arrived).toBeGreaterThan(500);
    expect(buffers.size).toBeLessThan(arrived / 2);
  });

  it('[ME5] what is kept for later messages is bounded', () => {
    const network = new BadNetwork(17, { delayMs: 1 });
    const burst = (atMs: number): Set<ArrayBufferLike> => {
      const buffers = new Set<ArrayBufferLike>();
      for (let number = 0; number < 500; number++) network.send('unreliable', new Uint8Array(1000), atMs);
      network.drain(atMs + 1, (_lane, { buffer }) => void buffers.add(buffer));
      return buffers;
    };
    const first = burst(0);
    const again = [...burst(10)].filter((buffer) => first.has(buffer));
    expect(first.size).toBe(500);
    expect(again.length).toBeGreaterThan(20);
    expect(again.length).toBeLessThan(33);
  });
});
