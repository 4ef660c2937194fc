// The SDP texts that cross the gate: what a browser may answer, and what of ours it gets to see.
//
// Invariant: only one application section, no candidates and a few kilobytes reach the native parser. Without the peer's candidates the server
// learns its address from the peer's own checks, and nobody can make it send checks to an address of their choice or resolve their host names.

import { isIPv6 } from 'node:net';
import type { Advertised } from '../advertised.ts';

/** Reads the body of an answer; null when it is not one. Never throws. */
export function readAnswer(body: string): string | null {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('sdp' in value) || !('type' in value)) return null;
  const { sdp, type } = value;
  if (type !== 'answer' || typeof sdp !== 'string' || sdp.length > ANSWER_BYTES || !sdp.startsWith('v=0')) return null;
  const lines = withoutCandidates(sdp)
    .split('\r\n')
    .filter((line) => line !== '');
  const sections = lines.filter((line) => line.startsWith('m='));
  if (sections.length !== 1 || !sections[0]?.startsWith('m=application ')) return null;
  if (!ANSWER_NEEDS.every((prefix) => lines.some((line) => line.startsWith(prefix)))) return null;
  return `${lines.join('\r\n')}\r\n`;
}

export function withoutCandidates(sdp: string): string {
  return sdp
    .split(/\r?\n/)
    .filter((line) => !/^a=(candidate:|end-of-candidates)/.test(line))
    .join('\r\n');
}

/**
 * Candidate lines as clients should see them: host candidates get the advertised address of their version of IP, for a server behind a NAT or in a
 * container. Where there is one, the addresses of the machine itself are told to nobody, and several interfaces become one candidate.
 */
export function advertiseCandidates(lines: readonly string[], advertised: Advertised | undefined): string[] {
  if (advertised === undefined) return [...lines];
  const told = new Set<string>();
  return lines.flatMap((line) => {
    const [, before, address = '', port, after] = HOST_CANDIDATE.exec(line) ?? [];
    if (before === undefined) return [line];
    const other = isIPv6(address) ? advertised.ipv6 : advertised.ipv4;
    const place = `${other} ${port}`;
    if (other === undefined || told.has(place)) return [];
    told.add(place);
    return [`${before}${place}${after}`];
  });
}

/** The same for every candidate line of an offer, and for the address that stands in it for peers without ICE: there are none. */
export function advertiseDescription(sdp: string, advertised: Advertised | undefined): string {
  return advertiseCandidates(withoutDefaultAddress(sdp).split('\r\n'), advertised).join('\r\n');
}

/** As in an offer whose candidates come later. libdatachannel writes an address of the machine there, whichever it finds first. */
export function withoutDefaultAddress(sdp: string): string {
  return sdp.replace(/^c=IN [^\r\n]*/gm, 'c=IN IP4 0.0.0.0').replace(/^m=application \d+ /gm, 'm=application 9 ');
}

/** candidate:foundation component protocol priority ADDRESS PORT typ host */
const HOST_CANDIDATE = /^((?:a=)?candidate:\S+ \d+ \S+ \d+ )(\S+) (\d+)( typ host.*)/;

const ANSWER_NEEDS = ['a=ice-ufrag:', 'a=ice-pwd:', 'a=fingerprint:'];

/** Chromium's answers are about 600 bytes. */
export const ANSWER_BYTES = 8192;
