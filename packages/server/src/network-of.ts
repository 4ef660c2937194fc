// Under which name the limits count a network address: an IPv4 address by itself, an IPv6 address by its /64.
//
// One home or phone is given a /64 at least, and could fill any table with addresses of it. Invariant: never throws; what is no address is its own name.

/** The part of an address that one machine cannot choose: of IPv6 the first four groups. */
export function networkOf(address: string): string {
  // A link-local address may name its interface.
  const [plain = ''] = address.toLowerCase().split('%');
  if (!plain.includes(':')) return plain;
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(plain);
  const groups = groupsOf(dotted ? `${dotted[1]}${hex(dotted[2], dotted[3])}:${hex(dotted[4], dotted[5])}` : plain);
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return groups.slice(0, 4).join(':');
  // An IPv4 address, as a socket for both kinds writes it.
  return groups
    .slice(6)
    .map((group) => Number.parseInt(group, 16))
    .flatMap((pair) => [pair >>> 8, pair & 0xff])
    .join('.');
}

/** The groups that `::` stands for written out, without leading zeros. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const first = head.split(':').filter((group) => group !== '');
  const last = (tail ?? '').split(':').filter((group) => group !== '');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  return [...first, ...Array<string>(zeros).fill('0'), ...last].map((group) => group.replace(/^0+(?=.)/, ''));
}

/** Two bytes of a dotted address as a group. */
function hex(high = '0', low = '0'): string {
  return (Number(high) * 256 + Number(low)).toString(16);
}
