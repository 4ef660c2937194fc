// Under which name the limits count an address: an IPv4 address by itself, an IPv6 address by its /64.
//
// One home or phone is given a /64 at least, so that it has more addresses than any table has room for; counting them one by one would count nothing.
// Invariant: never throws; what is no address is its own name.

import { isIPv4, isIPv6 } from 'node:net';

export function addressKey(address: string): string {
  // A link-local address may name its interface.
  const [plain = ''] = address.split('%');
  if (!isIPv6(plain)) return plain;
  const mapped = plain.slice(plain.lastIndexOf(':') + 1);
  if (isIPv4(mapped))
    return /^(0*:)*:?ffff:/i.test(plain) ? mapped : `${groupsOf(plain.slice(0, -mapped.length).concat('0:0')).slice(0, 4).join(':')}::/64`;
  const groups = groupsOf(plain);
  // ::ffff:a.b.c.d, in hexadecimal.
  if (groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff') {
    return groups
      .slice(6)
      .flatMap((group) => [Number.parseInt(group, 16) >>> 8, Number.parseInt(group, 16) & 0xff])
      .join('.');
  }
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/** The eight groups, without leading zeros. */
function groupsOf(address: string): string[] {
  const [before = '', after] = address.toLowerCase().split('::');
  const head = before.split(':').filter((group) => group !== '');
  const tail = (after ?? '').split(':').filter((group) => group !== '');
  const zeros = after === undefined ? 0 : 8 - head.length - tail.length;
  return [...head, ...Array<string>(Math.max(0, zeros)).fill('0'), ...tail].map((group) => group.replace(/^0+(?=.)/, ''));
}
