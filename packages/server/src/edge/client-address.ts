// The address of the client behind an upgrade request, which Fastify does not see: as Fastify's own `request.ip` for the same `trustProxy`.
//
// The rightmost address that is not one of our proxies: what stands left of it in X-Forwarded-For was written by the client, or by whoever it says it is.
// Invariant: without `trustProxy` the header is not read.

import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';

export type TrustProxy = boolean | string | string[];

export function clientAddress(trustProxy: TrustProxy): (request: IncomingMessage) => string {
  const isTrusted = trustOf(trustProxy);
  return (request) => {
    const socketAddress = request.socket.remoteAddress ?? '';
    if (trustProxy === false) return socketAddress;
    const forwarded = [request.headers['x-forwarded-for'] ?? ''].flat().join(',').split(',');
    const chain = [...forwarded.map((address) => address.trim()).filter((address) => address !== ''), socketAddress];
    for (let at = chain.length - 1; at > 0; at--) if (!isTrusted(chain[at] as string)) return chain[at] as string;
    return chain[0] as string;
  };
}

function trustOf(trustProxy: TrustProxy): (address: string) => boolean {
  if (typeof trustProxy === 'boolean') return () => trustProxy;
  const list = new BlockList();
  const parts = [trustProxy].flat().flatMap((part) => part.split(','));
  for (const part of parts.flatMap((name) => namedRanges[name.trim()] ?? name.trim())) {
    const [address = '', bits] = part.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  }
  return (address) => {
    try {
      return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
    } catch {
      return false;
    }
  };
}

/** As Fastify names them. */
const namedRanges: { readonly [name: string]: readonly string[] } = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};
