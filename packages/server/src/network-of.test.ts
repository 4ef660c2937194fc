import fc from 'fast-check';
import { expect, test } from 'vitest';
import { networkOf } from './network-of.ts';

test('[HO6] an IPv4 address counts by itself, also when it is written as an IPv6 address; an IPv6 address counts by its /64', () => {
  expect(networkOf('203.0.113.9')).toBe('203.0.113.9');
  expect(['::ffff:203.0.113.9', '::FFFF:cb00:7109', '0:0:0:0:0:ffff:203.0.113.9'].map(networkOf)).toEqual(Array(3).fill('203.0.113.9'));
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2');
  expect(networkOf('2001:0db8:0001:0002::1')).toBe('2001:db8:1:2');
  expect(networkOf('2001:db8::7')).toBe('2001:db8:0:0');
  expect(networkOf('64:ff9b::203.0.113.9')).toBe('64:ff9b:0:0');
  expect([networkOf('::1'), networkOf('fe80::1%eth0'), networkOf('')]).toEqual(['0:0:0:0', 'fe80:0:0:0', '']);
});

test('[HO6] all addresses of one /64 count together, and no two /64 do', () => {
  fc.assert(
    fc.property(fc.ipV6(), fc.ipV6(), (one, other) => {
      const first64 = (address: string): string => networkOf(address);
      // A URL writes an address in its one shortest form.
      const shortest = (address: string): string => new URL(`http://[${address}]`).hostname;
      expect(first64(one)).toBe(first64(shortest(one).slice(1, -1)));
      if (shortest(one) === shortest(other)) expect(first64(one)).toBe(first64(other));
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0x1000, max: 0xfffe }), { minLength: 8, maxLength: 8 }), fc.nat(7), (groups, index) => {
      const text = groups.map((group) => group.toString(16));
      const changed = text.with(index, 'ffff').join(':');
      expect(networkOf(changed) === networkOf(text.join(':'))).toBe(index >= 4);
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => typeof networkOf(text) === 'string'));
});
