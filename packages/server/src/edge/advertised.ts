// The address that players are told, worked out once at the start: as given, looked up, or asked from STUN servers.
//
// Invariant: at most one address of each version of IP, and never a name: browsers would have to look it up, and ICE does not wait for that.

import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { askStun } from './stun.ts';

/** What is put in place of a host candidate's address, by the version of IP that this has. */
export interface Advertised {
  readonly ipv4?: string;
  readonly ipv6?: string;
}

/** @throws Error that says what to do when an address cannot be found out. */
export async function findAdvertised(given: string | readonly string[], stunUrls: readonly string[] = PUBLIC_STUN): Promise<Advertised> {
  const found = (await Promise.all([given].flat().map((one) => (one === 'auto' ? askAll(stunUrls) : addressesOf(one))))).flat();
  const ipv4 = theOne(found.filter((address) => isIP(address) === 4));
  const ipv6 = theOne(found.filter((address) => isIP(address) === 6));
  if (ipv4 === undefined && ipv6 === undefined)
    throw new Error('advertiseAddress is empty. Leave it out, or give an address, a host name or `auto`.');
  return { ...(ipv4 === undefined ? {} : { ipv4 }), ...(ipv6 === undefined ? {} : { ipv6 }) };
}

async function askAll(stunUrls: readonly string[]): Promise<string[]> {
  const seen = await askStun(stunUrls);
  if (seen.length > 0) return seen;
  throw new Error(
    `advertiseAddress 'auto': no STUN server answered (${stunUrls.join(', ')}). Let UDP out, or name reachable ones in stunUrls, or set advertiseAddress to the address itself.`,
  );
}

async function addressesOf(name: string): Promise<string[]> {
  if (isIP(name) !== 0) return [name];
  const found = await lookup(name, { all: true }).catch(() => []);
  if (found.length === 0) throw new Error(`advertiseAddress '${name}' is no address, and no host of that name was found.`);
  // A name has several addresses when several machines share it; which of them is this one, nobody can tell.
  return found.map(({ address }) => address);
}

function theOne(addresses: readonly string[]): string | undefined {
  const distinct = [...new Set(addresses)];
  if (distinct.length <= 1) return distinct[0];
  throw new Error(
    `advertiseAddress: there are several (${distinct.join(', ')}), and clients can be told one of each IP version. Set it to the right one.`,
  );
}

const PUBLIC_STUN = ['stun:stun.l.google.com:19302', 'stun:stun.cloudflare.com:3478'];
