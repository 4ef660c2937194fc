// Which clients are so near that ICE can connect while the server is still taking in their answer.
//
// libdatachannel 0.24 then checks the certificate before it has stored the fingerprint, and the connection fails: 5 of 40 openings by a browser on
// the same busy machine. Such clients get no candidates with the offer, so that ICE begins after the answer, which costs them one (tiny) round trip.
// Invariant: a wrong guess costs a round trip (a client behind a proxy of this host) or brings the old odds back, never more.

import { BlockList, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Loopback, private and link-local addresses, also when they are mapped into IPv6, and those of the networks that this machine is in. */
export function isNear(address: string): boolean {
  // A link-local address may name its interface.
  const [plain = ''] = address.split('%');
  return nearAddresses.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
}

const nearAddresses = new BlockList();
nearAddresses.addSubnet('127.0.0.0', 8);
nearAddresses.addSubnet('10.0.0.0', 8);
nearAddresses.addSubnet('172.16.0.0', 12);
nearAddresses.addSubnet('192.168.0.0', 16);
nearAddresses.addSubnet('169.254.0.0', 16);
nearAddresses.addSubnet('::1', 128, 'ipv6');
nearAddresses.addSubnet('fc00::', 7, 'ipv6');
nearAddresses.addSubnet('fe80::', 10, 'ipv6');
// At home and in an office addresses of IPv6 are mostly public ones: what is near shows in the part that they share with ours.
for (const { cidr, family } of Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])) {
  const [network, prefix] = cidr?.split('/') ?? [];
  if (network !== undefined) nearAddresses.addSubnet(network, Number(prefix), family === 'IPv6' ? 'ipv6' : 'ipv4');
}
