// Codes for saying aloud, and the limit on guessing them.

import { limits } from '@tickwire/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GuessLimit } from './guess-limit.ts';
import { networkOf } from './network-of.ts';
import { codeLetters, makeRoomCode, readRoomCode } from './room-code.ts';

describe('Room codes', () => {
  it('[MM6] a code is six of sixteen characters, none of which is a vowel or looks like another of them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (random) => {
        const code = makeRoomCode(random);
        expect(code).toMatch(/^[256789CDFHJMPRWX]{6}$/);
        expect(code).not.toMatch(/[AEIOUY0134]/);
        for (const alike of ['B8', 'G6', 'S5', 'Z2', 'UV', 'O0Q', 'I1L']) {
          expect([...alike].filter((letter) => codeLetters.includes(letter)).length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('[MM6] every code is as likely as any other: 24 bits make 16.7 million of them, each once', () => {
    const seen = new Set<string>();
    // All of the low 16 bits with a fixed rest, then the rest alone: each bit decides.
    for (let low = 0; low < 65_536; low++) seen.add(makeRoomCode(low));
    for (let high = 1; high < 256; high++) seen.add(makeRoomCode((high << 16) >>> 0));
    expect(seen.size).toBe(65_536 + 255);
    expect(makeRoomCode(2 ** 24 + 5)).toBe(makeRoomCode(5));
  });

  it('[MM6] a code is read however people type it', () => {
    const noise = fc.stringMatching(/^[ \t\-–—_.]{0,3}$/);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.array(fc.tuple(noise, fc.boolean()), { minLength: 7, maxLength: 7 }),
        (random, typing) => {
          const code = makeRoomCode(random);
          const typed = typing.map(([between, isLower], at) => between + (isLower ? (code[at] ?? '').toLowerCase() : (code[at] ?? ''))).join('');
          expect(readRoomCode(typed)).toBe(code);
        },
      ),
    );
  });

  it('[MM6] whatever else is typed is no code', () => {
    for (const wrong of ['', 'CD59H', 'CD59HXX', 'CD59HA', 'CD59H0', 'CD59H!', ' '.repeat(100_000), 'ß'.repeat(6), 'x\u0000x2222']) {
      expect(readRoomCode(wrong), wrong.slice(0, 20)).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.string(), (typed) => {
        const code = readRoomCode(typed);
        if (code !== undefined) expect(code).toMatch(/^[256789CDFHJMPRWX]{6}$/);
      }),
    );
  });
});

describe('GuessLimit', () => {
  it('[MM8] an address has ten wrong codes in a minute, and a new count after it', () => {
    const guesses = new GuessLimit();
    for (let count = 0; count < limits.wrongCodesPerMinute; count++) {
      expect(guesses.allows('10.0.0.1', 1000 + count)).toBe(true);
      guesses.add('10.0.0.1', 1000 + count);
    }
    expect([guesses.allows('10.0.0.1', 60_999), guesses.allows('10.0.0.2', 60_999)]).toEqual([false, true]);
    expect(guesses.allows('10.0.0.1', 61_000)).toBe(true);
    guesses.add('10.0.0.1', 61_000);
    expect(guesses.allows('10.0.0.1', 61_000)).toBe(true);
  });

  it('[MM8] the addresses of one /64 of IPv6 are one, and an IPv4 address is itself in either form', () => {
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe(networkOf('2001:DB8:1:2::9'));
    expect(networkOf('2001:db8:1:2::1')).not.toBe(networkOf('2001:db8:1:3::1'));
    expect(networkOf('fe80::1')).toBe('fe80:0:0:0');
    expect(networkOf('::1')).toBe(networkOf('::2'));
    expect(networkOf('::ffff:10.1.2.3')).toBe(networkOf('10.1.2.3'));
    expect(networkOf('')).toBe('');
  });

  it('[MM8] memory is bounded, whoever asks', () => {
    const guesses = new GuessLimit();
    for (let address = 0; address < limits.addressesWatched + 500; address++) guesses.add(`a${address}`, address);
    expect(guesses.size).toBe(limits.addressesWatched);
  });
});
