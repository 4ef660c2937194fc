// The kinds of NAT that a home router can be, as nftables rules.
//
// `full-cone`: one outside port for each inside one, and everybody may send to it. The rules hand every UDP packet from outside to the one client.
// `port-restricted`: one outside port for each inside one (Linux keeps the number while it is free), open to whom the client has sent to. Most homes.
// `symmetric`: another outside port for each address that is sent to. Offices, mobile networks.
// A kind between the first two, open to all ports of an address that was sent to, is one that Linux has no rules for.

export type NatKind = 'none' | 'full-cone' | 'port-restricted' | 'symmetric';

/** In which versions of IP no UDP passes. */
export type UdpBlocked = 'none' | 'ipv4' | 'all';

export const natKinds: readonly NatKind[] = ['none', 'full-cone', 'port-restricted', 'symmetric'];

/** The rules of the client's router: `lan` is the inside, `link0` the outside. */
export function filtersOf(nat: NatKind, clientAddress: string, udpBlocked: UdpBlocked): string {
  const tables: string[] = [];
  if (nat !== 'none') {
    const inbound = nat === 'full-cone' ? `iifname "link0" meta l4proto udp dnat to ${clientAddress}` : '';
    tables.push(`table ip nat {
      chain in { type nat hook prerouting priority -100; ${inbound}; }
      chain out { type nat hook postrouting priority 100; oifname "link0" masquerade ${nat === 'symmetric' ? 'fully-random' : ''}; }
    }`);
  }
  if (udpBlocked !== 'none')
    tables.push(
      `table ${udpBlocked === 'all' ? 'inet' : 'ip'} block { chain forward { type filter hook forward priority 0; meta l4proto udp drop; }; }`,
    );
  return tables.join('\n');
}
